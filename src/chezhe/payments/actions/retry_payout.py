"""Send a failed payout again."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from chezhe.kernel import moves
from chezhe.kernel.action import action
from chezhe.kernel.actor import Actor
from chezhe.kernel.errors import Invalid
from chezhe.payments import guards, permissions, steps
from chezhe.payments.models import Payout
from chezhe.payments.states import PAYOUT


@action(permissions.RETRY_PAYOUT)
def retry_payout(*, payout_number: str, reason: str, by: Actor) -> Payout:
    """Order the same payout once more under a new bank reference, after its reason for failing is gone.

    Raises what the room that ordered it says, where the money must not leave any more.
    """
    named = Payout.objects.visible_to(by).fetch(payout_number)
    PAYOUT.require(named.status, "retry")
    guards.require_let_go(named.reference, by=by)
    payout = Payout.objects.lock(payout_number)
    PAYOUT.require(payout.status, "retry")
    if not reason.strip():
        raise Invalid(field="reason", code="reason_missing", sentence=_("请写明失败原因如何排除。"))
    payout.attempt += 1
    payout.failure_code, payout.bank_serial = "", ""
    payout.acknowledged_at = payout.settled_at = payout.sent_at = None
    payout.save(update_fields=["attempt", "failure_code", "bank_serial", "acknowledged_at", "settled_at", "sent_at"])
    moves.move(payout, PAYOUT, "retry", by=by, reason=reason)
    steps.let_leave(payout)
    return payout
