"""The borrower cannot pay for a while."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from chezhe.kernel.action import action
from chezhe.kernel.actor import Actor
from chezhe.servicing import changes, permissions, requests
from chezhe.servicing.models import Loan, LoanChange


@action(permissions.REQUEST_PLAN_CHANGE, label=_("申请延期还款"))
def request_holiday(*, loan_number: str, months: int, reason: str, by: Actor) -> LoanChange:
    """Ask for nothing to fall due for some months; their interest is paid with the first instalment after them."""
    loan = Loan.objects.visible_to(by).lock(loan_number)
    return changes.propose(loan, requests.holiday(months=months, reason=reason), by=by)
