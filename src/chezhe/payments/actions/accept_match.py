"""Two things on different sides are the same money."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from chezhe.kernel import events, locks, moves
from chezhe.kernel.action import action
from chezhe.kernel.actor import Actor
from chezhe.kernel.errors import Invalid
from chezhe.payments import permissions
from chezhe.payments.models import Tally
from chezhe.payments.reconciliation import matching, proposing


@action(permissions.RECONCILE, label=_("勾对"))
def accept_match(*, first_number: str, second_number: str, reason: str = "", by: Actor) -> Tally:
    """Join two tallies: as suggested, with the confidence and what spoke for it, or by hand, for a reason that stays with it.

    Raises SameTally (422), AccountsDiffer (409), and Invalid (422) without a reason when nothing suggests it.
    """
    locks.hold("payments.reconcile")
    first, second = (Tally.objects.visible_to(by).lock(number) for number in (first_number, second_number))
    said = proposing.offer_between(first, second)
    if said is None and not reason.strip():
        raise Invalid(field="reason", code="reason_missing", sentence=_("系统没有建议这两项勾对，请写明依据。"))
    joined = matching.join(
        first, second, how="accepted" if said else "by_hand", confidence=said.confidence if said else None,
        reasons=[[r.code, r.points, r.given] for r in said.reasons] if said else [], by=by,
    )
    moves.record(joined.subject, "match", joined.status, joined.status, by=by, reason=reason.strip()[:200])
    events.publish("tally.matched", joined.subject, {"number": joined.number, "kind": joined.kind})
    return joined
