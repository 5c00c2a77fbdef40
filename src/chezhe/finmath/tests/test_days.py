"""Calendar: against Python's own dates, day by day."""

import calendar
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chezhe.finmath import calendar_kernels, days
from chezhe.finmath.terms import DayCount
from chezhe.finmath.tests import oracle

any_day = st.dates(date(1900, 1, 1), date(2399, 12, 31))


@given(any_day)
def test_day_numbers_are_pythons(day: date) -> None:
    assert calendar_kernels.civil(day.toordinal()) == (day.year, day.month, day.day)
    assert calendar_kernels.ordinal(day.year, day.month, day.day) == day.toordinal()
    assert calendar_kernels.days_in_month(day.year, day.month) == calendar.monthrange(day.year, day.month)[1]


@given(any_day, st.integers(-500, 500), st.integers(1, 31))
def test_month_steps_clip_to_the_month_end_and_keep_the_anchor(day: date, months: int, anchor: int) -> None:
    assert days.month_step(day, months, anchor) == oracle.shift(day, months, anchor)


@given(st.dates(date(2019, 1, 1), date(2030, 1, 1)), st.integers(0, 800), st.sampled_from(DayCount))
def test_lengths_agree_with_counting_day_by_day(start: date, run: int, basis: DayCount) -> None:
    end = start + timedelta(days=run)
    units, base = oracle.length(start, end, basis)
    assert (days.units_between(start, end, basis), days.BASES[basis]) == (units, base)


@given(st.dates(date(2019, 1, 1), date(2030, 1, 1)), st.integers(0, 500), st.integers(0, 500), st.sampled_from(DayCount))
def test_lengths_add_up(start: date, first: int, second: int, basis: DayCount) -> None:
    middle, end = start + timedelta(days=first), start + timedelta(days=first + second)
    parts = days.units_between(start, middle, basis) + days.units_between(middle, end, basis)
    assert parts == days.units_between(start, end, basis)


@pytest.mark.parametrize(
    ("start", "end", "expected"),
    [
        ("2026-01-15", "2026-02-15", 30),
        ("2026-01-31", "2026-02-28", 28),
        ("2026-01-30", "2026-01-31", 0),
        ("2026-02-28", "2026-03-31", 32),
        ("2027-01-15", "2027-01-25", 10),
    ],
)
def test_thirty_e_360(start: str, end: str, expected: int) -> None:
    assert days.units_between(date.fromisoformat(start), date.fromisoformat(end), DayCount.THIRTY_360) == expected


def test_act_act_splits_at_the_first_of_january() -> None:
    # 17 days of 2027 (365) and 15 of 2028 (366): 17/365 + 15/366 of a year.
    assert days.units_between(date(2027, 12, 15), date(2028, 1, 16), DayCount.ACT_ACT) == 17 * 366 + 15 * 365


def test_a_whole_month_between_anchored_dues_is_thirty_units() -> None:
    january, february = days.periods_between(date(2026, 1, 31), [date(2026, 2, 28), date(2026, 3, 31)], 31, DayCount.THIRTY_360)
    assert (january.units, february.units) == (30, 30)
    (stub,) = days.periods_between(date(2026, 1, 20), [date(2026, 2, 10)], 10, DayCount.THIRTY_360, DayCount.ACT_360)
    assert (stub.is_whole, stub.units, stub.base) == (False, 21, 360)
