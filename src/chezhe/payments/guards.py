"""Whether the room that ordered a payout still lets it go when it is to be sent, or sent once more; and whether a customer may sign now.

Payments knows no contracts: the room that owns a kind of reference says here what has to hold.
"""

from __future__ import annotations

from collections.abc import Callable

from django.utils.translation import gettext_lazy as _

from chezhe.kernel.actor import Actor
from chezhe.kernel.errors import BusinessError

Guard = Callable[[str, Actor], None]
_guards: dict[str, Guard] = {}


class NobodyAnswers(BusinessError):
    code = "payout_without_guard"
    sentence = _("“%(reference)s”没有业务负责确认，不能办理。")


def register(kind: str, guard: Guard) -> None:
    """`guard(rest of the reference, by)` raises a BusinessError where the money must not leave, or nothing be signed. Call it in
    `AppConfig.ready`."""
    _guards[kind] = guard


def require_let_go(reference: str, *, by: Actor) -> None:
    """Ask whoever ordered it ("disbursement:DB26-….1"), or knows who must sign nothing ("mandate:C26-…").
    Raises NobodyAnswers (409) for a kind without a guard, or what the guard says."""
    kind, _colon, rest = reference.partition(":")
    if kind not in _guards:
        raise NobodyAnswers(reference=reference)
    _guards[kind](rest, by)


def lets_go(reference: str, *, by: Actor) -> bool:
    """`require_let_go` as an answer. Ask before the payout is locked: a guard locks what stands above it."""
    try:
        require_let_go(reference, by=by)
    except BusinessError:
        return False
    return True
