"""The array forms: the same code as for one loan, the same fen, whatever the size of the numbers."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chezhe.finmath import (
    ageing,
    compiled,
    daily_kernels,
    kernels,
    lanes,
    level,
    life_kernels,
    loops,
    plan,
    rate_kernels,
    schedule,
    vector,
    vector_rates,
)
from chezhe.finmath.terms import DayCount, Method, QuoteTerms, Step, Stub, StubLevel, TermsError
from chezhe.finmath.tests import oracle, strategies
from chezhe.finmath.vector_schedules import Batch, schedules, terms_of

STEPS = (Step(from_period=1, factor=Decimal(1)), Step(from_period=3, factor=Decimal("1.2")))


def test_the_compiled_functions_are_the_plain_ones() -> None:
    machine = compiled.load()
    for name in ("fill_level", "level_instalment", "line_interest", "accrue", "spread", "days_past_due"):
        assert getattr(machine, name).py_func.__code__ is getattr(kernels, name).__code__
    for module in (rate_kernels, life_kernels, daily_kernels):
        for name, function in compiled.own_functions(module):
            assert getattr(machine, name).py_func.__code__ is function.__code__


def columns(seed: int, method: Method, size: int = 300, *, big: bool = False) -> Batch:
    """Random loans of one product; `big` ones leave 64 bits."""
    random = np.random.default_rng(seed)
    principal = random.integers(2, 10**13 if big else 10**8, size)
    units = random.integers(0, 36, size) * 10**8 if not big else random.integers(0, 36 * 10**8, size)
    return Batch(
        method=method,
        principal_fen=principal,
        periods=random.integers(3, 49, size),
        rate_units=units,
        balloon_fen=principal // 3 if method is Method.BALLOON else 0,
        steps=STEPS if method is Method.STEPPED else (),
    )


def dated(batch: Batch, seed: int, day_count: DayCount, stub: Stub | None) -> Batch:
    """The same loans with start dates and due days."""
    random = np.random.default_rng(seed)
    size = len(batch.principal_fen)
    starts = random.integers(date(2023, 1, 1).toordinal(), date(2029, 1, 1).toordinal(), size)
    return replace(batch, day_count=day_count, stub=stub, starts=starts, anchor_days=random.integers(1, 32, size))


def assert_same_as_one_by_one(batch: Batch) -> None:
    """Every loan of the batch equals its own single schedule."""
    made = schedules(batch)
    for row in range(len(batch.principal_fen)):
        terms = terms_of(batch, row)
        try:
            laid_out = plan.lay_out(terms)
            parts, interests = schedule.fill(laid_out)
        except TermsError:
            assert made.refused[row] and not made.principal_fen[row].any()
            continue
        count = len(parts)
        assert not made.refused[row]
        assert made.periods[row] == count
        assert made.principal_fen[row, :count].tolist() == parts
        assert made.interest_fen[row, :count].tolist() == interests
        assert not made.principal_fen[row, count:].any() and not made.interest_fen[row, count:].any()
        assert made.instalment_fen[row] == laid_out.instalment_fen
        if made.due_ordinals is not None:
            assert made.due_ordinals[row, :count].tolist() == [p.to_date.toordinal() for p in laid_out.periods]


@pytest.mark.parametrize("method", Method)
@pytest.mark.parametrize("big", [False, True])
def test_every_method_has_an_array_form_with_the_same_fen(method: Method, big: bool) -> None:
    assert_same_as_one_by_one(columns(11, method, 200, big=big))


@pytest.mark.parametrize("method", [Method.EQUAL_INSTALMENT, Method.BALLOON, Method.RENT_IN_ADVANCE])
def test_loans_of_one_term_side_by_side_have_the_same_fen(method: Method) -> None:
    """Whole groups of lanes: ordinary loans, then absurd rates and a few fen that the lanes must leave alone."""
    batch = replace(columns(12, method, 5 * lanes.LANES + 7), periods=36)
    assert_same_as_one_by_one(batch)
    units = batch.rate_units.copy()
    units[:: lanes.LANES] = 9 * 10**10
    assert_same_as_one_by_one(replace(batch, rate_units=units, principal_fen=np.where(batch.principal_fen % 3, batch.principal_fen, 3)))


@pytest.mark.parametrize("day_count", DayCount)
@pytest.mark.parametrize("method", [Method.EQUAL_INSTALMENT, Method.RENT_IN_ADVANCE, Method.STEPPED, Method.BULLET])
def test_dates_stubs_and_day_counts_have_an_array_form(method: Method, day_count: DayCount) -> None:
    for number, stub in enumerate([None, Stub(skip_below_days=15), Stub(basis=DayCount.ACT_ACT, level=StubLevel.ACTUAL)]):
        assert_same_as_one_by_one(dated(columns(number, method, 60), number, day_count, stub))


def batch_of(terms: QuoteTerms) -> Batch:
    """One loan as columns."""
    rate = terms.annual_rate if terms.flat_monthly_rate is None and terms.flat_annual_rate is None else (
        terms.flat_monthly_rate if terms.flat_annual_rate is None else terms.flat_annual_rate
    )
    return Batch(
        method=terms.method, principal_fen=np.array([terms.principal_fen]), periods=np.array([terms.periods]),
        rate_units=np.array([level.rate_units(rate or Decimal(0))]), balloon_fen=terms.balloon_fen or 0,
        flat_is_annual=terms.flat_annual_rate is not None, steps=terms.steps, day_count=terms.day_count, stub=terms.stub,
        starts=np.array([terms.start_date.toordinal()]), anchor_days=np.array([terms.due_day or terms.start_date.day]),
    )


@pytest.mark.parametrize("method", Method)
@settings(max_examples=60)
@given(data=st.data())
def test_the_array_form_agrees_with_the_slow_twin(method: Method, data: st.DataObject) -> None:
    terms = data.draw(strategies.terms(method))
    made = schedules(batch_of(terms))
    if made.refused[0]:
        with pytest.raises(AssertionError):
            oracle.lines(terms)
        return
    lines = oracle.lines(terms)
    assert made.due_ordinals is not None
    amounts = zip(made.due_ordinals[0].tolist(), made.principal_fen[0].tolist(), made.interest_fen[0].tolist(), strict=True)
    columns_used = list(amounts)[: int(made.periods[0])]
    # A bullet's only line stands in its last month's column.
    assert columns_used[-len(lines) :] == [(due.toordinal(), principal, interest) for due, principal, interest in lines]


def test_a_given_instalment_shortens_each_loan_by_itself() -> None:
    batch = columns(5, Method.EQUAL_INSTALMENT)
    given = np.maximum(batch.principal_fen // 20, 1)
    assert_same_as_one_by_one(replace(batch, instalment_fen=given, periods=60))


def test_a_yearly_flat_rate_counts_a_twelfth_a_month() -> None:
    assert_same_as_one_by_one(replace(columns(6, Method.FLAT_EQUAL), flat_is_annual=True))


def test_memory_lent_by_an_earlier_answer_is_overwritten_cleanly() -> None:
    first = schedules(columns(1, Method.EQUAL_INSTALMENT))
    width = first.principal_fen.shape[1]
    batch = replace(columns(2, Method.EQUAL_PRINCIPAL), periods=np.r_[width, np.full(299, 5)])
    lent, fresh = schedules(batch, first), schedules(batch)
    assert lent.principal_fen is first.principal_fen
    assert (lent.principal_fen == fresh.principal_fen).all() and (lent.interest_fen == fresh.interest_fen).all()


def test_a_batch_that_makes_no_sense_is_refused() -> None:
    good = columns(1, Method.EQUAL_INSTALMENT, 3)
    for bad in (
        replace(good, principal_fen=np.array([1, 0, 1])),
        replace(good, day_count=DayCount.ACT_365),
        replace(good, method=Method.EQUAL_PRINCIPAL, instalment_fen=5),
        replace(good, method=Method.RENT_IN_ADVANCE, starts=730_000, first_dues=730_030, anchor_days=5),
    ):
        with pytest.raises(ValueError):
            schedules(bad)
    with pytest.raises(TypeError):
        schedules(replace(good, principal_fen=np.array([1.5, 2.0, 3.0])))


@settings(max_examples=60)
@given(st.lists(st.tuples(st.integers(0, 10**9), st.integers(0, 10**6), st.integers(-180_000, 179_999)), min_size=1, max_size=9))
def test_array_accrual_is_the_single_accrual(loans: list[tuple[int, int, int]]) -> None:
    balance, numerator, carry = (np.array(column) for column in zip(*loans, strict=True))
    posted, carried = vector.accrue(carry, balance, numerator, 360_000)
    expected = [kernels.accrue(c, b, n, 360_000) for b, n, c in loans]
    assert list(zip(posted.tolist(), carried.tolist(), strict=True)) == expected


def test_array_accrual_of_what_64_bits_cannot_hold_is_still_exact() -> None:
    posted, carried = vector.accrue(np.array([0, 0]), np.array([2**50, 7]), np.array([2**20, 2**60]), 2**40)
    assert [posted.tolist(), carried.tolist()] == [[2**30, 7 * 2**20], [0, 0]]


def test_array_ageing_is_the_single_ageing() -> None:
    random = np.random.default_rng(4)
    as_of = date(2026, 6, 1)
    dues = random.integers(as_of.toordinal() - 300, as_of.toordinal() + 60, (80, 6))
    unpaid = random.integers(-1, 2, (80, 6)).clip(0) * 500
    dpd, bucket = vector.days_past_due(dues, unpaid, as_of.toordinal())
    for row in range(80):
        listed = [(date.fromordinal(int(d)), int(u)) for d, u in zip(dues[row], unpaid[row], strict=True)]
        assert dpd[row] == ageing.days_past_due(listed, as_of)
        assert list(ageing.Bucket)[bucket[row]] is ageing.bucket(int(dpd[row]))


def test_an_empty_batch_answers_with_nothing() -> None:
    assert vector_rates.monthly_irr(np.zeros((0, 3), dtype=np.int64)).shape == (0,)
    assert loops.DONE == 0
