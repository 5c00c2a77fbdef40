"""The way back to whoever asked for a debit: right before an order leaves, what it claims is read anew."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from chezhe.finmath.money import Money

StillOwed = Callable[[list[str]], dict[str, Money]]
_asked: list[StillOwed] = []


def register(still_owed: StillOwed) -> None:
    """The room above says what is owed now under each of its claims; a claim that is left out is to be collected no more."""
    if still_owed not in _asked:
        _asked.append(still_owed)


def owed_now(claims: Iterable[str]) -> dict[str, Money]:
    """What each claim still amounts to."""
    wanted = sorted(set(claims))
    return {claim: owed for ask in _asked for claim, owed in ask(wanted).items()}
