"""Dates as day numbers: the integer calendar behind `days`, compiled for arrays by `vector`.

A day number is `date.toordinal()` (1 = 1 January of year 1, proleptic Gregorian). Same rules as `kernels`:
no imports, whole numbers only.
"""

from collections.abc import MutableSequence

THIRTY_360 = 0
ACTUAL = 1
ACT_ACT = 2


def is_leap(year: int) -> bool:
    """Gregorian leap year."""
    return year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)


def days_in_month(year: int, month: int) -> int:
    """28 to 31."""
    if month == 2:
        return 29 if is_leap(year) else 28
    if month == 4 or month == 6 or month == 9 or month == 11:
        return 30
    return 31


def ordinal(year: int, month: int, day: int) -> int:
    """The day number of a calendar date."""
    before = (367 * month - 362) // 12
    if month > 2:
        before -= 1 if is_leap(year) else 2
    past = year - 1
    return past * 365 + past // 4 - past // 100 + past // 400 + before + day


def civil(number: int) -> tuple[int, int, int]:
    """Year, month and day of a day number (years counted from March, so that the leap day comes last)."""
    shifted = number + 305
    era = shifted // 146097
    of_era = shifted - era * 146097
    year_of_era = (of_era - of_era // 1460 + of_era // 36524 - of_era // 146096) // 365
    of_year = of_era - (365 * year_of_era + year_of_era // 4 - year_of_era // 100)
    from_march = (5 * of_year + 2) // 153
    day = of_year - (153 * from_march + 2) // 5 + 1
    month = from_march + 3 if from_march < 10 else from_march - 9
    year = year_of_era + era * 400 + (1 if month <= 2 else 0)
    return year, month, day


def step_months(number: int, months: int, anchor_day: int) -> int:
    """The day number `months` after the month of `number`, on `anchor_day` or the month's last day if shorter."""
    year, month, _ = civil(number)
    at = year * 12 + month - 1 + months
    year, month = at // 12, at % 12 + 1
    return ordinal(year, month, min(anchor_day, days_in_month(year, month)))


def first_due(start: int, anchor_day: int, skip_below: int) -> int:
    """The first day after `start` on the anchor; a month later where a start off the anchor leaves fewer than `skip_below`
    days before it."""
    here = step_months(start, 0, anchor_day)
    due = here if here > start else step_months(start, 1, anchor_day)
    return step_months(due, 1, anchor_day) if here != start and due - start < skip_below else due


def days_30e(start: int, end: int) -> int:
    """30E/360: every month has 30 days, a 31st counts as the 30th; the last day is not counted."""
    year_a, month_a, day_a = civil(start)
    year_b, month_b, day_b = civil(end)
    return (year_b - year_a) * 360 + (month_b - month_a) * 30 + min(day_b, 30) - min(day_a, 30)


def leap_days_before(number: int) -> int:
    """How many days before `number` lie in leap years (since year 1)."""
    year, _, _ = civil(number)
    past = year - 1
    leaps = past // 4 - past // 100 + past // 400
    inside = number - ordinal(year, 1, 1) if is_leap(year) else 0
    return leaps * 366 + inside


def units_between(start: int, end: int, day_count: int) -> int:
    """Length of [start, end): 30E days, actual days, or for ACT/ACT 1/133590 years (365 × 366), split at 1 January."""
    if day_count == THIRTY_360:
        return days_30e(start, end)
    if day_count == ACTUAL:
        return end - start
    in_leap = leap_days_before(end) - leap_days_before(start)
    return (end - start - in_leap) * 366 + in_leap * 365


def line_units(
    from_day: int, due_day: int, is_whole: int, day_count: int, scale: int, stub_day_count: int, stub_scale: int
) -> int:
    """Length of a line in units of a common base: whole months of 30/360 count 30 days, a stub by its own day count.

    `scale` and `stub_scale` say how many of them a unit of either day count is.
    """
    if is_whole == 0:
        return units_between(from_day, due_day, stub_day_count) * stub_scale
    if day_count == THIRTY_360:
        return 30 * scale
    return units_between(from_day, due_day, day_count) * scale


def is_whole_month(from_day: int, due_day: int, anchor_day: int) -> int:
    """1 for a month between two due days of the anchor, else 0."""
    return int(from_day == step_months(from_day, 0, anchor_day) and due_day == step_months(from_day, 1, anchor_day))


def fill_due_ordinals(start: int, months_to_first: int, anchor_day: int, count: int, dues: MutableSequence[int]) -> int:
    """Due day numbers: the first `months_to_first` months after the month of `start`, then one a month. Returns 0."""
    for k in range(count):
        dues[k] = step_months(start, months_to_first + k, anchor_day)
    return 0
