"""Every start of 2015–2040 that the calendar makes awkward (the 28th to the 31st, leap days) with every due day that short months
clip, for every way of paying back: due dates, plans and the interest of leap years by arrays, by single loans and by the slow twin;
and the whole life of such loans through the close of every day, by arrays and by the fold."""

from __future__ import annotations

import calendar
from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from itertools import product
from typing import Any

import numpy as np
import pytest
from msgspec.structs import replace

from chezhe.finmath import daily_kernels as daily
from chezhe.finmath import schedule, shares
from chezhe.finmath.accrual import accrued_fen
from chezhe.finmath.allocation import AllocationRule
from chezhe.finmath.penalty import PenaltyRule
from chezhe.finmath.settlement import SettlementRule
from chezhe.finmath.terms import DayCount, Method, QuoteTerms, Step, Stub
from chezhe.finmath.tests import oracle, oracle_life
from chezhe.finmath.tests.test_vector_plans import lines_in, lines_of
from chezhe.finmath.vector_daily import day_steps
from chezhe.finmath.vector_schedules import Batch, schedules
from chezhe.servicing.position import Position, Terms, accruing, advance, opened
from chezhe.servicing.position.days import DPD_MARKS
from chezhe.servicing.tests.test_day_step import line_of, state_of
from tests.faults.facts import FAULTS, Tell

YEARS = range(2015, 2041)
PRINCIPAL, RATE = 10_000_000, Decimal("0.1188")
DUE_DAYS = (28, 29, 30, 31)
MONTHS = 13


def starts() -> Iterator[date]:
    """The 28th and every later day of each month, and the 1st of March."""
    for year, month in product(YEARS, range(1, 13)):
        last = calendar.monthrange(year, month)[1]
        yield from (date(year, month, day) for day in range(28, last + 1))
    yield from (date(year, 3, 1) for year in YEARS)


# What a way of paying back is asked with beside the principal, the rate and the months.
BALLOON, STEPS, FLAT = 4_000_000, (Step(from_period=1, factor=Decimal(1)), Step(from_period=7, factor=Decimal("1.5"))), Decimal("0.0065")
MORE: dict[Method, dict[str, Any]] = {
    Method.BALLOON: {"balloon_fen": BALLOON}, Method.STEPPED: {"steps": STEPS},
    Method.FLAT_EQUAL: {"flat_monthly_rate": FLAT, "annual_rate": None},
}
COLUMNS: dict[Method, dict[str, Any]] = {
    Method.BALLOON: {"balloon_fen": BALLOON}, Method.STEPPED: {"steps": STEPS}, Method.FLAT_EQUAL: {"rate_units": 65_000_000},
}


def terms(start: date, due_day: int, day_count: DayCount, method: Method = Method.EQUAL_INSTALMENT) -> QuoteTerms:
    asked: dict[str, Any] = {"annual_rate": RATE, **MORE.get(method, {})}
    return QuoteTerms(
        principal_fen=PRINCIPAL, method=method, periods=MONTHS, start_date=start, due_day=due_day, day_count=day_count,
        stub=Stub(basis=day_count), **asked,
    )


@pytest.mark.parametrize("day_count", DayCount)
@pytest.mark.parametrize("method", Method)
def test_every_due_date_and_every_line_three_ways(method: Method, day_count: DayCount, record_property: Tell) -> None:
    """Arrays and dates for all of them; of level instalments single plans for all, of the others for every leap February and every
    ninth of the rest; the slow twin for every leap February and every thirteenth."""
    asked = [(start, due_day) for start in starts() for due_day in DUE_DAYS]
    made = schedules(Batch(
        method=method, principal_fen=np.full(len(asked), PRINCIPAL), periods=MONTHS, day_count=day_count, stub=Stub(basis=day_count),
        starts=np.array([start.toordinal() for start, _ in asked]), anchor_days=np.array([due_day for _, due_day in asked]),
        **{"rate_units": 1_188_000_000, **COLUMNS.get(method, {})},
    ))
    assert not made.refused.any()
    singles = twins = 0
    for row, (start, due_day) in enumerate(asked):
        lines, is_leap = lines_of(made, row, method), start.month == 2 and calendar.isleap(start.year)
        follow = lines[1:] if method is Method.RENT_IN_ADVANCE else lines
        assert [due.day for due, _, _ in follow] == [min(due_day, calendar.monthrange(due.year, due.month)[1]) for due, _, _ in follow]
        assert sum(principal for _, principal, _ in lines) == PRINCIPAL
        if method is Method.EQUAL_INSTALMENT or is_leap or row % 9 == 0:
            assert lines_in(schedule.build(terms(start, due_day, day_count, method))) == lines, (start, due_day)
            singles += 1
        if row % 13 == 0 or is_leap:
            assert lines == oracle.lines(terms(start, due_day, day_count, method)), (start, due_day)
            twins += 1
    print(f"\n{method.value} {day_count.value}: {len(asked)} plans from {len(asked) // len(DUE_DAYS)} starts, {singles} alone, {twins} slowly")
    record_property(FAULTS, {"plans of awkward days": len(asked), "made alone, too": singles, "by the slow twin, too": twins})


