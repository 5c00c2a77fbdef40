"""Two providers see one car through their own habits: near the truth mostly, far off sometimes, and never against themselves."""

from __future__ import annotations

from datetime import date
from statistics import mean, median

import pytest

from chezhe.invented import car, fates
from chezhe.invented.car_values import value_on
from chezhe.invented.tests.crowd import ON, vins
from chezhe.kernel.simulators import World
from chezhe.risk.vendors.asking import Question, Refused
from chezhe.risk.vendors.valuers import client, telling
from chezhe.risk.vendors.valuers.answers import Condition, Valuation

ASKED = Question(reference="Q1", consent="C26-1")


def _asked(vin: str, **changes: object) -> client.CarAsked:
    life = car(vin)
    given = {"registered_on": min(life.registered_on, ON), "mileage_km": life.mileage_on(ON), "city": "杭州", **changes}
    return client.CarAsked(vin=vin, **given)  # type: ignore[arg-type]


def _told(provider: str, vin: str, condition: Condition = "B") -> Valuation:
    life = car(vin)
    return telling.value_of(
        provider, life, ON, city="杭州", registered_on=life.registered_on, mileage_km=life.mileage_on(ON), condition=condition)


@pytest.mark.parametrize("provider", client.PROVIDERS)
def test_it_answers_prices_and_a_path_that_falls(provider: str, world: World) -> None:
    found = client.value(provider, ASKED, _asked(fates.car_vin(fates.GOOD)))
    assert found is not None
    path = [point.price_fen for point in found.residuals]
    assert path[0] == found.prices.b2b_fen and path == sorted(path, reverse=True)
    model = client.identify(provider, ASKED, vin=fates.car_vin(fates.GOOD))
    assert model is not None and model.model_id == found.model_id


def test_habits_differ_and_the_truth_lies_between() -> None:
    ordinary = [number for number in vins() if not any(mishap.kind != "minor" for mishap in car(number).mishaps_on(ON))]
    errors = {
        provider: [_told(provider, number).prices.b2b_fen / value_on(car(number), ON, "杭州") - 1 for number in ordinary]
        for provider in client.PROVIDERS
    }
    low, high = (median(errors[provider]) for provider in client.PROVIDERS)
    assert low < high and abs(low) < 0.1 and abs(high) < 0.1
    far = {provider: mean(abs(error - median(found)) > 0.25 for error in found) for provider, found in errors.items()}
    assert far["jingzhengu"] < far["che300"] < 0.12


def test_what_it_is_told_of_the_car_counts() -> None:
    number = fates.car_vin(fates.GOOD)
    prices = [_told("jingzhengu", number, condition).prices.b2b_fen for condition in ("A", "B", "C", "D")]  # type: ignore[arg-type]
    assert prices == sorted(prices, reverse=True) and len(set(prices)) == 4


def test_the_same_car_has_the_same_price_these_days_and_a_lower_one_a_year_on() -> None:
    life = car(vins()[0])
    asked = {"city": "杭州", "registered_on": life.registered_on, "mileage_km": 50_000, "condition": "B"}
    days = (date(2026, 3, 2), date(2026, 3, 3), date(2027, 6, 1))
    one, two, later = (telling.value_of("che300", life, day, **asked).prices.b2b_fen for day in days)  # type: ignore[arg-type]
    assert one == two > later


def test_valuers_of_that_fate_differ_by_far(world: World) -> None:
    number = fates.car_vin(fates.FAR_OFF)
    low, high = (client.value(provider, ASKED, _asked(number)) for provider in client.PROVIDERS)
    assert low is not None and high is not None and high.prices.b2b_fen > 1.3 * low.prices.b2b_fen


def test_a_price_of_the_maker_overrules_the_providers_own(world: World) -> None:
    number = fates.car_vin(fates.GOOD)
    plain, dearer = (
        client.value("jingzhengu", ASKED, _asked(number, new_price_fen=price)) for price in (None, 2 * car(number).model.price_fen))
    assert plain is not None and dearer is not None and dearer.prices.b2b_fen == pytest.approx(2 * plain.prices.b2b_fen, rel=0.01)


@pytest.mark.parametrize("wrong", [{"mileage_km": -1}, {"condition": "E"}, {"registered_on": date(2026, 4, 1)}, {"new_price_fen": -5}], ids=str)
def test_a_car_that_cannot_be_is_not_valued(wrong: dict[str, object], world: World) -> None:
    with pytest.raises(Refused):
        client.value("jingzhengu", ASKED, _asked(fates.car_vin(fates.GOOD), **wrong))


def test_some_models_are_unknown_to_a_provider() -> None:
    known = mean(telling.knows("che300", car(number)) for number in vins())
    assert 0.9 < known <= 1
