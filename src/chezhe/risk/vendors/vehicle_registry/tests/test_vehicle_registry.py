"""The register and the history of a car: what it tells, and what that means."""

from __future__ import annotations

from datetime import date
from random import Random
from statistics import mean

from chezhe.identifiers import synthetic
from chezhe.invented import car, fates
from chezhe.invented.tests.crowd import ON, vins
from chezhe.kernel.simulators import World
from chezhe.risk.vendors.asking import Question
from chezhe.risk.vendors.vehicle_registry import client, telling
from chezhe.risk.vendors.vehicle_registry.answers import History, MileageRecord
from chezhe.risk.vendors.vehicle_registry.reading import history_facts, title_facts

ASKED = Question(reference="Q1", consent="C26-1")


def test_a_car_pledged_elsewhere_says_so(world: World) -> None:
    found = client.title(ASKED, vin=fates.car_vin(fates.MORTGAGED), plate="浙A12345", owner_number="1")
    assert found is not None
    facts = title_facts(found, ON)
    assert facts["car_mortgaged_elsewhere"] and not facts["car_title_clear"]


def test_a_released_mortgage_is_none() -> None:
    life = next(life for life in map(car, vins()) if life.mortgaged and life.mortgaged[1] and life.mortgaged[1] < ON)
    told = telling.title_of(life, ON, plate="", owner_number="")
    assert told.mortgages and not title_facts(told, ON)["car_mortgaged_elsewhere"]


def test_what_was_not_asked_is_unknown() -> None:
    facts = title_facts(telling.title_of(car(vins()[0]), ON, plate="", owner_number=""), ON)
    assert "car_plate_match" not in facts and "car_title_clear" not in facts


def test_a_car_that_is_not_registered_yet_is_in_no_register(world: World) -> None:
    assert client.title(ASKED, vin=synthetic.invent_vin(Random(1), 2029)) is None


def test_a_turned_odometer_contradicts_the_readings(world: World) -> None:
    number = fates.car_vin(fates.ROLLED_BACK, model_year=2020)
    found = client.history(ASKED, vin=number)
    assert found is not None and history_facts(found, ON, car(number).odometer_on(ON))["car_mileage_conflict"]
    honest = client.history(ASKED, vin=fates.car_vin(fates.GOOD, model_year=2020))
    assert honest is not None
    assert not history_facts(honest, ON, car(fates.car_vin(fates.GOOD, model_year=2020)).odometer_on(ON))["car_mileage_conflict"]


def test_flood_and_broken_frame_come_from_what_insurers_paid(world: World) -> None:
    found = client.history(ASKED, vin=fates.car_vin(fates.WRECK))
    assert found is not None and (history_facts(found, ON, 1)["car_flood"] or history_facts(found, ON, 1)["car_major_accident"])
    flooded = [telling.history_of(car(number), ON) for number in vins()]
    assert mean(bool(history_facts(each, ON, None)["car_flood"]) for each in flooded) < 0.05


def test_a_slip_of_the_pen_is_no_conflict_and_no_reading_says_nothing() -> None:
    readings = tuple(MileageRecord(on=date(2025, month, 1), mileage_km=km, by="甲") for month, km in ((3, 30_000), (9, 36_000)))
    history = History(as_of=ON, claims=(), readings=readings, insured_until=None)
    assert history_facts(history, ON, 35_600)["car_mileage_conflict"] is False
    assert history_facts(history, ON, 31_000)["car_mileage_conflict"] is True
    assert "car_mileage_conflict" not in history_facts(history, ON, None) and history_facts(history, ON, None)["car_insured"] is False


def test_what_was_told_of_march_is_told_of_april() -> None:
    for number in vins(40):
        early, late = (telling.history_of(car(number), day) for day in (date(2025, 6, 1), ON))
        assert late.readings[: len(early.readings)] == early.readings and late.claims[: len(early.claims)] == early.claims
