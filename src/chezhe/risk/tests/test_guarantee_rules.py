"""What must hold for any securities."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chezhe.finmath.money import Money
from chezhe.risk.guarantees.rules import Coverage, Security, Shares, capacity, cover, exposure, recognise

MATURES_ON = date(2029, 1, 15)
fractions = st.decimals(0, 1, places=2)
shares = st.builds(Shares, joint=fractions, general=fractions, pledge=fractions, deposit=fractions, insurance=fractions)
money = st.integers(1, 10**9).map(Money)
securities = st.builds(
    Security, key=st.just("k"), kind=st.sampled_from(["guarantor", "pledge", "deposit", "insurance"]), amount=money,
    liability=st.sampled_from(["joint", "general"]), capacity=st.none() | money, exposure=money, covered_share=fractions,
    valid_to=st.none() | st.dates(date(2028, 1, 1), date(2030, 1, 1)),
)


def covered(held: list[Security], worth: int, owed: int, by: Shares, least: Decimal) -> Coverage:
    return cover(
        vehicle=Money(worth), securities=held, principal=Money(owed), interest=Money(owed // 7), matures_on=MATURES_ON, shares=by,
        least_rate=least)


@given(st.lists(securities, max_size=6), securities, st.integers(0, 10**9), st.integers(0, 10**9), shares, st.decimals("0.5", "2", places=2))
def test_one_more_security_never_covers_less(
    held: list[Security], more: Security, worth: int, owed: int, by: Shares, least: Decimal,
) -> None:
    before, after = covered(held, worth, owed, by, least), covered([*held, more], worth, owed, by, least)
    assert after.value >= before.value and after.missing <= before.missing and (after.is_enough or not before.is_enough)


@given(st.lists(securities, max_size=6), st.integers(0, 10**9), st.integers(1, 10**9), shares, st.decimals("0.5", "2", places=2))
def test_what_is_missing_is_exactly_enough(held: list[Security], worth: int, owed: int, by: Shares, least: Decimal) -> None:
    found = covered(held, worth, owed, by, least)
    filled = covered(held, worth + found.missing.fen, owed, by, least)
    assert filled.is_enough
    if found.missing:
        assert not covered(held, worth + found.missing.fen - 1, owed, by, least).is_enough


@given(securities, shares)
def test_nothing_counts_for_more_than_it_is(one: Security, by: Shares) -> None:
    found = recognise(one, owed=Money(10**9), matures_on=MATURES_ON, shares=by)
    assert Money(0) <= found.amount <= one.amount


def test_nothing_is_owed_and_nothing_is_needed() -> None:
    by = Shares(joint=Decimal(1), general=Decimal(1), pledge=Decimal(1), deposit=Decimal(1), insurance=Decimal(1))
    nothing = covered([], 0, 0, by, Decimal(1))
    assert nothing.rate is None and nothing.is_enough


@pytest.mark.parametrize("wrong", [{"kind": "promise"}, {"amount": Money(0)}, {"amount": Money(-1)}])
def test_it_refuses_what_is_no_security(wrong: dict[str, Any]) -> None:
    by = Shares(joint=Decimal(1), general=Decimal(1), pledge=Decimal(1), deposit=Decimal(1), insurance=Decimal(1))
    asked: dict[str, Any] = {"key": "1", "kind": "deposit", "amount": Money(1)} | wrong
    with pytest.raises(ValueError):
        recognise(Security(**asked), owed=Money(1), matures_on=MATURES_ON, shares=by)
    with pytest.raises(ValueError, match="below nothing"):
        covered([], -1, 0, by, Decimal(1))


def test_a_guarantor_of_whom_nothing_is_known_can_stand_for_nothing() -> None:
    assert capacity(income_monthly=None, net_assets=None, income_months=36, assets_share=Decimal(1)) is None
    assert capacity(income_monthly=None, net_assets=Money(-5), income_months=36, assets_share=Decimal(1)) == Money(0)
    assert exposure([Money(1), Money(2)]) == Money(3)
