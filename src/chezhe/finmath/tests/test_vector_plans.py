"""New plans, fees and subsidies over arrays: the single plans, and those of the slow twin, to the fen."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chezhe.finmath import level, plan, prepayment, restructure, schedule, subsidy
from chezhe.finmath.prepayment import PrepaymentMode
from chezhe.finmath.terms import DayCount, Method, QuoteTerms, Row, SubsidyTerms, TermsError
from chezhe.finmath.tests import oracle, oracle_life, strategies
from chezhe.finmath.vector_quotes import fee_lines, subsidies
from chezhe.finmath.vector_replanning import extensions, prepaid_schedules, rest_of, restructures
from chezhe.finmath.vector_schedules import Batch, ScheduleArrays, schedules, terms_of

ARREARS = [Method.EQUAL_INSTALMENT, Method.EQUAL_PRINCIPAL, Method.INTEREST_ONLY_BULLET, Method.BULLET, Method.BALLOON, Method.STEPPED]
Lines = list[tuple[date, int, int]]


def column(data: st.DataObject, values: st.SearchStrategy[int], size: int) -> Any:
    """A random column."""
    return np.array(data.draw(st.lists(values, min_size=size, max_size=size)), dtype=np.int64)


def lines_of(made: ScheduleArrays, row: int, method: Method) -> Lines:
    """One loan of the arrays as lines; nothing may stand elsewhere in its row."""
    count = int(made.periods[row])
    first = count - 1 if method is Method.BULLET else 0
    for table in (made.principal_fen, made.interest_fen):
        assert not table[row, count:].any() and not table[row, :first].any()
    assert made.due_ordinals is not None
    used = zip(*(table[row, first:count].tolist() for table in (made.due_ordinals, made.principal_fen, made.interest_fen)), strict=True)
    return [(date.fromordinal(due), principal, interest) for due, principal, interest in used]


def lines_in(rows: Sequence[Row]) -> Lines:
    """Rows of a single schedule as lines."""
    return [(row.due_date, row.principal_fen, row.interest_fen) for row in rows]


@pytest.mark.parametrize("mode", PrepaymentMode)
@pytest.mark.parametrize("method", ARREARS)
@settings(max_examples=60)
@given(data=st.data())
def test_array_prepayment_is_the_single_one_and_the_slow_one(method: Method, mode: PrepaymentMode, data: st.DataObject) -> None:
    batch = data.draw(strategies.batches(method, 40))
    size = len(batch.principal_fen)
    made = schedules(batch)
    after = lines_behind(batch, made, data)
    rest = rest_of(batch, made, after)
    amount = np.maximum(rest.principal_fen * column(data, st.integers(-1, 101), size) // 100, column(data, st.integers(-1, 3), size))
    days = st.integers(-1, 32) if method is not Method.BULLET else st.integers(-1, 500)
    on = rest.starts + column(data, days, size)
    given_fen = column(data, st.just(0), size) if data.draw(st.booleans()) else np.maximum(rest.principal_fen // column(data, st.integers(2, 60), size), 1)
    if mode is PrepaymentMode.SHORTEN_TERM and method not in (Method.EQUAL_INSTALMENT, Method.EQUAL_PRINCIPAL):
        with pytest.raises(TermsError):
            prepaid_schedules(rest, amount_fen=amount, paid_on=on, mode=mode)
        return
    found = prepaid_schedules(rest, amount_fen=amount, paid_on=on, mode=mode, instalment_fen=given_fen)
    for row in range(size):
        asked = int(amount[row]), date.fromordinal(int(on[row])), mode
        terms = terms_of(batch, row)
        single = prepaid_alone(terms, int(after[row]), *asked, int(given_fen[row]))
        if single is None:
            assert found.refused[row] and not found.principal_fen[row].any() and not found.interest_fen[row].any()
            with pytest.raises(AssertionError):
                oracle_life.prepaid(terms, int(after[row]), *asked, int(given_fen[row]))
            continue
        assert not found.refused[row]
        slow = oracle_life.prepaid(terms, int(after[row]), *asked, int(given_fen[row]))
        assert lines_of(found, row, method) == single == slow


def lines_behind(batch: Batch, made: ScheduleArrays, data: st.DataObject) -> Any:
    """How many lines each loan has behind it: none of a refused one, and never so many that nothing is left."""
    most = 0 if batch.method is Method.BULLET else int(made.periods.min()) - 1
    after = column(data, st.integers(0, most), len(made.periods))
    left = made.principal_fen.sum(axis=1) - np.array([made.principal_fen[row, :passed].sum() for row, passed in enumerate(after)])
    after[made.refused | (left <= 0)] = 0
    return np.full_like(after, after.min()) if batch.method is Method.STEPPED else after


def prepaid_alone(terms: QuoteTerms, after: int, amount: int, on: date, mode: PrepaymentMode, instalment: int) -> Lines | None:
    """The lines by the scalar form, None when it refuses."""
    try:
        rest = prepayment.rest_of(terms, schedule.build(terms) if after else (), after)
        return lines_in(prepayment.prepaid_schedule(rest, amount_fen=amount, paid_on=on, mode=mode, instalment_fen=instalment or None))
    except TermsError:
        return None


@pytest.mark.parametrize("method", ARREARS)
@settings(max_examples=30)
@given(data=st.data())
def test_the_rest_of_each_loan_is_its_own(method: Method, data: st.DataObject) -> None:
    batch = data.draw(strategies.batches(method, 24))
    made = schedules(batch)
    if made.refused.any():
        return
    after = lines_behind(batch, made, data)
    rests = schedules(rest_of(batch, made, after))
    for row, passed in enumerate(after.tolist()):
        terms = terms_of(batch, row)
        try:
            single = schedule.build(prepayment.rest_of(terms, schedule.build(terms), passed))
        except TermsError:
            assert rests.refused[row]
            continue
        assert lines_of(rests, row, method) == lines_in(single)


def test_a_rest_begins_inside_its_plan() -> None:
    batch = Batch(
        method=Method.EQUAL_INSTALMENT, principal_fen=np.full(2, 10_000_000), periods=np.array([12, 24]), rate_units=12 * 10**8,
        starts=740_000, anchor_days=15,
    )  # fmt: skip
    made = schedules(batch)
    for after in (-1, 12):
        with pytest.raises(ValueError):
            rest_of(batch, made, after)
    leases, stepped = (replace(batch, method=method) for method in (Method.RENT_IN_ADVANCE, Method.STEPPED))
    with pytest.raises(ValueError):
        rest_of(leases, schedules(leases), 1)
    with pytest.raises(ValueError):
        stepped = replace(stepped, steps=strategies.TWO_STEPS)
        rest_of(stepped, schedules(stepped), np.array([1, 2]))
    with pytest.raises(ValueError, match="start dates"):
        rest_of(replace(batch, starts=None), made, 1)
    with pytest.raises(TermsError):
        prepaid_schedules(leases, amount_fen=1, paid_on=740_001, mode=PrepaymentMode.REDUCE_INSTALMENT)


def test_a_shortened_plan_keeps_the_instalment_without_its_monthly_fee() -> None:
    """AC-12 on the plan's own instalment, with 50 a month beside it."""
    batch = Batch(
        method=Method.EQUAL_INSTALMENT, principal_fen=np.array([10_000_000]), periods=36, rate_units=12 * 10**8,
        starts=date(2026, 1, 15).toordinal(), anchor_days=15, monthly_fee_fen=5_000,
    )  # fmt: skip
    rest = rest_of(batch, schedules(batch), 12)
    paid = {"amount_fen": 2_000_000, "mode": PrepaymentMode.SHORTEN_TERM}
    made = prepaid_schedules(rest, paid_on=date(2027, 1, 15).toordinal(), **paid)  # type: ignore[arg-type]
    rows = prepayment.prepaid_schedule(terms_of(rest, 0), paid_on=date(2027, 1, 15), **paid)  # type: ignore[arg-type]
    assert made.periods[0] == len(rows) == 17
    assert {row.total_fen - row.fee_fen for row in rows[:-1]} == {332_143} == {made.instalment_fen[0]}


