"""The borrower asks for cash back that we do not need."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from chezhe.finmath.money import Money
from chezhe.kernel.action import action
from chezhe.kernel.actor import Actor
from chezhe.servicing import changes, permissions, refunds
from chezhe.servicing.models import Loan, LoanChange


@action(permissions.REQUEST_REFUND, label=_("申请退还溢缴款"))
def request_refund(*, loan_number: str, amount: Money, account_tail: str = "", reason: str, by: Actor) -> LoanChange:
    """Ask for unapplied cash to be paid back to an account of the borrower; of a settled loan, too."""
    loan = Loan.objects.visible_to(by).select_related("customer", "contract").lock(loan_number)
    return changes.propose(loan, refunds.asked(loan, amount, account_tail, reason), by=by)
