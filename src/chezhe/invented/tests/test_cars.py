"""One VIN is one car: what it is worth falls, what it ran rises, and what happened to it stays."""

from __future__ import annotations

from datetime import date
from statistics import mean

from chezhe.identifiers import vin as vins_of
from chezhe.invented import car, fates
from chezhe.invented.car_models import BY_ID, of_maker
from chezhe.invented.car_values import condition_on, curve_of, days_to_sell, left_after, value_on
from chezhe.invented.tests.crowd import ON, vins


def test_the_same_vin_is_the_same_car() -> None:
    before = [car(number) for number in vins(20)]
    car.cache_clear()
    assert [car(number) for number in vins(20)] == before


def test_it_respects_the_maker_and_the_model_year_that_the_vin_spells() -> None:
    for number in vins():
        life = car(number)
        assert life.model in of_maker(number[:3]) and BY_ID[life.model.id] is life.model
        assert life.model_year in vins_of.model_years(number[9]) and abs(life.registered_on.year - life.model_year) <= 1


def test_it_only_runs_forward_and_loses_value() -> None:
    for number in vins(60):
        life = car(number)
        years = [date(year, 12, 1) for year in range(max(2019, life.registered_on.year), 2028)]
        assert [life.mileage_on(day) for day in years] == sorted(life.mileage_on(day) for day in years)
        worth = [value_on(life, day) for day in years]
        assert worth == sorted(worth, reverse=True)


def test_an_odometer_shows_the_truth_unless_somebody_turned_it_back() -> None:
    honest = [life for life in map(car, vins()) if life.rolled_back_on is None or life.rolled_back_on > ON]
    assert all(life.odometer_on(ON) == life.mileage_on(ON) for life in honest) and len(honest) > 150
    turned = car(fates.car_vin(fates.ROLLED_BACK, model_year=2021))
    assert turned.rolled_back_on is not None and turned.odometer_on(ON) < turned.mileage_on(ON)
    assert turned.odometer_on(turned.registered_on) == turned.mileage_on(turned.registered_on)


def test_damage_lowers_the_value_and_takes_longer_to_sell() -> None:
    sound, wreck = car(fates.car_vin(fates.GOOD)), car(fates.car_vin(fates.WRECK))
    assert wreck.has_had("flood", ON) and wreck.has_had("major", ON) and condition_on(wreck, ON) in "CD"
    assert value_on(sound, ON) / sound.model.price_fen > 1.5 * value_on(wreck, ON) / wreck.model.price_fen
    assert sum(life.has_had("major", ON) for life in map(car, vins())) / len(vins()) < 0.2


def test_electric_cars_fall_faster() -> None:
    assert left_after("pure_electric", 3) < left_after("plug_in_hybrid", 3) < left_after("petrol", 3)
    assert curve_of("range_extended") == "plug_in_hybrid" and curve_of("diesel", "truck") == "truck"
    assert left_after("petrol", 0) == 1 and left_after("petrol", 14) < left_after("petrol", 10)


def test_titles_and_mortgages_are_mostly_clear() -> None:
    lives = [car(number) for number in vins()]
    assert mean(life.is_title_clear for life in lives) > 0.95
    held = car(fates.car_vin(fates.MORTGAGED))
    assert held.is_mortgaged_on(ON) and not held.is_title_clear and not held.is_mortgaged_on(held.registered_on)
    assert all(2 <= days_to_sell(life, ON) <= 365 for life in lives)
