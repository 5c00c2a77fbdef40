"""A new day begins for the books."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from django.utils.translation import gettext_lazy as _

from chezhe.kernel import business_date, events
from chezhe.kernel.action import action
from chezhe.kernel.actor import Actor
from chezhe.kernel.errors import BusinessError
from chezhe.kernel.scope import require_whole_house
from chezhe.servicing import permissions
from chezhe.servicing.endofday import proving, runs

DAYS_AT_ONCE_MAX = 31


class TooManyDays(BusinessError):
    code = "too_many_days_at_once"
    http_status = 422
    field = "day"
    sentence = _("一次最多开启 %(most)s 天，请分几次进行。")


@dataclass(frozen=True, slots=True)
class OpenedDay:
    """The day that is open now and how many loans had something falling due on the way."""

    day: date
    touched: int

    @property
    def subject(self) -> str:
        return f"business_day:{self.day.isoformat()}"


@action(permissions.OPEN_DAY)
def open_business_day(*, day: date, calendar_day: date, by: Actor) -> OpenedDay:
    """Move the business date forward to `day`, closing one day after the other, all at once: for a house of few loans."""
    require_whole_house(by)
    business_date.require_come(day, calendar_day, field="day")
    reached, touched = business_date.current(), 0
    if day < reached:
        raise business_date.BusinessDateBackwards(current=reached, wanted=day)
    if (day - reached).days > DAYS_AT_ONCE_MAX:
        raise TooManyDays(most=DAYS_AT_ONCE_MAX)
    while reached < day:
        run = runs.close_whole(reached, by=by)
        if run.status != "closed":
            raise runs.DayNotFinished(day=run.day)
        proving.ask(run)
        reached, touched = reached + timedelta(days=1), touched + runs.loans_touched(run)
    events.publish("business_day.opened", f"business_day:{day.isoformat()}", {"day": day.isoformat()})
    return OpenedDay(day, touched)
