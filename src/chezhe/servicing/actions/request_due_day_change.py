"""The borrower is paid on another day."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from chezhe.kernel.action import action
from chezhe.kernel.actor import Actor
from chezhe.servicing import changes, permissions, requests
from chezhe.servicing.models import Loan, LoanChange


@action(permissions.REQUEST_PLAN_CHANGE, label=_("申请变更还款日"))
def request_due_day_change(*, loan_number: str, due_day: int, reason: str, by: Actor) -> LoanChange:
    """Ask for instalments to fall due on another day of the month, from the running one on."""
    loan = Loan.objects.visible_to(by).lock(loan_number)
    return changes.propose(loan, requests.due_day(due_day=due_day, reason=reason), by=by)
