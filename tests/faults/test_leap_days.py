"""Every start of 2015–2040 that the calendar makes awkward (the 28th to the 31st, leap days) with every due day that short months
clip: due dates, plans and the interest of leap years by arrays, by single loans and by the slow twin; and the whole life of such
loans through the close of every day, by arrays and by the fold."""

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
from chezhe.finmath.terms import DayCount, Method, QuoteTerms, Stub
from chezhe.finmath.tests import oracle, oracle_life
from chezhe.finmath.tests.test_vector_plans import lines_in, lines_of
from chezhe.finmath.vector_daily import day_steps
from chezhe.finmath.vector_schedules import Batch, schedules
from chezhe.servicing.position import Position, Terms, accruing, advance, opened
from chezhe.servicing.position.days import DPD_MARKS
from chezhe.servicing.tests.test_day_step import line_of, state_of

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


def terms(start: date, due_day: int, day_count: DayCount) -> QuoteTerms:
    return QuoteTerms(
        principal_fen=PRINCIPAL, annual_rate=RATE, method=Method.EQUAL_INSTALMENT, periods=MONTHS, start_date=start, due_day=due_day,
        day_count=day_count, stub=Stub(basis=day_count),
    )


@pytest.mark.parametrize("day_count", DayCount)
def test_every_due_date_and_every_line_three_ways(day_count: DayCount) -> None:
    """Arrays and single plans for all of them; the slow twin for every leap February and every thirteenth of the rest."""
    asked = [(start, due_day) for start in starts() for due_day in DUE_DAYS]
    made = schedules(Batch(
        method=Method.EQUAL_INSTALMENT, principal_fen=np.full(len(asked), PRINCIPAL), periods=MONTHS, rate_units=1_188_000_000, day_count=day_count,
        stub=Stub(basis=day_count), starts=np.array([start.toordinal() for start, _ in asked]),
        anchor_days=np.array([due_day for _, due_day in asked]),
    ))
    for row, (start, due_day) in enumerate(asked):
        lines = lines_in(schedule.build(terms(start, due_day, day_count)))
        assert lines_of(made, row, Method.EQUAL_INSTALMENT) == lines, (start, due_day)
        assert [due.day for due, _, _ in lines] == [min(due_day, calendar.monthrange(due.year, due.month)[1]) for due, _, _ in lines]
        if row % 13 == 0 or (start.month == 2 and calendar.isleap(start.year)):
            assert lines == oracle.lines(terms(start, due_day, day_count)), (start, due_day)
    print(f"\n{day_count.value}: {len(asked)} plans of {MONTHS} lines from {len(asked) // len(DUE_DAYS)} starts")


def positions(day_count: DayCount) -> list[Position]:
    """Loans over each leap day and over the Februaries beside them, from every awkward start of the winter before."""
    rules = Terms(annual_rate=RATE, day_count=day_count, first_day_count=day_count, penalty=PenaltyRule(annual_rate=Decimal("0.18")),
                  allocation=AllocationRule(), settlement=SettlementRule())
    found = []
    for start in starts():
        if start.year % 4 != 2 and start.month in (1, 12) or (start.month, start.day) == (2, 29):
            rows = schedule.build(terms(start, start.day, day_count))
            found.append(opened(rules, rows, paid_out_on=start, principal_fen=PRINCIPAL))
    return found


@pytest.mark.parametrize("day_count", DayCount)
def test_every_day_of_a_life_by_arrays_and_by_the_fold(day_count: DayCount) -> None:
    """Nobody pays: lines fall due, buckets change, interest leaves the books. The arrays take day by day what the fold takes at once."""
    begun, days = positions(day_count), 0
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


def _at(position: Position, passed: int) -> Any:
    """Only what `line_of` reads."""
    return replace(position, recognised=passed)


def _is_alive(begun: list[Position], ends: list[Position], on: date) -> Any:
    return np.array([start.as_of < on <= end.as_of for start, end in zip(begun, ends, strict=True)])


@pytest.mark.parametrize("day_count", DayCount)
def test_what_is_earned_day_by_day_makes_the_line(day_count: DayCount) -> None:
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
