"""What cars are worth by formula, by hand: the cases of the valuation handbook, to the fen."""

from __future__ import annotations

from decimal import Decimal

import pytest

from chezhe.finmath.money import Money
from chezhe.risk.valuing import curves, formulas
from chezhe.risk.valuing.blending import AGREED, RECHECK, REFER, Opinion, blend
from chezhe.risk.valuing.formulas import Deal, State, Steps
from chezhe.risk.valuing.haircuts import haircut, lending_value

NEW_PRICE = Money(150_000_00)
FIGURES = {
    "HAIRCUT_BASE": Decimal("0.10"), "HAIRCUT_AGE_60": Decimal("0.03"), "HAIRCUT_AGE_96": Decimal("0.08"), "HAIRCUT_NEV": Decimal("0.05"),
    "HAIRCUT_COMMERCIAL": Decimal("0.10"), "HAIRCUT_TIER_C": Decimal("0.05"), "HAIRCUT_TIER_D": Decimal("0.10"),
}


def test_a_car_of_150_000_is_written_off_in_three_ways() -> None:
    assert str(formulas.straight_line(NEW_PRICE, age_months=30, life_months=180)) == "125000.00"
    assert str(formulas.sum_of_years(NEW_PRICE, years=2, life_years=15)) == "113750.00"
    assert str(formulas.double_declining(NEW_PRICE, years=2, life_years=15)) == "112666.67"


@pytest.mark.parametrize(("kilometres", "left"), [
    (0, "150000.00"), (60_000, "100000.00"), (90_000, "80000.00"), (150_000, "45000.00"), (300_000, "0.00"), (400_000, "0.00"),
])
def test_54321_takes_five_fifteenths_first(kilometres: int, left: str) -> None:
    assert str(formulas.by_mileage(NEW_PRICE, kilometres)) == left


def test_the_replacement_cost_is_the_life_left_times_the_adjustment() -> None:
    grades = {name: Decimal("1.0") for name in formulas.ASPECT_WEIGHTS} | {"technical_state": Decimal("0.9"), "use": Decimal("0.8")}
    assert formulas.adjustment_factor(grades) == Decimal("0.940")
    private = formulas.by_replacement_cost(NEW_PRICE, age_months=36, life_months=180, adjustment=Decimal("0.94"))
    taxi = formulas.by_replacement_cost(NEW_PRICE, age_months=36, life_months=96, adjustment=Decimal("0.94"))
    assert (str(private), str(taxi)) == ("112800.00", "88125.00")
    assert formulas.by_replacement_cost(NEW_PRICE, age_months=181, life_months=180) == Money(0)


def test_comparable_deals_are_brought_to_the_same_state_before_the_median() -> None:
    """36 months old, 80,000 km (20,000 above the usual), two owners before, graded C: 0.80 × 0.96 × 0.94 × 0.88."""
    mine = State(age_months=36, mileage_km=80_000, transfers=2, condition="C")
    assert formulas.level(mine, Steps()) == Decimal("0.80") * Decimal("0.96") * Decimal("0.94") * Decimal("0.88")
    usual = State(age_months=36, mileage_km=60_000, condition="A")
    deals = [Deal(Money(price * 100), usual) for price in (100_000, 90_000, 110_000)]
    assert formulas.by_market(deals, usual, Steps()) == Money(100_000_00)
    assert str(formulas.by_market(deals, mine, Steps())) == "79411.20"
    assert formulas.by_market(deals[:2], mine, Steps()) is None


def test_new_energy_falls_faster_and_a_tired_battery_takes_more() -> None:
    conventional = curves.by_curve(NEW_PRICE, age_months=30, energy="conventional")
    electric = curves.by_curve(NEW_PRICE, age_months=30, energy="nev")
    tired = curves.by_curve(NEW_PRICE, age_months=30, energy="nev", health=Decimal("0.70"))
    assert (str(conventional), str(electric), str(tired)) == ("103500.00", "83250.00", "70762.50")


def test_two_outvote_the_third_and_he_is_named() -> None:
    said = [Opinion(source=name, amount=Money(amount * 100), weight=3) for name, amount in
            (("che300", 100_000), ("jingzhengu", 102_000), ("appraiser", 140_000))]
    found = blend(said, outlier_rate=Decimal("0.15"), recheck_rate=Decimal("0.05"))
    assert (found.outcome, str(found.value)) == (RECHECK, "101000.00")
    assert [voice.opinion.source for voice in found.voices if not voice.is_kept] == ["appraiser"]
    of_two = blend([said[0], said[2]], outlier_rate=Decimal("0.15"), recheck_rate=Decimal("0.05"))
    assert (of_two.outcome, of_two.value, of_two.kept) == (REFER, None, ())
    agreeing = blend(said[:2], outlier_rate=Decimal("0.15"), recheck_rate=Decimal("0.05"))
    assert (agreeing.outcome, str(agreeing.low), str(agreeing.high)) == (AGREED, "100000.00", "102000.00")
    assert blend(said[:1], outlier_rate=Decimal("0.15"), recheck_rate=Decimal("0.05")).outcome == REFER


def test_the_lending_value_is_the_lowest_value_less_the_haircut() -> None:
    cut = haircut(FIGURES, age_months=70, is_new_energy=True, is_commercial=False, tier="C")
    assert cut.rate == Decimal("0.23") and list(cut.parts) == ["HAIRCUT_BASE", "HAIRCUT_AGE_60", "HAIRCUT_NEV", "HAIRCUT_TIER_C"]
    lent = lending_value(blend=Money(101_000_00), outside=[Money(100_000_00), Money(102_000_00)], invoice=Money(99_000_00), cut=cut)
    assert (str(lent.basis), lent.bound_by, str(lent.amount)) == ("99000.00", "invoice", "76230.00")
    without = lending_value(blend=Money(101_000_00), outside=[Money(99_500_00)], invoice=None, cut=cut)
    assert (without.bound_by, str(without.amount)) == ("outside", "76615.00")


def test_the_worst_month_is_named_where_the_balance_outruns_the_car() -> None:
    """A balloon keeps the debt up while the car falls: the month before it is paid is the worst."""
    residuals = curves.residual_path(Money(100_000_00), age_months=0, months=3, energy="nev")
    assert [str(value) for value in residuals] == ["100000.00", "97666.67", "95333.33", "93000.00"]
    path = curves.forward_ltv([Money(80_000_00), Money(79_000_00), Money(78_000_00), Money(0)], residuals)
    assert path.worst_month == 2 and path.worst == Decimal(78_000_00) / 95_333_33
