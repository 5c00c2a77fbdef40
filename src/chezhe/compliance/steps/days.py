"""The holiday table: days set by hand, and years confirmed when the State Council has spoken."""

from __future__ import annotations

from datetime import MAXYEAR, MINYEAR, date

from django.utils.translation import gettext as _

from chezhe.kernel.errors import Invalid
from chezhe.kernel.models import Holiday

PLAIN, HOLIDAY, WORKING = "plain", "holiday", "working"
KINDS = (PLAIN, HOLIDAY, WORKING)


def set_day(*, day: date, kind: str, name: str, source: str, today: date) -> Holiday | None:
    """Make `day` a holiday, a working weekend day or plain again (None). Raises Invalid (422).

    Days that are over stay as they were: dues have been computed with them.
    """
    if kind not in KINDS:
        raise Invalid(field="kind", code="day_kind_unknown", sentence=_("请选择放假、上班或平常。"))
    if day < today:
        raise Invalid(field="day", code="day_over", sentence=_("这一天已经过去，不能再改。"))
    if kind == PLAIN:
        Holiday.objects.filter(day=day).delete()
        return None
    if (kind == HOLIDAY) == (day.weekday() >= 5):
        sentence = _("周末本来休息，只能设为上班。") if kind == HOLIDAY else _("工作日本来上班，只能设为放假。")
        raise Invalid(field="kind", code="day_kind_plain", sentence=sentence)
    if not name.strip() or not source.strip():
        raise Invalid(field="name", code="day_name_missing", sentence=_("请填写名称和依据。"))
    row, _made = Holiday.objects.update_or_create(
        day=day, defaults={"is_working": kind == WORKING, "name": name.strip(), "source": source.strip(), "is_provisional": False}
    )
    return row


def confirm_year(*, year: int, source: str) -> int:
    """The provisional days that are left in a year are as announced; returns how many. Raises Invalid (422)."""
    if not source.strip():
        raise Invalid(field="source", code="source_missing", sentence=_("请写明依据（文件名称和文号）。"))
    waiting = Holiday.objects.filter(day__year=year, is_provisional=True)
    if not MINYEAR <= year <= MAXYEAR or not waiting.exists():
        raise Invalid(field="year", code="year_not_provisional", sentence=_("这一年没有待确认的日子。"))
    return waiting.update(is_provisional=False, source=source.strip())
