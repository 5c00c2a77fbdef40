"""The whole life of a loan again, from everything that came in."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from chezhe.finmath.terms import TermsError
from chezhe.servicing.position.changes import Incoming
from chezhe.servicing.position.changing import change
from chezhe.servicing.position.days import advance
from chezhe.servicing.position.effects import Effect
from chezhe.servicing.position.money import close, payoff, receive
from chezhe.servicing.position.replanning import prepay
from chezhe.servicing.position.values import Position


def fold(start: Position, incoming: Iterable[Incoming], to: date) -> tuple[Position, list[Effect]]:
    """The whole life again: everything that came in, in the order of its value dates, then on to `to`.

    A settlement that no longer meets the payoff (money before it was taken back), or a prepayment that is no longer
    possible, counts as an ordinary receipt; one that more than meets it still settles.
    """
    position = start
    effects: list[Effect] = []
    for money in sorted(incoming, key=lambda money: money.on):
        ready, fallen = advance(position, money.on)
        position, more = take(ready, money)
        effects += [*fallen, *more]
    position, more = advance(position, max(to, position.as_of))
    return position, [*effects, *more]


def take(ready: Position, money: Incoming) -> tuple[Position, list[Effect]]:
    """One arrival on a position that stands on its day, by what it is."""
    if money.change is not None:
        return change(ready, money)
    if money.settles and not ready.written_off_on and money.amount_fen >= _still_to_pay(ready):
        return close(ready, money.amount_fen, money.on, money.source)
    if money.prepays is not None:
        try:
            return prepay(ready, money.amount_fen, money.on, money.source, money.prepays)
        except TermsError:
            return receive(ready, money.amount_fen, money.on, money.source, money.kind)
    return receive(ready, money.amount_fen, money.on, money.source, money.kind)


def _still_to_pay(position: Position) -> int:
    total = payoff(position, position.as_of).total_fen
    return total - min(total, position.unapplied_fen)
