"""A clerk, or the borrower, has the channel collect from the borrower's account now."""

from __future__ import annotations

from chezhe.finmath.money import Money
from chezhe.kernel.action import action
from chezhe.kernel.actor import Actor
from chezhe.servicing import permissions, queries
from chezhe.servicing.debits import asking
from chezhe.servicing.debits.models import LoanDebit
from chezhe.servicing.models import Loan


@action(permissions.DEBIT_NOW)
def debit_now(*, loan_number: str, amount: Money, by: Actor) -> LoanDebit:
    """Order one debit for what is owed today, or less of it, beside the calendar; the answer of the channel books it.

    A borrower does so for the own loan only (404)."""
    loan = Loan.objects.visible_to(by).select_related("product_version__product").lock(loan_number)
    queries.require_own(loan, by)
    return asking.ask(loan, amount, by=by)
