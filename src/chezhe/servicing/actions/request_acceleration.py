"""The borrower has broken the contract."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from chezhe.kernel.action import action
from chezhe.kernel.actor import Actor
from chezhe.servicing import changes, permissions, requests
from chezhe.servicing.models import Loan, LoanChange


@action(permissions.REQUEST_ACCELERATION, label=_("申请宣布提前到期"))
def request_acceleration(*, loan_number: str, reason: str, by: Actor) -> LoanChange:
    """Ask for the whole loan to be called in: all principal falls due and bears the penalty rate."""
    loan = Loan.objects.visible_to(by).lock(loan_number)
    return changes.propose(loan, requests.acceleration(reason=reason), by=by)
