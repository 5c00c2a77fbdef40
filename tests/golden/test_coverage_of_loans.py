"""Coverage by hand: what stands behind 119,571.51 owed to maturity (AC-01), and what is missing, to the fen."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from chezhe.finmath.money import Money
from chezhe.risk.guarantees.rules import Coverage, Security, Shares, capacity, claim_until, cover

SHARES = Shares(joint=Decimal("0.5"), general=Decimal("0.2"), pledge=Decimal("0.6"), deposit=Decimal(1), insurance=Decimal(1))
MATURES_ON = date(2029, 1, 15)


def covered(*securities: Security, vehicle: int = 85_000_00, **more: Any) -> Coverage:
    asked: dict[str, Any] = {"principal": Money(100_000_00), "interest": Money(19_571_51), "least_rate": Decimal(1)} | more
    return cover(vehicle=Money(vehicle), securities=securities, matures_on=MATURES_ON, shares=SHARES, **asked)


def test_the_car_alone_leaves_34_571_51_to_be_secured() -> None:
    alone = covered()
    assert (str(alone.needed), str(alone.missing), alone.is_enough) == ("119571.51", "34571.51", False)
    assert round(alone.rate or 0, 4) == Decimal("0.7109")


def test_a_joint_guarantor_counts_with_what_is_left_of_income_and_assets() -> None:
    can = capacity(income_monthly=Money(10_000_00), net_assets=Money(100_000_00), income_months=36, assets_share=Decimal("0.5"))
    assert can == Money(410_000_00)
    full = Security(key="1", kind="guarantor", liability="joint", amount=Money(100_000_00), capacity=can)
    used = Security(key="2", kind="guarantor", liability="joint", amount=Money(100_000_00), capacity=can, exposure=Money(350_000_00))
    unknown = Security(key="3", kind="guarantor", liability="general", amount=Money(100_000_00))
    found = covered(full, used, unknown)
    assert [(str(one.amount), one.reason) for one in found.securities] == [
        ("50000.00", ""), ("30000.00", "capacity_used_up"), ("0.00", "capacity_unknown")]
    assert found.is_enough and str(found.value) == "165000.00"


def test_an_insurance_that_ends_before_the_loan_counts_for_nothing() -> None:
    whole = Security(key="1", kind="insurance", amount=Money(90_000_00), covered_share=Decimal("0.3"), valid_to=MATURES_ON)
    short = Security(key="2", kind="insurance", amount=Money(90_000_00), valid_to=date(2029, 1, 14))
    found = covered(whole, short)
    assert [(str(one.amount), one.reason) for one in found.securities] == [("35871.45", ""), ("0.00", "insurance_ends")]
    assert found.is_enough


def test_exactly_at_the_minimum_passes_and_a_fen_below_does_not() -> None:
    assert covered(vehicle=119_571_51).is_enough
    below = covered(vehicle=119_571_50)
    assert not below.is_enough and str(below.missing) == "0.01"
    assert str(covered(least_rate=Decimal("1.1"), vehicle=131_528_66).missing) == "0.01"


def test_a_guarantee_period_without_its_own_day_is_six_months() -> None:
    assert claim_until(MATURES_ON, agreed_until=None, default_months=6) == date(2029, 7, 15)
    assert claim_until(MATURES_ON, agreed_until=MATURES_ON, default_months=6) == date(2029, 7, 15)
    assert claim_until(MATURES_ON, agreed_until=date(2031, 1, 15), default_months=6) == date(2031, 1, 15)
    assert claim_until(date(2028, 8, 31), agreed_until=None, default_months=6) == date(2029, 2, 28)
