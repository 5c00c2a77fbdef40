"""The borrower gets the deposit back."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from chezhe.finmath.money import Money
from chezhe.kernel.action import action
from chezhe.kernel.actor import Actor
from chezhe.servicing import changes, permissions, refunds
from chezhe.servicing.models import Loan, LoanChange


@action(permissions.REQUEST_REFUND, label=_("申请退还保证金"))
def request_deposit_return(*, loan_number: str, amount: Money, account_tail: str = "", reason: str, by: Actor) -> LoanChange:
    """Ask for the deposit to be paid back to an account of the borrower; it goes the way of a refund."""
    loan = Loan.objects.visible_to(by).select_related("customer", "contract").lock(loan_number)
    return changes.propose(loan, refunds.asked(loan, amount, account_tail, reason, is_deposit=True), by=by)
