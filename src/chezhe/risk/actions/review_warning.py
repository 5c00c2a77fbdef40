from __future__ import annotations

from datetime import date

from chezhe.kernel.action import action
from chezhe.kernel.actor import Actor
from chezhe.risk.profiles import permissions, steps
from chezhe.risk.profiles.models import WarningReview


@action(permissions.REVIEW_WARNING)
def review_warning(*, customer_number: str, measure: str, note: str, business_date: date, by: Actor) -> WarningReview:
    """Say what was done about the warning of a customer, so that nobody else begins anew."""
    return steps.review(customer_number, measure, note, business_date, by)
