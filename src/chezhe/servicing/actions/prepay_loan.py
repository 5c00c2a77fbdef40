"""The borrower pays part of the principal before it falls due."""

from __future__ import annotations

from chezhe.kernel import business_date
from chezhe.kernel.action import action
from chezhe.kernel.actor import Actor
from chezhe.servicing import counter, judging, permissions, steps
from chezhe.servicing.models import Loan, LoanEvent
from chezhe.servicing.receipts import CounterReceipt


@action(permissions.PREPAY)
def prepay_loan(*, loan_number: str, receipt: CounterReceipt, by: Actor) -> LoanEvent:
    """Take principal before it is due and plan the rest anew: a smaller instalment, or fewer of them. Money of a day that has passed
    counts from that day; the difference is posted today."""
    counter.hold(receipt)
    loan = Loan.objects.visible_to(by).lock(loan_number)
    today = business_date.current()
    return steps.take_in(loan, judging.prepayment(loan, receipt, today), today=today, by=by)
