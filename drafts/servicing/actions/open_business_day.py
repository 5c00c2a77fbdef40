"""A new day begins for the books."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from chezhe.kernel import business_date, events
from chezhe.kernel.action import action
from chezhe.kernel.actor import SYSTEM, Actor
from chezhe.servicing import permissions, steps
from chezhe.servicing.models import Loan


@dataclass(frozen=True, slots=True)
class OpenedDay:
    """The day that is open now and how many loans had something falling due on the way."""

    day: date
    touched: int

    @property
    def subject(self) -> str:
        return f"business_day:{self.day.isoformat()}"


@action(permissions.OPEN_DAY)
def open_business_day(*, day: date, by: Actor) -> OpenedDay:
    """Move the business date forward to `day`, one day after the other, and recognise what falls due."""
    touched = 0
    reached = business_date.current()
    while reached <= day:
        business_date.open_day(reached)
        touched += _recognise(reached)
        reached += timedelta(days=1)
    business_date.open_day(day)
    events.publish("business_day.opened", f"business_day:{day.isoformat()}", {"day": day.isoformat()})
    return OpenedDay(day, touched)


def _recognise(day: date) -> int:
    """Only loans on which the calendar alone does something today are touched, in the order of their locks."""
    waiting = Loan.objects.filter(status="active", next_event_on__lte=day).order_by("pk").select_for_update()
    for loan in waiting:
        steps.bring_up_to(loan, day, by=SYSTEM)
        if loan.settled_on is not None:
            steps.finish(loan, "complete", by=SYSTEM)
    return len(waiting)
