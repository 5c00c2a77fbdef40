"""The borrower pays."""

from __future__ import annotations

from chezhe.kernel import business_date
from chezhe.kernel.action import action
from chezhe.kernel.actor import Actor
from chezhe.servicing import permissions, queries, steps
from chezhe.servicing.models import Loan, LoanEvent
from chezhe.servicing.receipts import CounterReceipt
from chezhe.servicing.states import LOAN


@action(permissions.RECORD_REPAYMENT)
def record_repayment(*, loan_number: str, receipt: CounterReceipt, by: Actor) -> LoanEvent:
    """Take in a payment and spread it in the contract's order; a late-found one is replayed from its own day."""
    loan = Loan.objects.visible_to(by).lock(loan_number)
    today = business_date.current()
    receipt.require_complete()
    standing = steps.standing_receipt(receipt.money.reference)
    if standing is None:
        LOAN.require(loan.status, "repay")
    queries.require_day(loan, receipt.paid_on, today)
    return steps.take_in(loan, receipt.money, today=today, by=by)
