"""The borrower pays the fees that are due before the money leaves."""

from __future__ import annotations

from datetime import date

from chezhe.contracts import permissions
from chezhe.contracts.costs import postings, receiving
from chezhe.contracts.costs.models import FeeReceipt
from chezhe.contracts.costs.receiving import Payment
from chezhe.contracts.models import Contract
from chezhe.kernel import clock, events
from chezhe.kernel.action import action
from chezhe.kernel.actor import Actor
from chezhe.ledger import steps as ledger_steps


@action(permissions.RECEIVE_FEE)
def receive_upfront_fee(*, contract_number: str, payment: Payment, business_date: date, by: Actor) -> FeeReceipt:
    """Book fees of the confirmed cost sheet, each whole and once: our own as income, those of others as held for them.

    Raises what `receiving.judge` raises, or ReferenceTaken (409) for a slip that stands in the books for other money.
    """
    contract = Contract.objects.visible_to(by).lock(contract_number)
    judged = receiving.judge(contract, payment, business_date)
    entry = ledger_steps.post(
        event=postings.EVENT, reference=judged.reference, transfers=judged.transfers, on=business_date, branch_id=contract.branch_id,
        memo=contract.number, by=by,
    )
    receipt = FeeReceipt.objects.create(
        contract=contract, codes=list(dict.fromkeys(payment.codes)), amount=payment.amount, paid_on=payment.paid_on,
        channel=payment.channel, reference=payment.reference.strip(), entry=entry, received_at=clock.now(), received_by_name=by.name,
    )
    events.publish("contract.fee_received", contract.subject, {"number": contract.number, "amount_fen": payment.amount.fen})
    return receipt
