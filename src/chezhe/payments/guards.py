"""Whether the room that ordered a payout still lets it go when it is to be sent once more.

Payments knows no contracts: the room that owns a kind of reference says here what has to hold.
"""

from __future__ import annotations

from collections.abc import Callable

from chezhe.kernel.actor import Actor

Guard = Callable[[str, Actor], None]
_guards: dict[str, Guard] = {}


def register(kind: str, guard: Guard) -> None:
    """`guard(rest of the reference, by)` raises a BusinessError where the money must not leave. Call it in `AppConfig.ready`."""
    _guards[kind] = guard


def require_let_go(reference: str, *, by: Actor) -> None:
    """Ask whoever ordered it ("disbursement:DB26-….1"); a kind without a guard may go."""
    kind, _colon, rest = reference.partition(":")
    if kind in _guards:
        _guards[kind](rest, by)
