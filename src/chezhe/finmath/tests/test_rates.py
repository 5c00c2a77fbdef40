"""IRR, XIRR and their annual forms: against pyxirr, and what happens when no rate or several exist."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
import pyxirr
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from chezhe.finmath import rate_kernels, rates, roots
from chezhe.finmath.rates import dated_rate, periodic_rate
from chezhe.finmath.terms import RateNote


@settings(max_examples=200)
@given(
    outlay=st.integers(100, 10**10),
    back=st.lists(st.integers(0, 10**8), min_size=1, max_size=120),
)
def test_ordinary_flows_agree_with_pyxirr(outlay: int, back: list[int]) -> None:
    assume(any(back))
    flows = [-outlay, *back]
    found = periodic_rate(flows, 12).periodic
    assume(found is not None)
    assert found is not None
    assume(-Decimal("0.9") < found < 100)
    other = pyxirr.irr([float(flow) for flow in flows])
    assume(other is not None)
    assert float(found) == pytest.approx(other, abs=1e-9)


@settings(max_examples=200)
@given(
    flows=st.lists(st.integers(-(10**9), 10**9), min_size=2, max_size=40),
)
def test_a_reported_rate_makes_the_flows_worth_nothing(flows: list[int]) -> None:
    answer = periodic_rate(flows, 12)
    if answer.periodic is None:
        assert answer.note is not None and answer.simple is None
        return
    rate = answer.periodic
    value = sum((Decimal(flow) / (1 + rate) ** k for k, flow in enumerate(flows)), Decimal(0))
    size = sum((abs(Decimal(flow)) / (1 + rate) ** k for k, flow in enumerate(flows)), Decimal(0))
    assert abs(value) <= size * len(flows) * Decimal("1e-11") / (1 + rate)


@settings(max_examples=100)
@given(
    outlay=st.integers(1_000, 10**9),
    back=st.lists(st.tuples(st.integers(1, 2_000), st.integers(1, 10**7)), min_size=1, max_size=40),
)
def test_dated_flows_agree_with_pyxirr(outlay: int, back: list[tuple[int, int]]) -> None:
    start = date(2026, 1, 15)
    flows = [(start, -outlay), *((start + timedelta(days=n), fen) for n, fen in back)]
    found = dated_rate(flows).xirr
    assume(found is not None)
    assert found is not None
    assume(-Decimal("0.9") < found < 50)
    other = pyxirr.xirr([day for day, _ in flows], [float(fen) for _, fen in flows])
    assume(other is not None)
    assert float(found) == pytest.approx(other, rel=1e-7, abs=1e-9)


def test_the_annual_forms_follow_the_periodic_rate() -> None:
    answer = periodic_rate([-100_000, 51_000, 51_000], 12)
    assert answer.periodic is not None and answer.compound is not None
    assert answer.simple == answer.periodic * 12
    assert abs(answer.compound - ((1 + answer.periodic) ** 12 - 1)) < Decimal("1e-11")


def test_the_order_of_dated_flows_does_not_matter() -> None:
    flows = [(date(2026, 1, 1), -1000), (date(2026, 6, 1), 600), (date(2026, 9, 1), 500)]
    assert dated_rate(flows) == dated_rate(flows[::-1])


@pytest.mark.parametrize(
    ("flows", "note"),
    [
        ([-100, -5], RateNote.NO_RATE),
        ([100, 5], RateNote.NO_RATE),
        ([0, 0], RateNote.NO_RATE),
        ([], RateNote.NO_RATE),
        ([-100], RateNote.NO_RATE),
        ([100, -300, 250], RateNote.NO_RATE),
        ([-100, 230, -132], RateNote.SEVERAL_RATES),
        ([-1000, 3600, -4310, 1716], RateNote.SEVERAL_RATES),
        ([-100, 160, -55], RateNote.SEVERAL_RATES),
        ([-1000, 2500, -1000], RateNote.SEVERAL_RATES),
        ([-100, 250, -140], RateNote.SEVERAL_RATES),
    ],
)
def test_no_rate_and_several_rates_are_said_so(flows: list[int], note: RateNote) -> None:
    answer = periodic_rate(flows, 12)
    assert (answer.periodic, answer.simple, answer.compound, answer.note) == (None, None, None, note)
    dated = dated_rate([(date(2026, 1, 1) + timedelta(days=365 * k), fen) for k, fen in enumerate(flows)])
    assert (dated.xirr, dated.note) == (None, note)


def test_a_deposit_back_at_the_end_still_leaves_one_rate_above_zero() -> None:
    flows = [-9_171_145, *[328_855] * 34, -171_163]
    assert roots.sign_changes(flows) == 2
    assert periodic_rate(flows, 12).periodic is not None


def test_a_loss_has_a_rate_below_zero_and_an_even_bargain_zero() -> None:
    assert periodic_rate([-100, 50], 1).periodic == Decimal("-0.5")
    assert periodic_rate([-100, 40, 60], 12).periodic == 0
    assert dated_rate([(date(2026, 1, 1), -100), (date(2027, 1, 1), 90)]).xirr == Decimal("-0.1")


def test_an_absurd_rate_is_no_rate() -> None:
    assert dated_rate([(date(2026, 1, 1), -100), (date(2026, 1, 2), 200)]).note is RateNote.NO_RATE
    assert rates.compounded(Decimal(100), 12) is None


@settings(max_examples=100)
@given(st.lists(st.integers(1, 99), min_size=1, max_size=4, unique=True))
def test_all_roots_of_a_product_are_found(hundredths: list[int]) -> None:
    polynomial = [1]
    for root in hundredths:
        shifted = [0, *polynomial]
        polynomial = [100 * s - root * p for s, p in zip(shifted, [*polynomial, 0], strict=True)]
    found = roots.roots_in_unit(polynomial, list(range(len(polynomial))))
    assert found == pytest.approx([root / 100 for root in sorted(hundredths)], abs=1e-6)


def test_the_kernel_leaves_odd_flows_alone() -> None:
    assert rate_kernels.discount_factor([-100, 230, -132], 3) != rate_kernels.discount_factor([-100, 230, -132], 3)
