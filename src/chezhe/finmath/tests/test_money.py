"""Money: whole fen, parts that make the whole, no float ever."""

from decimal import ROUND_HALF_UP, Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chezhe.finmath import money
from chezhe.finmath.money import Money

fen = st.integers(-(10**15), 10**15)


@given(fen, st.lists(st.integers(0, 1000), min_size=1, max_size=40).filter(any))
def test_the_parts_make_the_whole(amount: int, weights: list[int]) -> None:
    parts = Money(amount).split(weights)
    assert sum(part.fen for part in parts) == amount
    for part, weight in zip(parts, weights, strict=True):
        assert abs(part.fen * sum(weights) - amount * weight) < sum(weights)


@given(fen, st.decimals(-10, 10, places=10))
def test_times_rounds_half_away_from_zero_once(amount: int, factor: Decimal) -> None:
    expected = (Decimal(amount) * factor).quantize(Decimal(1), ROUND_HALF_UP)
    assert Money(amount).times(factor) == Money(int(expected))


@given(st.integers(-(10**14), 10**14))
def test_text_there_and_back(amount: int) -> None:
    assert money.parse(Money(amount).format()) == Money(amount)


def test_sums_differences_and_order() -> None:
    assert Money(150) + Money(50) - Money(1) == Money(199)
    assert Money(1) < Money(2) and -Money(2) < Money(0) and not Money(0)
    assert Money(123_456_789).format(grouped=True) == "1,234,567.89"


@pytest.mark.parametrize("text", ["1.234", "1,000.00", "", "-", ".5", "1.", "+1", "1e3", "１２", " 1", "1 ", "NaN", "12345678901234"])
def test_it_refuses_text_that_is_not_plainly_an_amount(text: str) -> None:
    with pytest.raises(ValueError):
        money.parse(text)


def test_it_refuses_floats_and_strangers() -> None:
    strangers: list[Any] = [1.5, True, "1", None, Decimal(1)]
    for wrong in strangers:
        with pytest.raises(TypeError):
            Money(wrong)
    one: Any = Money(1)
    with pytest.raises(TypeError):
        one + 1
    with pytest.raises(TypeError):
        one.times(0.5)
    for weights in ([], [0, 0], [1, -1]):
        with pytest.raises(ValueError):
            Money(1).split(weights)
