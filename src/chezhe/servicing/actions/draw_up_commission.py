"""A month's commission, dealer by dealer."""

from __future__ import annotations

from datetime import date

from django.utils.translation import gettext_lazy as _

from chezhe.kernel.action import action
from chezhe.kernel.actor import Actor
from chezhe.servicing.commission import permissions, statements
from chezhe.servicing.commission.models import CommissionStatement


@action(permissions.DRAW_UP, label=_("编制返佣结算单"))
def draw_up_commission(*, as_of: date, by: Actor) -> list[CommissionStatement]:
    """Draw up the statement of every dealer that has something to settle up to a month end; another person agrees to each. Raises Invalid,
    CommissionMonthNotOver (422) or NothingToState (409)."""
    return statements.draw_up(as_of, by=by)