def positions(day_count: DayCount, method: Method = Method.EQUAL_INSTALMENT) -> list[Position]:
    """Loans over each leap day and over the Februaries beside them, from every awkward start of the winter before."""
    rate = None if method is Method.FLAT_EQUAL else RATE
    rules = Terms(annual_rate=rate, day_count=day_count, first_day_count=day_count, penalty=PenaltyRule(annual_rate=Decimal("0.18")),
                  allocation=AllocationRule(), settlement=SettlementRule())
    found = []
    for start in starts():
        if start.year % 4 != 2 and start.month in (1, 12) or (start.month, start.day) == (2, 29):
            rows = schedule.build(terms(start, start.day, day_count, method))
            found.append(opened(rules, rows, paid_out_on=start, principal_fen=PRINCIPAL))
    return found


@pytest.mark.parametrize("day_count", DayCount)
def test_every_day_of_a_life_by_arrays_and_by_the_fold(day_count: DayCount, record_property: Tell) -> None:
    """Nobody pays: lines fall due, buckets change, interest leaves the books. The arrays take day by day what the fold takes at once;
    of level instalments all loans, of each other way of paying back a fifth, all of them side by side."""
    begun = [position for method in Method for position in positions(day_count, method)[:: 1 if method is Method.EQUAL_INSTALMENT else 5]]
    days = 0
    ends = [advance(position, position.as_of + timedelta(days=430))[0] for position in begun]
    states = np.array([state_of(position) for position in begun], dtype=np.int64)
    plans = np.array([[line_of(_at(position, passed)) for passed in range(MONTHS + 1)] for position in begun], dtype=np.int64)
    first, last = min(p.as_of for p in begun), max(p.as_of for p in ends)
    for on in (first + timedelta(days=n) for n in range(1, (last - first).days + 1)):
        run = np.flatnonzero((states[:, daily.AS_OF] < on.toordinal()) & _is_alive(begun, ends, on))
        part = np.ascontiguousarray(states[run])
        _happened, codes = day_steps(part, plans[run, states[run, daily.RECOGNISED]], on.toordinal(), DPD_MARKS)
        assert (codes == daily.DONE).all(), on
        states[run], days = part, days + len(run)
    assert states.tolist() == [state_of(position) for position in ends]
    print(f"\n{day_count.value}: {len(begun)} loans, {days} days")
    record_property(FAULTS, {"loans over leap days": len(begun), "days lived": days})


def _at(position: Position, passed: int) -> Any:
    """Only what `line_of` reads."""
    return replace(position, recognised=passed)


def _is_alive(begun: list[Position], ends: list[Position], on: date) -> Any:
    return np.array([start.as_of < on <= end.as_of for start, end in zip(begun, ends, strict=True)])


@pytest.mark.parametrize("day_count", DayCount)
def test_what_is_earned_day_by_day_makes_the_line(day_count: DayCount, record_property: Tell) -> None:
    """Rounded for one loan and exactly for a group, on every day of every line over a leap day."""
    days = 0
    for position in positions(day_count)[::3]:
        for line in (accruing(position.terms, held.line) for held in position.lines[:3]):
            running, before = line.from_date, 0
            while running < line.due_date:
                running += timedelta(days=1)
                rounded = accrued_fen(line, running)
                slow = oracle_life.accrued(line.from_date, line.due_date, line.balance_fen, line.interest_fen, RATE, day_count, running)
                exact = shares.share(line, as_of=running - timedelta(days=1), before_fen=0).earned(running)
                assert rounded == slow and rounded >= before
                assert running == line.due_date or abs(min(exact, line.interest_fen) - rounded) <= Decimal("0.5"), (line, running)
                before, days = rounded, days + 1
            assert before == line.interest_fen
    print(f"\n{day_count.value}: {days} days")
    record_property(FAULTS, {"days earned": days})
