"""The day the books are in. It is state, it never goes back, and only the day's opening moves it."""

from __future__ import annotations

from datetime import date

from django.utils.translation import gettext_lazy as _

from chezhe.kernel import clock
from chezhe.kernel.errors import BusinessError
from chezhe.kernel.models import BusinessDay


class BusinessDateBackwards(BusinessError):
    code = "business_date_backwards"
    sentence = _("业务日期是 %(current)s，不能退回到 %(wanted)s。")


def current() -> date:
    """The business date; the calendar's today while no day has been opened yet."""
    row = BusinessDay.objects.filter(pk=1).first()
    return row.current if row else clock.today()


def open_day(day: date) -> date:
    """Open `day`; opening the day that is open changes nothing; an earlier one is refused (409)."""
    now = clock.now()
    if not BusinessDay.objects.filter(pk=1, current__lte=day).update(current=day, changed_at=now):
        row, _is_first = BusinessDay.objects.get_or_create(pk=1, defaults={"current": day, "changed_at": now})
        if day < row.current:
            raise BusinessDateBackwards(current=row.current, wanted=day)
    return day
