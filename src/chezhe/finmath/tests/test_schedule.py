"""Schedules: against the slow Decimal twin to the fen, their laws, and what is refused."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chezhe.finmath import schedule
from chezhe.finmath.terms import DayCount, FeeTerms, FeeWhen, Method, QuoteTerms, Step, Stub, StubLevel, TermsError
from chezhe.finmath.tests import oracle, strategies

PLAIN = QuoteTerms(
    principal_fen=10_000_000,
    method=Method.EQUAL_INSTALMENT,
    start_date=date(2026, 1, 15),
    annual_rate=Decimal("0.12"),
    periods=36,
)


@pytest.mark.parametrize("method", Method)
@settings(max_examples=60)
@given(data=st.data())
def test_every_method_agrees_with_the_slow_twin(method: Method, data: st.DataObject) -> None:
    terms = data.draw(strategies.terms(method))
    try:
        rows = schedule.build(terms)
    except TermsError as refusal:
        assert refusal.code == "instalment_below_interest"
        with pytest.raises(AssertionError):
            oracle.lines(terms)
        return
    assert [(row.due_date, row.principal_fen, row.interest_fen) for row in rows] == oracle.lines(terms)


@pytest.mark.parametrize("method", [Method.EQUAL_INSTALMENT, Method.RENT_IN_ADVANCE])
@settings(max_examples=60)
@given(data=st.data(), share=st.integers(1, 60))
def test_a_given_instalment_agrees_with_the_slow_twin(method: Method, data: st.DataObject, share: int) -> None:
    terms = data.draw(strategies.terms(method))
    terms = replace(terms, periods=None, instalment_fen=max(terms.principal_fen // share, 1))
    try:
        rows = schedule.build(terms)
    except TermsError as refusal:
        assert refusal.code == "instalment_too_small"
        return
    assert [(row.due_date, row.principal_fen, row.interest_fen) for row in rows] == oracle.lines(terms)
    assert rows[-1].principal_fen > 0 or len(rows) == 1


@pytest.mark.parametrize("method", Method)
@settings(max_examples=40)
@given(data=st.data())
def test_the_parts_make_the_whole_and_the_balance_ends_at_zero(method: Method, data: st.DataObject) -> None:
    terms = data.draw(strategies.terms(method))
    try:
        rows = schedule.build(terms)
    except TermsError:
        return
    balance = terms.principal_fen
    for row in rows:
        assert row.principal_fen >= 0 and row.interest_fen >= 0
        assert row.total_fen == row.principal_fen + row.interest_fen + row.fee_fen
        balance -= row.principal_fen
        assert row.balance_fen == balance
    assert balance == 0
    assert [row.period for row in rows] == list(range(1, len(rows) + 1))
    assert all(a.due_date < b.due_date for a, b in zip(rows, rows[1:], strict=False))


@pytest.mark.parametrize("day_count", [DayCount.ACT_360, DayCount.ACT_365, DayCount.ACT_ACT])
def test_on_an_actual_day_count_the_last_line_differs_by_rounding_only(day_count: DayCount) -> None:
    rows = schedule.build(replace(PLAIN, day_count=day_count, due_day=10))
    assert len({row.total_fen for row in rows[:-1]}) == 1
    assert abs(rows[-1].total_fen - rows[0].total_fen) <= 36


def test_a_stub_rule_can_ask_for_the_full_period_instalment_on_an_actual_day_count() -> None:
    full = schedule.build(replace(PLAIN, day_count=DayCount.ACT_360, stub=Stub(level=StubLevel.FULL_PERIODS)))
    assert full[0].total_fen == 332_143


def test_month_ends_keep_their_anchor() -> None:
    rows = schedule.build(replace(PLAIN, start_date=date(2026, 1, 31), periods=6))
    assert [row.due_date.isoformat() for row in rows] == [
        "2026-02-28",
        "2026-03-31",
        "2026-04-30",
        "2026-05-31",
        "2026-06-30",
        "2026-07-31",
    ]
    assert rows[0].interest_fen == 100_000, "a whole month is annual/12, not 28 days"


def test_a_first_due_date_on_the_clipped_anchor_keeps_the_anchor() -> None:
    rows = schedule.build(replace(PLAIN, start_date=date(2026, 1, 31), first_due_date=date(2026, 2, 28), periods=2))
    assert rows[1].due_date == date(2026, 3, 31)


def test_a_first_due_date_sets_its_own_day_otherwise() -> None:
    rows = schedule.build(replace(PLAIN, first_due_date=date(2026, 2, 20), periods=2))
    assert [row.due_date for row in rows] == [date(2026, 2, 20), date(2026, 3, 20)]
    assert rows[0].interest_fen == round(10_000_000 * 0.12 * 35 / 360), "30E days without a stub rule"


def test_monthly_fees_stand_in_their_own_column_and_a_bullet_pays_them_at_the_end() -> None:
    fees = (FeeTerms(code="guarantee", amount_fen=10_000, when=FeeWhen.MONTHLY),)
    assert {row.fee_fen for row in schedule.build(replace(PLAIN, fees=fees))} == {10_000}
    (row,) = schedule.build(replace(PLAIN, method=Method.BULLET, periods=6, fees=fees))
    assert row.fee_fen == 60_000


REFUSED: dict[str, dict[str, Any]] = {
    "amount_not_positive": {"principal_fen": 0},
    "amount_too_large": {"principal_fen": 10**14},
    "rate_missing": {"annual_rate": None},
    "rate_negative": {"annual_rate": Decimal("-0.01")},
    "rate_too_fine": {"annual_rate": Decimal("0.12345678901")},
    "rate_too_high": {"annual_rate": Decimal("10")},
    "rate_not_used": {"flat_monthly_rate": Decimal("0.01")},
    "rate_twice": {
        "method": Method.FLAT_EQUAL,
        "annual_rate": None,
        "flat_monthly_rate": Decimal("0.01"),
        "flat_annual_rate": Decimal("0.1"),
    },
    "periods_missing": {"periods": None},
    "periods_out_of_range": {"periods": 601},
    "instalment_not_used": {"method": Method.EQUAL_PRINCIPAL, "instalment_fen": 1000},
    "instalment_too_small": {"periods": None, "instalment_fen": 100_000},
    "instalment_below_interest": {
        "method": Method.STEPPED,
        "steps": (Step(from_period=1, factor=Decimal("0.1")), Step(from_period=2, factor=Decimal(9))),
    },
    "balloon_missing": {"method": Method.BALLOON},
    "balloon_too_large": {"method": Method.BALLOON, "balloon_fen": 10_000_000},
    "not_used": {"balloon_fen": 1},
    "steps_missing": {"method": Method.STEPPED},
    "steps_not_ordered": {"method": Method.STEPPED, "steps": (Step(from_period=2, factor=Decimal(1)),)},
    "step_factor_not_positive": {"method": Method.STEPPED, "steps": (Step(from_period=1, factor=Decimal(0)),)},
    "due_day_out_of_range": {"due_day": 32},
    "due_day_disagrees": {"due_day": 10, "first_due_date": date(2026, 2, 11)},
    "first_due_not_after_start": {"first_due_date": date(2026, 1, 15)},
    "first_due_too_late": {"first_due_date": date(2027, 2, 15)},
    "first_rent_not_at_start": {"method": Method.RENT_IN_ADVANCE, "first_due_date": date(2026, 2, 15)},
    "date_out_of_range": {"start_date": date(1989, 12, 31)},
    "skip_out_of_range": {"stub": Stub(skip_below_days=32)},
    "fee_code_twice": {"fees": (FeeTerms(code="a", amount_fen=1, when=FeeWhen.UPFRONT),) * 2},
    "fee_code_missing": {"fees": (FeeTerms(code="", amount_fen=1, when=FeeWhen.UPFRONT),)},
    "amount_negative": {"fees": (FeeTerms(code="a", amount_fen=-1, when=FeeWhen.UPFRONT),)},
    "deposit_too_large": {"fees": (FeeTerms(code="a", amount_fen=10_000_000, when=FeeWhen.UPFRONT),)},
}


@pytest.mark.parametrize("code", REFUSED)
def test_it_refuses_with_a_stable_code(code: str) -> None:
    with pytest.raises(TermsError) as refusal:
        schedule.build(replace(PLAIN, **REFUSED[code]))
    assert refusal.value.code == code
    assert code.split("_")[0] and str(refusal.value)
