"""The borrower cannot pay as agreed."""

from __future__ import annotations

from decimal import Decimal

from django.utils.translation import gettext_lazy as _

from chezhe.finmath.terms import Method
from chezhe.kernel import business_date, parameters
from chezhe.kernel.action import action
from chezhe.kernel.actor import Actor
from chezhe.servicing import changes, permissions
from chezhe.servicing.models import Loan, LoanChange
from chezhe.servicing.position import Restructuring


@action(permissions.REQUEST_RESTRUCTURING, label=_("申请重组"))
def request_restructuring(
    *, loan_number: str, method: Method, annual_rate: Decimal, periods: int, reason: str, by: Actor
) -> LoanChange:
    """Ask for a new plan on the whole balance, with unpaid interest spread over it; an observation period begins."""
    loan = Loan.objects.visible_to(by).lock(loan_number)
    months = parameters.count("RESTRUCTURE_OBSERVE_MONTHS", business_date.current())
    change = Restructuring(method=method, annual_rate=annual_rate, periods=periods, observed_months=months)
    return changes.propose(loan, changes.Asked(kind="restructuring", change=change, reason=reason), by=by)
