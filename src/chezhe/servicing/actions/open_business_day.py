"""A new day begins for the books."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from django.utils.translation import gettext_lazy as _

from chezhe.kernel import business_date, events
from chezhe.kernel.action import action
from chezhe.kernel.actor import SYSTEM, Actor
from chezhe.kernel.errors import BusinessError
from chezhe.servicing import accruals, lives, permissions, steps
from chezhe.servicing.models import Loan

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
def open_business_day(*, day: date, by: Actor) -> OpenedDay:
    """Move the business date forward to `day`, one day after the other, and recognise what falls due."""
    reached, touched = business_date.current(), 0
    if day < reached:
        raise business_date.BusinessDateBackwards(current=reached, wanted=day)
    if (day - reached).days > DAYS_AT_ONCE_MAX:
        raise TooManyDays(most=DAYS_AT_ONCE_MAX)
    while reached < day:
        closing, reached = reached, reached + timedelta(days=1)
        business_date.open_day(reached)
        touched += _recognise(reached)
        accruals.close_day(closing)
    events.publish("business_day.opened", f"business_day:{day.isoformat()}", {"day": day.isoformat()})
    return OpenedDay(day, touched)


def _recognise(day: date) -> int:
    """Only loans on which the calendar alone does something today are touched, in the order of their locks."""
    waiting = Loan.objects.filter(status="active", next_event_on__lte=day).order_by("pk").select_for_update(of=("self",))
    loans = list(waiting.select_related("product_version"))
    kept = lives.kept_of(loans) if loans else {}
    for loan in loans:
        steps.bring_up_to(loan, day, by=SYSTEM, kept=kept[loan.pk])
        steps.finish_if_over(loan, by=SYSTEM)
    return len(loans)
