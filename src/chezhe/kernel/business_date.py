"""The day the books are in. It is state, it never goes back, and only the day's opening moves it."""

from __future__ import annotations

from datetime import date, timedelta

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from chezhe.kernel import clock, context
from chezhe.kernel.composed import Composed, Question
from chezhe.kernel.errors import BusinessError
from chezhe.kernel.models import BusinessDay

_NOTE = "business_date"
_DAY = Composed(lambda mark: BusinessDay.objects.filter(pk=mark).values_list("current"), -1)


class BusinessDateBackwards(BusinessError):
    code = "business_date_backwards"
    field = "day"
    sentence = _("业务日期是 %(current)s，不能退回到 %(wanted)s。")


class DayNotCome(BusinessError):
    code = "day_not_come"
    http_status = 422
    sentence = _("今天是 %(today)s，%(wanted)s 还没有到，业务日期不能晚于自然日。")

    def __init__(self, *, field: str, **facts: date) -> None:
        self.field = field
        super().__init__(**facts)


def horizon() -> date:
    """The last day that the books may reach today: the calendar's own, in the demo a year later."""
    return clock.today() + timedelta(days=366 if settings.BOOKS_MAY_RUN_AHEAD else 0)


def require_come(day: date, calendar_day: date, *, field: str) -> None:
    """Raises DayNotCome (422) for a day after `calendar_day`, the calendar's today: the books do not run ahead of it."""
    if day > calendar_day:
        raise DayNotCome(field=field, today=calendar_day, wanted=day)


def current() -> date:
    """The business date; the calendar's today while no day has been opened yet.

    A page that only reads asks once, and shows one day from top to bottom; whatever writes asks anew each time.
    """
    serving = context.current()
    if serving is None or not serving.only_reads:
        return question().answer()
    if _NOTE not in serving.notes:
        serving.notes[_NOTE] = question().answer()
    day: date = serving.notes[_NOTE]
    return day


def question() -> Question[date]:
    """The business date, for who asks the database more in the same trip."""
    return Question(_DAY, (1,), lambda found: found or clock.today())


def open_day(day: date) -> date:
    """Open `day`; opening the day that is open changes nothing; an earlier one is refused (409)."""
    now = clock.now()
    if not BusinessDay.objects.filter(pk=1, current__lte=day).update(current=day, changed_at=now):
        row, _is_first = BusinessDay.objects.get_or_create(pk=1, defaults={"current": day, "changed_at": now})
        if day < row.current:
            raise BusinessDateBackwards(current=row.current, wanted=day)
    return day
