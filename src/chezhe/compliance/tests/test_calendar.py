"""Our own table of holidays: announced years, provisional years, and how one becomes the other."""

from datetime import date, timedelta

import pytest

from chezhe.compliance import queries, worklists
from chezhe.compliance.actions.confirm_holiday_year import confirm_holiday_year
from chezhe.compliance.actions.set_holiday import set_holiday
from chezhe.compliance.seeds import holidays
from chezhe.kernel import calendar
from chezhe.kernel.errors import Invalid, NotPermitted
from chezhe.kernel.models import Holiday

pytestmark = pytest.mark.django_db
TODAY = date(2026, 3, 16)


def test_an_announced_year_has_its_bridges_and_working_weekends():
    assert not calendar.is_working_day(date(2026, 10, 7)) and calendar.is_working_day(date(2026, 10, 10))
    assert not calendar.is_provisional(date(2026, 1, 1))


def test_a_schedule_of_36_months_never_leaves_the_table():
    for years_ahead in range(11):
        day = date(2026 + years_ahead, 12, 31)
        assert calendar.next_working_day(day) >= day
        assert Holiday.objects.filter(day__year=day.year).exists()
    assert calendar.is_provisional(date(2029, 3, 16))


@pytest.mark.parametrize(
    ("year", "expected"),
    [(2027, "02-05 春节 02-06 春节 02-07 春节 02-08 春节 04-05 清明节 05-01 劳动节 06-09 端午节 09-15 中秋节 10-01 国庆节"),
     (2031, "01-22 春节 06-24 端午节 10-01 国庆节")],
)
def test_the_statutory_days_of_a_year_not_yet_announced(year, expected):
    said = {f"{day:%m-%d} {name}" for day, name in holidays.statutory(year).items()}
    words = expected.split()
    assert {f"{day} {name}" for day, name in zip(words[::2], words[1::2], strict=True)} <= said
    assert len(holidays.statutory(2027)) == 13


def test_lunar_feasts_agree_with_the_years_that_were_announced():
    """The rule that computes tomb-sweeping day is checked where the answer is known."""
    for year in range(2018, 2027):
        day = holidays.qingming(year)
        assert day.weekday() >= 5 or not calendar.is_working_day(day), day


def test_sowing_again_leaves_a_corrected_year_alone(cast):
    confirm_holiday_year(year=2030, source="国办发明电〔2029〕1号", by=cast["he"])
    Holiday.objects.filter(day=date(2030, 1, 1)).delete()
    holidays.sow()
    assert not Holiday.objects.filter(day=date(2030, 1, 1)).exists() and not calendar.is_provisional(date(2030, 5, 1))
    with pytest.raises(Invalid):
        confirm_holiday_year(year=2030, source="x", by=cast["he"])


def test_a_day_is_set_by_hand_and_made_plain_again(cast):
    friday = date(2027, 10, 8)
    said = {"name": "国庆节", "source": "国办发明电", "business_date": TODAY, "by": cast["he"]}
    set_holiday(day=friday, kind="holiday", **said)
    assert not calendar.is_working_day(friday) and not Holiday.objects.get(day=friday).is_provisional
    set_holiday(day=friday + timedelta(days=1), kind="working", **said)
    assert calendar.is_working_day(friday + timedelta(days=1))
    assert set_holiday(day=friday, kind="plain", business_date=TODAY, by=cast["he"]) is None
    assert calendar.is_working_day(friday)


@pytest.mark.parametrize(
    ("changes", "field"),
    [({"day": date(2026, 3, 13)}, "day"), ({"kind": "feast"}, "kind"), ({"day": date(2027, 10, 9)}, "kind"),
     ({"kind": "working"}, "kind"), ({"name": " "}, "name"), ({"source": ""}, "name")],
)
def test_an_impossible_day_is_refused(cast, changes, field):
    said = {"day": date(2027, 10, 8), "kind": "holiday", "name": "国庆节", "source": "国办", "business_date": TODAY, **changes}
    with pytest.raises(Invalid) as caught:
        set_holiday(**said, by=cast["he"])
    assert caught.value.field == field


def test_a_seller_sets_no_holidays(cast):
    with pytest.raises(NotPermitted):
        set_holiday(day=date(2027, 10, 8), kind="plain", business_date=TODAY, by=cast["lin"])


def test_the_year_page_has_every_day_once_in_weeks_that_begin_on_monday():
    months = queries.calendar_year(2026)
    days = [cell.day for _, cells in months for cell in cells if cell.day]
    assert len(days) == 365 and len(months) == 12
    for month, cells in months:
        first = date(2026, month, 1)
        assert cells[first.weekday()].day == first


def test_the_next_year_waits_for_compliance_once_it_is_due_to_be_announced():
    assert worklists.years_to_confirm(date(2026, 10, 31)) == []
    assert worklists.years_to_confirm(date(2026, 11, 1)) == [2027]
    assert worklists.years_to_confirm(date(2028, 1, 1)) == [2028]
    Holiday.objects.filter(day__year=2027).update(is_provisional=False)
    assert worklists.years_to_confirm(date(2026, 11, 1)) == []
