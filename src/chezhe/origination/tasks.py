"""What the calendar asks for: approvals that nobody accepted in time are closed."""

from __future__ import annotations

from datetime import timedelta

from chezhe.kernel import business_date
from chezhe.kernel.actor import SYSTEM
from chezhe.kernel.jobs import job
from chezhe.origination import queries
from chezhe.origination.actions.expire_application import expire_application


@job("origination.close_lapsed_offers", queue="upkeep", every=timedelta(hours=1))
def close_lapsed_offers() -> int:
    """Expire every offer whose last day is over; returns how many."""
    on = business_date.current()
    numbers = list(queries.lapsed(on).values_list("number", flat=True))
    for number in numbers:
        expire_application(application_number=number, business_date=on, by=SYSTEM)
    return len(numbers)
