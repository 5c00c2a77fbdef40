"""A loan did not last: the dealer owes back what its plan says."""

from __future__ import annotations

from datetime import date

from django.utils.translation import gettext_lazy as _

from chezhe.kernel.action import action
from chezhe.kernel.actor import Actor
from chezhe.servicing.commission import accruing, permissions
from chezhe.servicing.commission.models import CommissionLine
from chezhe.servicing.commission.states import EARLY
from chezhe.servicing.models import Loan


@action(permissions.FOLLOW, label=_("登记提前结清退佣"))
def claw_back_commission(*, loan_number: str, settled_on: date, by: Actor) -> CommissionLine | None:
    """Book what goes back for a loan that was paid off before its end; nothing for one that was held long enough, or told twice."""
    loan = Loan.objects.select_related("contract").lock(loan_number)
    found = accruing.judge(loan, EARLY, settled_on) if settled_on < loan.matures_on else None
    return accruing.claw_back(found, by=by) if found else None
