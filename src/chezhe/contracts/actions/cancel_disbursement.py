"""A payout will not be made."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from chezhe.contracts import permissions
from chezhe.contracts.models import Contract, Disbursement
from chezhe.contracts.paying import steps as paying_steps
from chezhe.contracts.paying.errors import MoneyIsOut
from chezhe.contracts.paying.states import LEG
from chezhe.contracts.states import DISBURSEMENT
from chezhe.kernel import moves
from chezhe.kernel.action import action
from chezhe.kernel.actor import Actor
from chezhe.kernel.errors import Invalid
from chezhe.payments import steps as payment_steps


@action(permissions.PREPARE_DISBURSEMENT, label=_("取消放款"))
def cancel_disbursement(*, disbursement_number: str, reason: str, by: Actor) -> Disbursement:
    """Give up a payout that has not been checked, or that the bank has refused. Raises MoneyIsOut or WrongState (409)."""
    named = Disbursement.objects.visible_to(by).fetch(disbursement_number)
    contract = Contract.objects.lock(named.contract.number)
    disbursement = Disbursement.objects.visible_to(by).lock(disbursement_number)
    DISBURSEMENT.require(disbursement.status, "cancel")
    if not reason.strip():
        raise Invalid(field="reason", code="reason_missing", sentence=_("请写明取消原因。"))
    legs = paying_steps.legs_of(disbursement)
    if contract.effective_on is not None or not all(LEG.allows(leg.status, "cancel") for leg in legs):
        raise MoneyIsOut(number=disbursement.number)
    for leg in legs:
        if leg.status == "failed":
            payment_steps.abandon_payout(reference=leg.reference, reason=reason, by=by)
        moves.move(leg, LEG, "cancel", by=by, reason=reason)
    moves.move(disbursement, DISBURSEMENT, "cancel", by=by, reason=reason)
    return disbursement
