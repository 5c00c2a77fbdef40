"""Up-front fees go back to the borrower, or were never received."""

from __future__ import annotations

from datetime import date

from django.utils.translation import gettext_lazy as _

from chezhe.contracts import permissions
from chezhe.contracts.costs import queries, receiving
from chezhe.contracts.costs.models import FeeReturn
from chezhe.contracts.models import Contract
from chezhe.kernel import events
from chezhe.kernel.action import action
from chezhe.kernel.actor import Actor
from chezhe.kernel.errors import Invalid
from chezhe.ledger import steps as ledger_steps

REASON_MAX = 200


@action(permissions.RETURN_FEE)
def return_upfront_fee(*, contract_number: str, entry_number: str, reason: str, business_date: date, by: Actor) -> FeeReturn:
    """Reverse a receipt of up-front fees; they can then be received again.

    Raises FeeReturned (409), NotFound (404), or Invalid (422) without a reason.
    """
    contract = Contract.objects.visible_to(by).lock(contract_number)
    receipt = queries.receipt(contract, entry_number)
    receiving.judge_return(receipt, business_date)
    if not reason.strip():
        raise Invalid(field="reason", code="reason_missing", sentence=_("请写明退回的原因。"))
    entry = ledger_steps.reverse(reference=receipt.entry.reference, on=business_date, reason=reason, by=by)
    given_back = FeeReturn.objects.create(
        receipt=receipt, returned_on=business_date, reason=reason[:REASON_MAX], entry=entry, returned_by_name=by.name)
    events.publish("contract.fee_returned", contract.subject, {"number": contract.number, "amount_fen": receipt.amount.fen})
    return given_back
