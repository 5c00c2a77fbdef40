"""The day the books are in. It is state, it never goes back, and only the day's opening moves it."""

from __future__ import annotations

from datetime import date

from django.db import transaction
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
    with transaction.atomic():
        row = BusinessDay.objects.select_for_update().filter(pk=1).first()
        if row is not None and day < row.current:
            raise BusinessDateBackwards(current=row.current, wanted=day)
        BusinessDay.objects.update_or_create(pk=1, defaults={"current": day, "changed_at": clock.now()})
    return day
