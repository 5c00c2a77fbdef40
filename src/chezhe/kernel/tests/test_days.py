"""Business date, calendar, parameters, numbers."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from chezhe.kernel import business_date, calendar, clock, context, numbers, parameters
from chezhe.kernel.models import Holiday, Parameter
from chezhe.kernel.testing import moment

pytestmark = pytest.mark.django_db


def test_the_business_date_never_goes_back() -> None:
    business_date.open_day(date(2026, 3, 2))
    assert business_date.open_day(date(2026, 3, 2)) == business_date.current()
    with pytest.raises(business_date.BusinessDateBackwards):
        business_date.open_day(date(2026, 3, 1))
    assert business_date.current() == date(2026, 3, 2)


def test_only_the_demo_lets_the_books_run_ahead_of_the_calendar(settings: Any) -> None:
    with clock.at(moment("2026-03-02 10:00")):
        assert business_date.horizon() == date(2026, 3, 2)
        settings.BOOKS_MAY_RUN_AHEAD = True
        assert business_date.horizon() == date(2027, 3, 3)


def test_a_page_that_only_reads_asks_for_the_date_once_and_whatever_writes_asks_anew() -> None:
    business_date.open_day(date(2026, 3, 2))
    for only_reads, second in ((True, date(2026, 3, 2)), (False, date(2026, 3, 4))):
        with context.serving(context.RequestContext(only_reads=only_reads)):
            first = business_date.current()
            business_date.open_day(date(2026, 3, 3) if only_reads else date(2026, 3, 4))
            assert business_date.current() == (first if only_reads else second)
    assert business_date.current() == date(2026, 3, 4)


def test_a_holiday_on_a_weekday_and_a_working_weekend_come_from_the_table() -> None:
    Holiday.objects.filter(day__year=2031).delete()
    Holiday.objects.create(day=date(2031, 1, 1), is_working=False, name="元旦", source="test")
    Holiday.objects.create(day=date(2031, 1, 4), is_working=True, name="调休", source="test")
    assert not calendar.is_working_day(date(2031, 1, 1))
    assert calendar.is_working_day(date(2031, 1, 4)) and not calendar.is_working_day(date(2031, 1, 5))
    assert calendar.next_working_day(date(2031, 1, 1)) == date(2031, 1, 2)


def test_the_narrowest_parameter_in_force_wins() -> None:
    rows = [("", "0.24", date(2020, 1, 1), None), ("mcc", "0.20", date(2026, 1, 1), date(2026, 12, 31))]
    for licence, value, start, end in rows:
        Parameter.objects.create(code="TEST_CAP", licence_type=licence, value=value, unit="rate",
                                 effective_from=start, effective_to=end, source="test")
    ask = [("mcc", date(2026, 12, 31), "0.20"), ("mcc", date(2027, 1, 1), "0.24"), ("bank", date(2026, 6, 1), "0.24")]
    for licence, day, expected in ask:
        assert parameters.rate("TEST_CAP", day, licence_type=licence) == Decimal(expected)


def test_many_parameters_read_at_once_are_those_read_one_by_one() -> None:
    for code, licence, value in (("TEST_A", "", "1"), ("TEST_A", "mcc", "2"), ("TEST_B", "", "3"), ("TEST_C", "bank", "4")):
        Parameter.objects.create(code=code, licence_type=licence, value=value, unit="count", effective_from=date(2026, 1, 1), source="test")
    codes = ["TEST_A", "TEST_B", "TEST_C"]
    together = parameters.find_all(codes, date(2026, 2, 1), licence_type="mcc")
    assert {code: row.value for code, row in together.items()} == {"TEST_A": "2", "TEST_B": "3"}
    assert all(parameters.find(code, date(2026, 2, 1), licence_type="mcc") == together.get(code) for code in codes)
    assert parameters.find_all(codes, date(2025, 12, 31)) == {}


def test_a_missing_parameter_never_means_no_limit() -> None:
    with pytest.raises(parameters.ParameterMissing, match="TEST_NONE"):
        parameters.require_all(["TEST_NONE", "LPR1Y"], date(2026, 6, 1))
    with pytest.raises(parameters.ParameterMissing):
        parameters.rate("TEST_CAP", date(2026, 1, 1))


def test_numbers_are_distinct_and_carry_a_check_digit() -> None:
    from chezhe.identifiers.numbers import judge

    prefix = numbers.register("ZZ", "testing")
    try:
        numbers.create_sequences()
        first, second = (numbers.next_number(prefix, date(2026, 5, 1)) for _ in range(2))
    finally:
        del numbers.PREFIXES[prefix]  # no room has this kind: other tests ask for every kind there is
    assert first != second and first.startswith(f"{prefix}26-") and judge(first).valid
