"""Several cars in one decision: asked, measured and named each by itself, and decided again from the record."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

import pytest

from chezhe.finmath.money import Money
from chezhe.kernel import clock
from chezhe.origination.tests.asking import TODAY, WORTH, House, complete, hand_in, submit, vote, work
from chezhe.origination.tests.several import decided, second_car, take_out
from chezhe.origination.tests.test_coverage import valued
from chezhe.risk import proposals
from chezhe.risk.deciding import pages, replaying
from chezhe.risk.deciding import queries as deciding_queries
from chezhe.risk.facts import queries as fact_queries
from chezhe.risk.guarantees import standing
from chezhe.risk.guarantees import steps as guarantee_steps
from chezhe.risk.guarantees.errors import CoverageShort
from chezhe.risk.guarantees.models import CoverageCheck
from chezhe.risk.relations.models import Trace
from chezhe.risk.valuing.models import Valuing
from chezhe.vehicles.models import Vehicle


def stages_of(decision: Any, number: str) -> list[dict[str, Any]]:
    return [one for one in json.loads(decision.record)["verdict"]["stages"] if dict(one["outputs"]).get("car") == number]


def test_every_car_is_asked_about_measured_and_named_in_the_record(house: House) -> None:
    made = complete(house, amount="120,000")
    car = second_car(house, made)
    found = decided(made, house)
    check = CoverageCheck.objects.filter(subject_text=made.subject).first()
    assert check is not None and (check.vehicle_value, check.value) == (Money(90_000_00), Money(180_000_00))
    assert check.lines == [{"number": car.number, "kind": "vehicle", "amount_fen": 90_000_00, "reason": ""}]
    assert check.ltv == Decimal("0.6") and found.ltv == Decimal("0.6") and not check.missing
    kept = json.loads(found.record)
    assert kept["format"] == 4 and kept["cars"][car.number]["car_value_lending"]["value"] == 90_000_00
    first, *others = stages_of(found, car.number)
    assert (first["verdict"], dict(first["outputs"])["counted_fen"]) == ("clear", "9000000")
    assert found.outcome == "referred" and {code for one in others for code in one["unknown"]} >= {"car_title_clear", "car_mortgaged_elsewhere"}
    assert set(Trace.objects.filter(subject=made.subject, kind="vin").values_list("masked", flat=True)) == {
        house.car.masked_vin, car.masked_vin}
    row, rest = pages.car_rows(kept)
    assert (row.number, row.counts, row.share) == (car.number, "¥90,000.00", Decimal("0.5"))
    assert (rest.status, rest.counts, rest.share) == (None, "¥90,000.00", Decimal("0.5")), "the first car"
    assert fact_queries.known([made.subject], clock.now())["ltv"].value == Decimal("0.6")


def test_one_car_is_decided_as_it_always_was(house: House) -> None:
    found = decided(complete(house), house)
    kept = json.loads(found.record)
    assert kept["format"] == 3 and "cars" not in kept and not pages.car_rows(kept)
    assert "cars" not in [one["name"] for one in kept["verdict"]["stages"]]


def test_a_car_whose_value_lapses_before_the_decision_counts_for_nothing_and_refers(house: House) -> None:
    made = complete(house)
    car = second_car(house, made)
    hand_in(made, house.lin)
    Valuing.objects.create(
        number="VV26-000009-1", vehicle=car, status="rechecking", valued_on=TODAY, asked_by_name="沈", asked_at=clock.now())
    work()
    found = deciding_queries.latest(made.subject)
    check = CoverageCheck.objects.filter(subject_text=made.subject).first()
    assert found is not None and check is not None and replaying.replay(found).is_same
    assert check.value == Money(90_000_00) and check.lines[0]["reason"] == "value_missing" and check.ltv == Decimal("0.6")
    assert found.outcome == "referred" and "car_value_lending" in found.unknown
    assert stages_of(found, car.number)[0]["unknown"] == ["car_value_lending"]


def test_the_coverage_is_short_without_the_car_and_enough_with_it(house: House) -> None:
    """67,500.00 is lent on the first car; 60,000.00 and its interest are more than that, and less than 112,500.00."""
    valued(house, Money(75_000_00))
    made = complete(house)
    car = second_car(house, made, amount=Money(50_000_00))
    proposal = proposals.read(made.subject, TODAY)
    assert proposal is not None and [(one.vehicle_number, one.price_base) for one in proposal.further] == [(car.number, Money(50_000_00))]
    submit(made, house.lin)
    check = CoverageCheck.objects.filter(subject_text=made.subject).first()
    assert check is not None and check.value == Money(112_500_00) and not check.missing
    assert check.forward_month is None, "of a car that nobody has valued there is no path"
    vote(made, house.chen, "return", "请核对车辆")
    take_out(made, car, house)
    submit(made, house.lin)
    check = CoverageCheck.objects.filter(subject_text=made.subject).first()
    assert check is not None and check.value == Money(67_500_00) and check.missing
    with pytest.raises(CoverageShort):
        vote(made, house.chen)


def test_a_car_that_was_released_stands_behind_nothing(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    made = complete(house)
    car = second_car(house, made)

    def left(*gone: Vehicle) -> tuple[str, list[str]]:
        running = standing.Owed(Money(50_000_00), Money(5_000_00), TODAY, frozenset(one.number for one in gone))
        monkeypatch.setattr(standing, "owed", lambda _subject, _on: running)
        found = guarantee_steps._still_owed(made.subject, TODAY)
        return found.vehicle_number, [one.vehicle_number for one in found.further]

    assert left() == (house.car.number, [car.number])
    assert left(car) == (house.car.number, [])
    assert left(house.car) == (car.number, []), "the next one that stands takes its place"


def test_the_path_of_the_residual_is_of_all_cars_that_count(house: House) -> None:
    valued(house)
    made = complete(house)
    car = second_car(house, made)
    Valuing.objects.create(
        number="VV26-000002-1", vehicle=car, status="agreed", valued_on=TODAY, age_months=45, value=WORTH, basis=WORTH,
        path=[40_000_00] * 61, asked_by_name="沈", asked_at=clock.now())
    submit(made, house.lin)
    check = CoverageCheck.objects.filter(subject_text=made.subject).first()
    assert check is not None and (check.forward_month, check.forward_max) == (0, Decimal("0.428571"))
