"""Our own table of holidays: announced years from the chinesecalendar package, later ones provisional.

A provisional year holds the statutory days alone (国务院令第795号, thirteen days since 2025): the bridge days and working
weekends of 调休 are not known before the State Council's notice, and the flag says so.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from chezhe.kernel.models import Holiday

YEAR_FIRST, YEAR_LAST = 2018, 2036
NAMES = {
    "New Year's Day": "元旦", "Spring Festival": "春节", "Tomb-sweeping Day": "清明节", "Labour Day": "劳动节",
    "Dragon Boat Festival": "端午节", "Mid-autumn Festival": "中秋节", "National Day": "国庆节",
    "Anti-Fascist 70th Day": "抗战胜利纪念日",
}
# First day of the lunar year, fifth of the fifth and fifteenth of the eighth lunar month (公历).
LUNAR = {
    2027: ("02-06", "06-09", "09-15"), 2028: ("01-26", "05-28", "10-03"), 2029: ("02-13", "06-16", "09-22"),
    2030: ("02-03", "06-05", "09-12"), 2031: ("01-23", "06-24", "10-01"), 2032: ("02-11", "06-12", "09-19"),
    2033: ("01-31", "06-01", "09-08"), 2034: ("02-19", "06-20", "09-27"), 2035: ("02-08", "06-10", "09-16"),
    2036: ("01-28", "05-30", "10-04"),
}
PROVISIONAL_SOURCE = "法定节假日（待国务院办公厅通知）"


def sow() -> None:
    """Add the days that are missing. A year somebody has already confirmed or corrected is left alone."""
    settled = set(Holiday.objects.filter(is_provisional=False).dates("day", "year"))
    held = set(Holiday.objects.values_list("day", flat=True))
    years = {day.year for day in settled}
    fresh = [row for row in rows() if row.day not in held and not (row.is_provisional and row.day.year in years)]
    Holiday.objects.bulk_create(fresh, ignore_conflicts=True)


def rows() -> Iterator[Holiday]:
    """Every day that differs from the plain week, from YEAR_FIRST to YEAR_LAST."""
    from chinese_calendar import constants

    year_known = max(day.year for day in constants.holidays)
    announced = "国务院办公厅节假日安排通知"
    for day, name in constants.holidays.items():
        if YEAR_FIRST <= day.year <= YEAR_LAST and day.weekday() < 5:
            yield Holiday(day=day, is_working=False, name=NAMES.get(name, name), source=announced)
    for day, name in constants.workdays.items():
        if YEAR_FIRST <= day.year <= YEAR_LAST and day.weekday() >= 5:
            yield Holiday(day=day, is_working=True, name=f"{NAMES.get(name, name)}调休", source=announced)
    for year in range(year_known + 1, YEAR_LAST + 1):
        for day, name in sorted(statutory(year).items()):
            if day.weekday() < 5:
                yield Holiday(day=day, is_working=False, name=name, is_provisional=True, source=PROVISIONAL_SOURCE)


def statutory(year: int) -> dict[date, str]:
    """The thirteen statutory days of a year in LUNAR; fewer when two of them fall on one day. KeyError for others."""
    spring, boat, moon = (date.fromisoformat(f"{year}-{text}") for text in LUNAR[year])
    days = {date(year, 1, 1): "元旦", qingming(year): "清明节", boat: "端午节", moon: "中秋节"}
    days |= {spring + timedelta(days=offset): "春节" for offset in (-1, 0, 1, 2)}
    days |= {date(year, 5, day): "劳动节" for day in (1, 2)}
    return days | {date(year, 10, day): "国庆节" for day in (1, 2, 3)}


def qingming(year: int) -> date:
    """Tomb-sweeping day (a solar term) of the years 2000 to 2099."""
    last_two = year % 100
    return date(year, 4, (last_two * 2422 + 48_100) // 10_000 - (last_two - 1) // 4)
