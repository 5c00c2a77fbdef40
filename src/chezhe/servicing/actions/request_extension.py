"""The borrower needs longer."""

from __future__ import annotations

from decimal import Decimal

from django.utils.translation import gettext_lazy as _

from chezhe.kernel.action import action
from chezhe.kernel.actor import Actor
from chezhe.servicing import changes, permissions, requests
from chezhe.servicing.models import Loan, LoanChange


@action(permissions.REQUEST_PLAN_CHANGE, label=_("申请展期"))
def request_extension(*, loan_number: str, months: int, annual_rate: Decimal | None = None, reason: str, by: Actor) -> LoanChange:
    """Ask for the loan to end later: lower instalments, or, in the last line of a bullet, the principal extended at a rate."""
    loan = Loan.objects.visible_to(by).lock(loan_number)
    asked = requests.extension(months=months, annual_rate=annual_rate, reason=reason)
    return changes.propose(loan, asked, by=by)