def test_shortening_never_lengthens_a_plan_of_a_few_fen() -> None:
    """14 fen in 10 lines of one fen: 13 fen need no more than those ten lines, and of 3 fen no line has a share."""
    for principal, periods in ((14, 10), (3, 9)):
        terms = QuoteTerms(
            principal_fen=principal, method=Method.EQUAL_PRINCIPAL, start_date=date(2026, 1, 15), annual_rate=Decimal("0.1"), periods=periods
        )
        rows = prepayment.prepaid_schedule(terms, amount_fen=1, paid_on=terms.start_date, mode=PrepaymentMode.SHORTEN_TERM)
        assert len(rows) == periods and sum(row.principal_fen for row in rows) == principal - 1


@settings(max_examples=60)
@given(data=st.data(), day_count=st.sampled_from(DayCount))
def test_array_extension_is_the_single_one_and_the_slow_one(data: st.DataObject, day_count: DayCount) -> None:
    loan = st.tuples(strategies.principals, strategies.starts, st.integers(1, 36), strategies.rates, st.integers(1, 31))
    loans = data.draw(st.lists(loan, min_size=1, max_size=4))
    made = extensions(
        principal_fen=np.array([loan[0] for loan in loans]), matures_on=np.array([loan[1].toordinal() for loan in loans]),
        months=np.array([loan[2] for loan in loans]), rate_units=np.array([level.rate_units(loan[3]) for loan in loans]),
        anchor_days=np.array([loan[4] for loan in loans]), day_count=day_count,
    )  # fmt: skip
    for row, (principal, matures_on, months, rate, anchor) in enumerate(loans):
        old = QuoteTerms(
            principal_fen=principal, method=Method.BULLET, start_date=date(2019, 1, 1), annual_rate=Decimal(0), periods=1,
            due_day=anchor, day_count=day_count,
        )  # fmt: skip
        single = restructure.extension(old, principal_fen=principal, matures_on=matures_on, months=months, annual_rate=rate)
        new = replace(old, method=Method.INTEREST_ONLY_BULLET, start_date=matures_on, annual_rate=rate, periods=months)
        assert lines_of(made, row, new.method) == lines_in(single) == oracle.lines(new)


