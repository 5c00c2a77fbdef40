"""The borrower settles early, or a written-off claim is recovered in full."""

from __future__ import annotations

from chezhe.kernel import business_date
from chezhe.kernel.action import action
from chezhe.kernel.actor import Actor
from chezhe.servicing import counter, judging, permissions, steps
from chezhe.servicing.models import Loan, LoanEvent
from chezhe.servicing.receipts import CounterReceipt


@action(permissions.SETTLE)
def settle_loan(*, loan_number: str, receipt: CounterReceipt, by: Actor) -> LoanEvent:
    """Close the loan for exactly the payoff of the day on which the money came, and ask for the mortgage's release. A day that has
    passed is lived again; the difference is posted today."""
    counter.hold(receipt)
    loan = Loan.objects.visible_to(by).lock(loan_number)
    today = business_date.current()
    return steps.take_in(loan, judging.settlement(loan, receipt, today), today=today, by=by)
