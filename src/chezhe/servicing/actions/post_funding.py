"""A month's internal funding cost is booked."""

from __future__ import annotations

from datetime import date

from django.utils.translation import gettext_lazy as _

from chezhe.kernel.action import action
from chezhe.kernel.actor import Actor
from chezhe.kernel.scope import require_whole_house
from chezhe.servicing.models import FundingRun
from chezhe.servicing.profit import permissions, runs


@action(permissions.POST_FUNDING, label=_("内部资金成本入账"))
def post_funding(*, as_of: date, by: Actor) -> FundingRun:
    """Book what every loan's money cost in a month, by product and branch, in the memo accounts; the same month once."""
    require_whole_house(by)
    return runs.post(as_of, by=by)
