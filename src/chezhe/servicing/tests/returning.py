"""Payouts that come back, for the tests of this room."""

from __future__ import annotations

from chezhe.contracts.models import Disbursement, Leg
from chezhe.kernel import business_date, clock, events
from chezhe.kernel.actor import SYSTEM
from chezhe.ledger import steps as ledger_steps
from chezhe.payments import postings as payment_postings
from chezhe.servicing.actions.hold_loan import hold_loan
from chezhe.servicing.models import Loan
from chezhe.servicing.tests.lending import START, Bank


def paid_out(loan: Loan) -> Disbursement:
    """The payout behind a loan that the tests began by hand, and what payments books of it."""
    contract = loan.contract
    made = Disbursement.objects.create(
        number=f"DB26-{loan.pk:06d}-X", contract=contract, amount=loan.principal, account=contract.account, status="paid", paid_on=START,
        prepared_at=clock.now(), prepared_by_name="付")
    Leg.objects.create(disbursement=made, place=1, status="paid", amount=loan.principal, paid_on=START)
    ledger_steps.post(
        event="payout_paid", reference=f"payout-paid:{made.number}", on=START, branch_id=loan.branch_id, by=SYSTEM,
        transfers=payment_postings.payout_paid(loan.principal, f"payout:{made.number}"))
    return made


def came_back(bank: Bank, loan: Loan, reference: str = "1") -> Loan:
    """The bank sends all of it back, and the loan hears of it."""
    made = Disbursement.objects.filter(contract=loan.contract).first() or paid_out(loan)
    Leg.objects.filter(disbursement=made).update(status="returned", failure_code="RETURNED_BY_PAYEE_BANK")
    Disbursement.objects.filter(pk=made.pk).update(status="returned")
    ledger_steps.post(
        event="payout_returned", reference=f"payout-returned:{made.number}:{reference}", on=business_date.current(), by=SYSTEM,
        branch_id=loan.branch_id, transfers=payment_postings.payout_returned(loan.principal, f"payout:{made.number}"))
    hold_loan(contract_number=loan.contract.number, is_effective=True, reference=reference, reason="RETURNED_BY_PAYEE_BANK", by=SYSTEM)
    events.deliver_all()
    loan.refresh_from_db()
    return loan
