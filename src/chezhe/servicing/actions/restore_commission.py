"""An early payoff was taken back: the dealer keeps what it had earned."""

from __future__ import annotations

from datetime import date

from django.utils.translation import gettext_lazy as _

from chezhe.kernel.action import action
from chezhe.kernel.actor import Actor
from chezhe.servicing.commission import accruing, permissions
from chezhe.servicing.commission.models import CommissionLine
from chezhe.servicing.models import Loan


@action(permissions.FOLLOW, label=_("恢复已退的返佣"))
def restore_commission(*, loan_number: str, business_date: date, by: Actor) -> CommissionLine | None:
    """Give again what was taken back for an early payoff that is no more; told twice it changes nothing."""
    loan = Loan.objects.lock(loan_number)
    return accruing.restore(loan, business_date, by=by)
