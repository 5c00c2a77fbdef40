"""The treasury takes part of the interest upon itself."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from chezhe.kernel import business_date
from chezhe.kernel.action import action
from chezhe.kernel.actor import Actor
from chezhe.servicing import judging, permissions, steps
from chezhe.servicing.models import Loan, LoanEvent


@action(permissions.GRANT_SUBSIDY, label=_("登记一期财政贴息"))
def grant_subsidy(*, loan_number: str, period: int, by: Actor) -> LoanEvent:
    """Note what the treasury pays of an instalment's interest; where the borrower has paid it, the sum is unapplied cash."""
    loan = Loan.objects.visible_to(by).lock(loan_number)
    today = business_date.current()
    return steps.take_in(loan, judging.subsidy(loan, period, today), today=today, by=by)
