"""Rates over arrays: the single rates, XIRR among them, and the yearly costs of plans with fees and deposits."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chezhe.finmath import lanes, rate_kernels, rates, vector_rates
from chezhe.finmath.quote import quote
from chezhe.finmath.terms import DepositRefund, Method, TermsError
from chezhe.finmath.tests import oracle_life, strategies
from chezhe.finmath.vector_quotes import cost_rates
from chezhe.finmath.vector_schedules import Batch, schedules, terms_of


def is_same(single: Decimal | None, found: float) -> bool:
    """The array's float is the single rate; NaN where there is none."""
    if single is None:
        return bool(np.isnan(found))
    return abs(float(single) - found) <= 1e-9 * max(1.0, abs(found))


@settings(max_examples=60)
@given(st.lists(st.lists(st.integers(-(10**7), 10**7), min_size=6, max_size=6), min_size=1, max_size=5))
def test_array_rates_are_the_single_rates(rows: list[list[int]]) -> None:
    found = vector_rates.monthly_irr(np.array(rows))
    for row, rate in zip(rows, found, strict=True):
        assert is_same(rates.periodic_rate(row, 12).periodic, rate)


def test_rates_side_by_side_are_the_same_floats() -> None:
    """Whole groups of lanes with a refund, with a row that never pays and with one that has two rates among them."""
    random = np.random.default_rng(8)
    flows = np.concatenate([-random.integers(10**6, 10**8, (3 * lanes.LANES + 5, 1)), random.integers(0, 10**7, (3 * lanes.LANES + 5, 36))], 1)
    flows[5], flows[40, 1:] = -flows[5], 0
    flows[70, :3], flows[70, 3:] = (-100, 230, -132), 0
    singles = [rate_kernels.discount_factor(row.tolist(), 37) for row in flows]
    found = vector_rates.monthly_irr(flows)
    assert [1.0 / one - 1.0 for one in singles if one == one] == found[[one == one for one in singles]].tolist()
    assert np.isnan(found[[40, 70]]).all()


flow_lists = st.lists(
    st.lists(st.tuples(st.integers(0, 4_000), st.integers(-(10**7), 10**8)), min_size=2, max_size=12), min_size=1, max_size=4
)


@settings(max_examples=80)
@given(loans=flow_lists, lends=st.booleans(), costs_money=st.booleans())
def test_array_xirr_is_the_single_xirr_and_makes_the_flows_worth_nothing(
    loans: list[list[tuple[int, int]]], lends: bool, costs_money: bool
) -> None:
    """Days in any order and twice; ordinary loans (first out, then back) and flows with no rate or several."""
    start = date(2026, 1, 15).toordinal()
    width = max(map(len, loans))
    days, flows = np.zeros((2, len(loans), width), dtype=np.int64)
    for row, loan in enumerate(loans):
        first = min(on for on, _ in loan)
        for k, (on, fen) in enumerate(loan):
            days[row, k] = start + on
            flows[row, k] = (-abs(fen) if on == first else abs(fen)) if lends else fen
    counts = np.array([len(loan) for loan in loans])
    found = vector_rates.dated_rates(days, flows, counts, costs_money=costs_money)
    for row, count in enumerate(counts):
        listed = [(date.fromordinal(on), fen) for on, fen in zip(days[row, :count].tolist(), flows[row, :count].tolist(), strict=True)]
        assert is_same(rates.dated_rate(listed, costs_money=costs_money).xirr, found[row])
        # Below a loss of nine tenths a billionth of the rate is no longer near.
        if found[row] > -0.9:
            begun = min(day for day, _ in listed)
            assert oracle_life.is_rate(found[row], [(Fraction((day - begun).days, 365), fen) for day, fen in listed])


def test_array_xirr_has_no_rate_where_several_or_none_exist() -> None:
    days = 365 * np.arange(3) + 740_000
    flows = np.array([[-100, 230, -132], [-100, -5, 0], [100, -300, 250], [0, 0, 0], [-100, 40, 60]])
    found = vector_rates.dated_rates(np.tile(days, (5, 1)), flows)
    assert np.isnan(found[:4]).all() and abs(found[4]) < 1e-12
    with pytest.raises(ValueError):
        vector_rates.dated_rates(days[None, :2], flows[:1])


