"""The borrower cannot pay as agreed."""

from __future__ import annotations

from decimal import Decimal

from django.utils.translation import gettext_lazy as _

from chezhe.finmath.terms import Method
from chezhe.kernel.action import action
from chezhe.kernel.actor import Actor
from chezhe.servicing import changes, permissions, requests
from chezhe.servicing.models import Loan, LoanChange


@action(permissions.REQUEST_RESTRUCTURING, label=_("申请重组"))
def request_restructuring(
    *, loan_number: str, method: Method, annual_rate: Decimal, periods: int, reason: str, by: Actor
) -> LoanChange:
    """Ask for a new plan on the whole balance, with unpaid interest spread over it; an observation period begins."""
    loan = Loan.objects.visible_to(by).lock(loan_number)
    asked = requests.restructuring(method=method, annual_rate=annual_rate, periods=periods, reason=reason)
    return changes.propose(loan, asked, by=by)
