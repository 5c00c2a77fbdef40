"""A payout will not be made."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from chezhe.contracts import permissions
from chezhe.contracts.models import Disbursement
from chezhe.contracts.states import DISBURSEMENT
from chezhe.kernel import moves
from chezhe.kernel.action import action
from chezhe.kernel.actor import Actor
from chezhe.kernel.errors import Invalid
from chezhe.payments import steps as payment_steps


@action(permissions.PREPARE_DISBURSEMENT, label=_("取消放款"))
def cancel_disbursement(*, disbursement_number: str, reason: str, by: Actor) -> Disbursement:
    """Give up a payout that has not been checked, or that the bank has refused. Raises WrongState (409)."""
    disbursement = Disbursement.objects.visible_to(by).lock(disbursement_number)
    DISBURSEMENT.require(disbursement.status, "cancel")
    if not reason.strip():
        raise Invalid(field="reason", code="reason_missing", sentence=_("请写明取消原因。"))
    if disbursement.status == "failed":
        payment_steps.abandon_payout(reference=disbursement.reference, reason=reason, by=by)
    moves.move(disbursement, DISBURSEMENT, "cancel", by=by, reason=reason)
    return disbursement
