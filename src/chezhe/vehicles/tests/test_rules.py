from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from chezhe.finmath.money import Money
from chezhe.vehicles import rules
from chezhe.vehicles.tests.filing import ELECTRIC, IMPORTED_VIN, TODAY, USED


def yuan(amount: int | None) -> Money | None:
    return None if amount is None else Money(amount * 100)


@pytest.mark.parametrize(("condition", "price", "guide", "valuation", "base"), [
    ("new", 240_000, 249_900, None, 240_000), ("new", 260_000, 249_900, None, 249_900), ("new", 240_000, None, None, 240_000),
    ("new", 240_000, 249_900, 200_000, 200_000), ("new", None, 249_900, None, 249_900), ("new", None, None, None, None),
    ("used", 98_000, None, 91_000, 91_000), ("used", 88_000, None, 91_000, 88_000), ("used", 98_000, None, None, None),
    ("used", None, None, 91_000, 91_000), ("used", 98_000, 50_000, 91_000, 91_000), ("used", None, None, None, None),
])
def test_the_price_base(condition: str, price: int | None, guide: int | None, valuation: int | None, base: int | None) -> None:
    found = rules.price_base(condition=condition, price=yuan(price), guide_price=yuan(guide), valuation=yuan(valuation))
    assert found == yuan(base)


@pytest.mark.parametrize(("changes", "codes"), [
    ({}, []), ({"vin": IMPORTED_VIN}, []), ({"vin": "LSVNV2182N200000O"}, ["vin.form"]), ({"vin": "LSVNV2182N20000"}, ["vin.form"]),
    ({"plate": "沪I12345"}, ["plate.form"]), ({"plate": "沪A123456"}, ["plate.form"]), ({"plate": "A12345"}, ["plate.province"]),
    ({"plate": ""}, ["vehicle.used_without_plate"]), ({"first_registered_on": None}, ["vehicle.used_without_date"]),
    ({"first_registered_on": date(2026, 3, 17)}, ["vehicle.registered_later"]), ({"mileage_km": None}, ["vehicle.used_without_mileage"]),
    ({"mileage_km": -1}, ["vehicle.mileage"]), ({"mileage_km": 3_000_001}, ["vehicle.mileage"]),
])
def test_what_blocks_a_used_car(changes: dict[str, object], codes: list[str]) -> None:
    assert [fault.finding.code for fault in rules.faults(replace(USED, **changes), TODAY)] == codes


def test_a_new_car_needs_neither_plate_nor_date_nor_mileage() -> None:
    assert not rules.faults(ELECTRIC, TODAY)


@pytest.mark.parametrize(("facts", "code"), [
    (replace(USED, vin=IMPORTED_VIN), "vin.foreign_check_digit"), (replace(USED, plate="沪A12345D"), "vehicle.other_energy"),
    (replace(ELECTRIC, plate="沪A12345"), "vehicle.other_energy"), (replace(USED, first_registered_on=date(2015, 1, 1)), "vehicle.other_year"),
])
def test_what_only_wants_a_second_look(facts: object, code: str) -> None:
    assert code in {fault.finding.code for fault in rules.findings(facts, TODAY) if not fault.finding.is_error}


def test_a_paper_is_held_against_the_file() -> None:
    same = {"vin": "lsvnv2182n2000002", "plate": "沪A·12345", "registered_on": date(2022, 5, 20)}
    assert not rules.paper_findings(USED, same)
    other = {"vin": "LSVNV2182N2000003", "plate": "沪A12346", "engine_no": "X", "registered_on": date(2022, 5, 21), "usage_nature": "taxi"}
    assert [fault.field for fault in rules.paper_findings(USED, other)] == ["vin", "plate", "engine_no", "registered_on", "usage_nature"]


def test_the_age_of_a_car_in_whole_months() -> None:
    assert [rules.age_months(date(2022, 5, 20), on) for on in (date(2026, 5, 19), date(2026, 5, 20))] == [47, 48]


def test_which_cap_a_car_falls_under() -> None:
    assert rules.is_new_energy("plug_in_hybrid") and not rules.is_new_energy("hybrid")
    assert rules.is_commercial("ride_hail") and not rules.is_commercial("commercial_to_private")
