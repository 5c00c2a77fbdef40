"""The loan is repriced."""

from __future__ import annotations

from decimal import Decimal

from django.utils.translation import gettext_lazy as _

from chezhe.kernel.action import action
from chezhe.kernel.actor import Actor
from chezhe.servicing import changes, permissions, requests
from chezhe.servicing.models import Loan, LoanChange


@action(permissions.REQUEST_RATE_CHANGE, label=_("申请利率调整"))
def request_rate_change(*, loan_number: str, annual_rate: Decimal, reason: str, by: Actor) -> LoanChange:
    """Ask for another rate from the next instalment on, as the contract provides (LPR and spread on the repricing day)."""
    loan = Loan.objects.visible_to(by).lock(loan_number)
    return changes.propose(loan, requests.rate_change(annual_rate=annual_rate, reason=reason), by=by)
