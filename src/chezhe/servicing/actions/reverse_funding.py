"""A month's internal funding cost is taken back."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from chezhe.kernel.action import action
from chezhe.kernel.actor import Actor
from chezhe.kernel.scope import require_whole_house
from chezhe.servicing.models import FundingRun
from chezhe.servicing.profit import permissions, runs


@action(permissions.REVERSE_FUNDING, label=_("冲回内部资金成本"))
def reverse_funding(*, funding_number: str, reason: str, by: Actor) -> FundingRun:
    """Mirror every entry of a month, the latest first; it can then be booked anew."""
    require_whole_house(by)
    return runs.reverse(FundingRun.objects.visible_to(by).lock(funding_number), reason, by=by)