@pytest.mark.parametrize("method", Method)
@settings(max_examples=30)
@given(data=st.data())
def test_array_restructuring_is_the_single_one_and_the_slow_one(method: Method, data: st.DataObject) -> None:
    batch = data.draw(strategies.batches(method, 40))
    arrears = column(data, st.integers(0, 10**9), len(batch.principal_fen))
    made = restructures(batch, arrears)
    for row, amount in enumerate(arrears.tolist()):
        try:
            single = restructure.restructure(terms_of(batch, row), amount)
        except TermsError:
            assert made.plans.refused[row] and not made.arrears_fen[row].any()
            continue
        count = int(made.plans.periods[row])
        parts = made.arrears_fen[row, count - len(single.rows) : count].tolist()
        assert parts == list(single.arrears_fen) == oracle.equal_parts(amount, len(single.rows))
        assert made.arrears_fen[row].sum() == amount
        assert lines_of(made.plans, row, method) == lines_in(single.rows) == oracle.lines(terms_of(batch, row))


@pytest.mark.parametrize("method", Method)
@settings(max_examples=40)
@given(data=st.data())
def test_array_subsidies_and_fees_are_the_single_ones_and_the_slow_ones(method: Method, data: st.DataObject) -> None:
    """Loans with a cap of the calendar year, some of it used up, beside loans without one."""
    batch = data.draw(strategies.batches(method, 60))
    size = len(batch.principal_fen)
    batch = replace(batch, monthly_fee_fen=column(data, st.integers(0, 10**6), size))
    rates = np.array(data.draw(st.lists(strategies.rates.map(level.rate_units), min_size=size, max_size=size)))
    caps = column(data, st.just(-1) | st.integers(0, 300_000), size)
    made = schedules(batch)
    found, fees = subsidies(batch, made, rates, caps), fee_lines(batch, made)
    for row in range(size):
        terms, count = terms_of(batch, row), int(made.periods[row])
        try:
            rows = schedule.build(terms)
        except TermsError:
            assert made.refused[row] and not found[row].any() and not fees[row].any()
            continue
        asked = SubsidyTerms(rate=Decimal(int(rates[row])).scaleb(-10), cap_per_year_fen=None if caps[row] < 0 else int(caps[row]))
        openings = [terms.principal_fen, *(line.balance_fen for line in rows)][:count]
        openings = [terms.principal_fen] * count if method is Method.BULLET else openings
        single = subsidy.per_line(asked, plan.lay_out(terms).periods, openings)
        assert found[row, :count].tolist() == single == oracle_life.subsidies(terms, asked, openings)
        charged = [line.fee_fen for line in rows]
        monthly = int(batch.monthly_fee_fen[row])
        assert charged == ([monthly * count] if method is Method.BULLET else [monthly] * count)
        assert fees[row, count - len(rows) : count].tolist() == charged and fees[row].sum() == monthly * count
        assert not found[row, count:].any()


def test_a_cap_needs_calendar_years() -> None:
    """AC-16 without dates: 166.67 in the first month, 3 137.23 in the whole life."""
    batch = Batch(method=Method.EQUAL_INSTALMENT, principal_fen=np.array([20_000_000]), periods=36, rate_units=36 * 10**7)
    made = schedules(batch)
    found = subsidies(batch, made, 10**8)
    assert (found[0, 0], found[0, :12].sum(), found.sum()) == (16_667, 170_727, 313_723)
    with pytest.raises(ValueError):
        subsidies(batch, made, 10**8, 300_000)


def test_plans_that_a_single_quote_refuses_are_refused_in_arrays() -> None:
    principal = np.array([1000, 1000, 1000, 1000])
    balloons = Batch(method=Method.BALLOON, principal_fen=principal, periods=3, rate_units=10**9, balloon_fen=np.array([999, 1000, 1001, 0]))
    assert schedules(balloons).refused.tolist() == [False, True, True, True]
    eaten = Batch(
        method=Method.EQUAL_PRINCIPAL, principal_fen=principal, periods=3, rate_units=10**9, upfront_fee_fen=np.array([0, 600, 600, 1000]),
        deposit_fen=np.array([999, 300, 400, 0]),
    )  # fmt: skip
    assert schedules(eaten).refused.tolist() == [False, False, True, True]
    with pytest.raises(ValueError):
        schedules(replace(eaten, deposit_fen=-1))