def test_an_absurd_array_rate_is_no_rate() -> None:
    assert np.isnan(vector_rates.dated_rates(np.array([[740_000, 740_001]]), np.array([[-100, 200]])))
    assert np.isnan(vector_rates.monthly_irr(np.array([[-1, 10**9]])))


def test_annual_forms_of_arrays_are_the_single_ones() -> None:
    monthly = np.array([0.01, -0.5, 0.0, np.nan, 100.0])
    simple, compound = vector_rates.annualised(monthly)
    for rate, once, twice in zip(monthly, simple, compound, strict=True):
        single = None if np.isnan(rate) else Decimal(float(rate))
        assert is_same(None if single is None else single * 12, once)
        assert is_same(None if single is None else rates.compounded(single, 12), twice)


@pytest.mark.parametrize("method", Method)
@settings(max_examples=25)
@given(data=st.data(), refund=st.sampled_from(DepositRefund))
def test_yearly_costs_of_arrays_are_those_of_the_single_quotes(method: Method, data: st.DataObject, refund: DepositRefund) -> None:
    batch = data.draw(strategies.batches(method, 36))
    size = len(batch.principal_fen)
    share = st.lists(st.integers(0, 30), min_size=size, max_size=size).map(lambda found: np.array(found))
    batch = replace(
        batch, deposit_refund=refund, upfront_fee_fen=batch.principal_fen * data.draw(share) // 100,
        monthly_fee_fen=batch.principal_fen * data.draw(share) // 10_000, deposit_fen=batch.principal_fen * data.draw(share) // 100,
    )  # fmt: skip
    assert_costs(batch)


def assert_costs(batch: Batch) -> None:
    """Every loan's costs are those of its own quote, and make its cash worth nothing."""
    made = schedules(batch)
    found = cost_rates(batch, made)
    assert found.xirr is not None and found.all_in_xirr is not None
    for row in range(len(batch.principal_fen)):
        terms = terms_of(batch, row)
        try:
            single = quote(terms).rates
        except TermsError:
            assert made.refused[row] and np.isnan(found.monthly_irr[row]) and np.isnan(found.all_in_xirr[row])
            continue
        for name in ("monthly_irr", "simple", "compound", "xirr", "all_in_simple", "all_in_compound", "all_in_xirr"):
            assert is_same(getattr(single, name), getattr(found, name)[row]), name
        flows = oracle_life.cash(terms, with_fees=True)
        monthly, yearly = found.all_in_simple[row] / 12, found.all_in_xirr[row]
        if monthly > -0.5:
            assert oracle_life.is_rate(monthly, [(month, fen) for month, _, fen in flows])
        if yearly > -0.5:
            assert oracle_life.is_rate(yearly, [(Fraction((on - terms.start_date).days, 365), fen) for _, on, fen in flows])


def test_costs_without_dates_have_no_xirr() -> None:
    """AC-15: 1 500 up front and 100 a month on 100 000 at 9 %."""
    batch = Batch(
        method=Method.EQUAL_INSTALMENT, principal_fen=np.full(4, 10_000_000), periods=36, rate_units=9 * 10**8,
        upfront_fee_fen=np.array([0, 150_000, 150_000, 0]), monthly_fee_fen=np.array([0, 0, 10_000, 10_000]),
    )  # fmt: skip
    found = cost_rates(batch, schedules(batch))
    assert found.xirr is None and found.all_in_xirr is None
    percents = np.round(found.all_in_simple * 100, 4).tolist(), np.round(found.all_in_compound * 100, 4).tolist()
    assert percents == ([9.0, 10.0358, 12.1776, 11.1288], [9.3807, 10.5105, 12.8809, 11.7143])
    assert np.round(found.simple * 100, 4).tolist() == [9.0] * 4
