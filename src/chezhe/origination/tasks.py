"""What the calendar asks for: drafts, returned cases and offers whose last day is over are closed."""

from __future__ import annotations

from datetime import timedelta

from chezhe.kernel import business_date
from chezhe.kernel.actor import SYSTEM
from chezhe.kernel.jobs import job
from chezhe.origination import lapsing
from chezhe.origination.actions.expire_application import expire_application


@job("origination.close_lapsed_offers", queue="upkeep", every=timedelta(hours=1))
def close_lapsed_offers() -> int:
    """Expire everything whose last day is over; returns how many."""
    on = business_date.current()
    numbers = list(lapsing.lapsed(on).values_list("number", flat=True))
    for number in numbers:
        expire_application(application_number=number, business_date=on, by=SYSTEM)
    return len(numbers)
