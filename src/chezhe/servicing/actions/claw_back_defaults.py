"""First instalments that were never paid: the dealers owe their commission back."""

from __future__ import annotations

from datetime import date

from django.utils.translation import gettext_lazy as _

from chezhe.kernel.action import action
from chezhe.kernel.actor import Actor
from chezhe.servicing.commission import accruing, permissions
from chezhe.servicing.commission.states import DEFAULT
from chezhe.servicing.models import Loan


@action(permissions.FOLLOW, label=_("登记首期违约退佣"))
def claw_back_defaults(*, day: date, by: Actor) -> int:
    """Book what goes back for loans whose first instalment is unpaid for as long as the parameter says, on the evening of a closed day;
    returns how many. Done twice it books once."""
    count = 0
    for number in accruing.in_default(day):
        found = accruing.judge(Loan.objects.lock(number), DEFAULT, day)
        if found is not None:
            accruing.claw_back(found, by=by)
            count += 1
    return count
