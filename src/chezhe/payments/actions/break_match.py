"""What was joined is not the same money after all."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from chezhe.kernel import events, locks, moves
from chezhe.kernel.action import action
from chezhe.kernel.actor import Actor
from chezhe.kernel.errors import Invalid
from chezhe.payments import permissions
from chezhe.payments.models import Tally
from chezhe.payments.reconciliation import matching


@action(permissions.RECONCILE, label=_("拆开勾对"))
def break_match(*, tally_number: str, reason: str, by: Actor) -> Tally:
    """Undo a join, for a reason: what each side said is open again. Raises NothingJoined (409), Invalid (422) without a reason."""
    locks.hold("payments.reconcile")
    tally = Tally.objects.visible_to(by).lock(tally_number)
    if not reason.strip():
        raise Invalid(field="reason", code="reason_missing", sentence=_("请写明为何拆开。"))
    made = matching.part(tally)
    moves.record(tally.subject, "break_match", tally.status, tally.status, by=by, reason=reason.strip()[:200])
    events.publish("tally.parted", tally.subject, {"number": tally.number, "parts": [part.number for part in made]})
    return tally
