"""End a declared interest."""

from __future__ import annotations

from datetime import date

from chezhe.approvals import declaring, permissions
from chezhe.approvals.models import Interest
from chezhe.kernel.action import action
from chezhe.kernel.actor import Actor


@action(permissions.END_INTEREST)
def end_interest(*, interest_number: str, reason: str, business_date: date, by: Actor) -> Interest:
    """The interest is no more; from this day on the colleague may vote again. Nobody ends one of their own."""
    return declaring.end(interest_number, reason, business_date, by)
