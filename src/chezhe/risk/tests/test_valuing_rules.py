"""What must hold for any cars, opinions, appraisers and offers."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chezhe.finmath.money import Money
from chezhe.risk.valuing import bias, curves, flags, formulas, selling
from chezhe.risk.valuing.blending import REFER, Opinion, blend, weighted_median
from chezhe.risk.valuing.flags import Reading, Word

OUTLIER, RECHECK_RATE = Decimal("0.15"), Decimal("0.05")
amounts = st.integers(1_000_00, 2_000_000_00)
opinions = st.lists(
    st.builds(lambda amount, weight: (amount, weight), amounts, st.integers(1, 5)), min_size=0, max_size=8,
).map(lambda rows: [Opinion(source=f"s{at}", amount=Money(amount), weight=weight) for at, (amount, weight) in enumerate(rows)])
DAY = date(2026, 1, 1)


@given(opinions)
def test_a_value_lies_between_the_voices_that_count_and_nobody_is_lost(said: list[Opinion]) -> None:
    found = blend(said, outlier_rate=OUTLIER, recheck_rate=RECHECK_RATE)
    assert sorted(voice.opinion.source for voice in found.voices) == sorted(one.source for one in said)
    if found.value is None:
        assert found.outcome == REFER and len(found.kept) < 2
        return
    kept = [one.amount for one in found.kept]
    assert len(kept) >= 2 and min(kept) <= found.value <= max(kept)
    assert found.low is not None and found.high is not None and found.low <= min(kept) and found.high >= max(kept)


@given(opinions, st.randoms())
def test_the_order_of_the_voices_changes_nothing(said: list[Opinion], chance: object) -> None:
    shuffled = list(said)
    chance.shuffle(shuffled)  # type: ignore[attr-defined]
    one, other = (blend(rows, outlier_rate=OUTLIER, recheck_rate=RECHECK_RATE) for rows in (said, shuffled))
    assert (one.value, one.outcome, set(one.voices)) == (other.value, other.outcome, set(other.voices))


@given(opinions.filter(bool))
def test_half_of_the_weight_stands_on_either_side_of_the_median(said: list[Opinion]) -> None:
    middle, whole = weighted_median(said), sum(one.weight for one in said)
    assert 2 * sum(one.weight for one in said if one.amount < middle) <= whole
    assert 2 * sum(one.weight for one in said if one.amount > middle) <= whole


def test_an_opinion_of_nothing_is_no_opinion() -> None:
    with pytest.raises(ValueError, match="above nothing"):
        blend([Opinion(source="a", amount=Money(0), weight=1)], outlier_rate=OUTLIER, recheck_rate=RECHECK_RATE)


@given(amounts, st.integers(0, 400), st.integers(0, 84), st.sampled_from(["conventional", "nev"]))
def test_a_car_never_gains_by_age(value: int, age: int, months: int, energy: str) -> None:
    path = curves.residual_path(Money(value), age_months=age, months=months, energy=energy)
    assert len(path) == months + 1 and path[0] == Money(value) and list(path) == sorted(path, reverse=True)


@given(amounts, st.integers(0, 180), st.integers(0, 500_000))
def test_no_formula_makes_a_car_dearer_than_new_or_cheaper_than_nothing(price: int, age: int, mileage: int) -> None:
    new = Money(price)
    for value in (
        formulas.by_mileage(new, mileage), formulas.straight_line(new, age_months=age, life_months=180),
        formulas.sum_of_years(new, years=age // 12, life_years=15), formulas.double_declining(new, years=age // 12, life_years=15),
        formulas.by_replacement_cost(new, age_months=age, life_months=180), curves.by_curve(new, age_months=age, energy="nev"),
    ):
        assert Money(0) <= value <= new


@given(st.integers(12, 120), st.integers(0, 300_000), st.integers(0, 5))
def test_more_kilometres_and_more_owners_never_make_a_car_dearer(age: int, mileage: int, transfers: int) -> None:
    def level(more_km: int, more_owners: int) -> Decimal:
        state = formulas.State(age_months=age, mileage_km=mileage + more_km, transfers=transfers + more_owners)
        return formulas.level(state, formulas.Steps())
    assert level(10_000, 0) <= level(0, 0) and level(0, 1) <= level(0, 0) and level(0, 0) > 0


@given(amounts, st.lists(st.decimals("0.01", "1.5", places=3), min_size=3, max_size=8))
def test_a_path_along_shares_never_rises_and_meets_its_years(value: int, shares: list[Decimal]) -> None:
    years = [Decimal(1), *shares]
    path = curves.path_along(Money(value), years, 12 * len(shares))
    assert list(path) == sorted(path, reverse=True) and path[0] == Money(value)
    assert path[24] == Money(value).times(min(years[:3]))
    with pytest.raises(ValueError, match="years end"):
        curves.path_along(Money(value), years, 12 * len(shares) + 1)


def test_grades_of_every_aspect_are_needed() -> None:
    with pytest.raises(ValueError, match="technical_state"):
        formulas.adjustment_factor({"use": Decimal(1)})
    with pytest.raises(ValueError, match="state of health"):
        curves.battery_factor(Decimal("1.3"))
    with pytest.raises(ValueError, match="at least one month"):
        curves.forward_ltv([], [])


def test_what_is_owed_on_a_car_worth_nothing_is_the_worst_there_is() -> None:
    path = curves.forward_ltv([Money(100), Money(50)], [Money(100), Money(0)])
    assert (path.worst, path.worst_month, path.ratios) == (Decimal("Infinity"), 1, (Decimal(1), None))


# ---- appraisers -----------------------------------------------------------------------------------------------


def test_an_appraiser_without_a_past_has_no_bias() -> None:
    assert bias.measure([]) == bias.Bias(0, Decimal(0), None, None) and bias.measure([]).factor == 1


def test_one_odd_car_makes_no_bias_but_fifty_do() -> None:
    one, many = bias.measure([Decimal("1.12")]), bias.measure([Decimal("1.12")] * 50)
    assert one.rate < Decimal("0.02") and one.low is None
    assert Decimal("0.09") < many.rate < Decimal("0.12") and many.factor < Decimal("0.92")
    assert many.low is not None and many.high is not None and many.low <= many.rate <= many.high


def test_a_slip_of_the_pen_is_no_bias() -> None:
    assert bias.measure([Decimal(10), Decimal("0.1"), Decimal(0)]) == bias.measure([])


@given(st.lists(st.decimals("0.7", "1.4", places=3), min_size=2, max_size=60))
def test_the_bias_is_never_more_than_the_mean_of_the_ratios_says(ratios: list[Decimal]) -> None:
    found = bias.measure(ratios)
    assert min(Decimal(1), *ratios) - 1 <= found.rate <= max(Decimal(1), *ratios) - 1


# ---- days to sell ---------------------------------------------------------------------------------------------


def test_a_dear_car_waits_longer_and_offers_teach() -> None:
    house = selling.hazards([])
    days = [selling.days_to_sell(house, segment="nev", position=Decimal(position)).median for position in ("0.8", "0.9", "1.0", "1.1", "1.2")]
    assert days == sorted(days) and days[0] < days[-1]
    slow = [selling.Offer("nev", Decimal("1.0"), 120, False)] * 200
    taught = selling.days_to_sell(selling.hazards(slow), segment="nev", position=Decimal("1.0"))
    assert taught.median > days[2] and taught.offers == 200 and taught.low <= taught.median <= taught.high
    with pytest.raises(KeyError):
        selling.days_to_sell(house, segment="boats", position=Decimal(1))


# ---- flags ----------------------------------------------------------------------------------------------------


def test_one_source_is_enough_for_a_flood_and_all_are_needed_for_a_clear_title() -> None:
    said = [
        Word("car_flood", False, "appraiser", DAY), Word("car_flood", True, "vehicle_registry", DAY),
        Word("car_title_clear", True, "appraiser", DAY), Word("car_title_clear", False, "vehicle_registry", DAY),
        Word("car_usage", "taxi", "vehicle_registry", DAY + timedelta(1)), Word("car_usage", "non_commercial", "file", DAY),
    ]
    found = flags.judge(said)
    assert (found["car_flood"].value, found["car_title_clear"].value, found["car_usage"].value) == (True, False, "taxi")
    assert all(found[point].is_contradicted for point in found) and "car_fire" not in found
    with pytest.raises(ValueError, match="unknown point"):
        flags.judge([Word("car_colour", "red", "file", DAY)])


def test_a_clock_that_runs_backwards_is_found_across_sources() -> None:
    readings = [
        Reading(DAY, 80_000, "inspection"), Reading(DAY + timedelta(400), 52_000, "appraiser"), Reading(DAY + timedelta(1), 80_300, "file"),
        Reading(DAY + timedelta(2), 80_000, "file"),
    ]
    found = flags.rollbacks(readings)
    assert [(one.earlier.mileage_km, one.later.mileage_km, one.lost_km) for one in found] == [(80_300, 52_000, 28_300)]
    assert flags.rollbacks(readings[:1]) == []


def test_a_taxi_has_an_end_and_a_private_car_has_none() -> None:
    assert flags.months_to_scrap(usage="taxi", age_months=90, life_months={"taxi": 96}) == 6
    assert flags.months_to_scrap(usage="taxi", age_months=99, life_months={"taxi": 96}) == 0
    assert flags.months_to_scrap(usage="non_commercial", age_months=200, life_months={"taxi": 96}) is None
