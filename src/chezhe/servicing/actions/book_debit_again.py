"""A debit's repayment was reversed by hand, and the money is still ours to book."""

from __future__ import annotations

from chezhe.kernel.action import action
from chezhe.kernel.actor import Actor
from chezhe.servicing import permissions
from chezhe.servicing.debits import rebooking
from chezhe.servicing.debits.models import LoanDebit
from chezhe.servicing.models import Loan, LoanEvent


@action(permissions.BOOK_DEBIT_AGAIN)
def book_debit_again(*, debit_number: str, order: str, by: Actor) -> LoanEvent:
    """Let the loan have the money of one order once more, from the day on which the borrower paid it; never while it stands there."""
    named = LoanDebit.objects.visible_to(by).select_related("loan").fetch(debit_number)
    loan = Loan.objects.visible_to(by).select_related("customer", "product_version__product", "contract").lock(named.loan.number)
    one = LoanDebit.objects.lock(debit_number)
    return rebooking.book(loan, one, rebooking.order_of(one, order), by=by)
