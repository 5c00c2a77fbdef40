"""The stage of the further cars, as pure values: each is asked what the first is asked, and a record of several cars replays."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

from chezhe.risk.deciding import record, several
from chezhe.risk.deciding.rules import decide, standing
from chezhe.risk.deciding.values import APPROVED, CARS, DECLINED, REFERRED, Case, Given, Policy
from chezhe.risk.facts.catalogue import vehicles
from chezhe.risk.tests.deciding.cases import AT, TABLES_OF, case, gate, given, strategy

HEADING = record.Heading(
    number="DC26-000001-1", subject="application:A26-000001-8", kind="live", decided_at="2026-03-16T10:00:00+08:00", on=date(2026, 3, 16))
SOUND = {"car_title_clear": True, "car_mortgaged_elsewhere": False, "car_age_months": 40, "car_value_lending": 4_000_000}
KNOCKOUT = gate(
    "knockout", ("has_enforcement", "boolean", "true", "R04"), ("car_title_clear", "boolean", "false", "R14"),
    ("car_mortgaged_elsewhere", "boolean", "true", "R14"), ("car_age_months", "integer", "> 120", "R13"),
)
JUDGES = strategy(policies={
    **strategy().policies,
    "knockout": Policy(code="knockout", version=1, content_hash="knockout-hash", table=KNOCKOUT, collects=True),
})


def car(without: tuple[str, ...] = (), **changes: Any) -> dict[str, Given]:
    return {code: given(code, raw, "vehicle_registry") for code, raw in {**SOUND, **changes}.items() if code not in without}


def on_cars(*, of_first: dict[str, Any] | None = None, **cars: dict[str, Given]) -> Case:
    first = {code: raw for code, raw in SOUND.items() if code != "car_value_lending"} | (of_first or {})
    return replace(case(judged_by=JUDGES, **first), cars={name.replace("_", "-"): told for name, told in cars.items()})


def test_what_is_told_of_a_car_is_what_the_catalogue_says() -> None:
    assert all(several.is_of_car(one.code) for one in vehicles.FACTS)
    assert not any(several.is_of_car(code) for code in ("car_condition", "car_use_kind", "car_energy_kind", "ltv", "same_vin_applications"))


def test_sound_cars_are_approved_with_what_each_counts_for() -> None:
    verdict = decide(on_cars(V2=car(), V3=car(car_value_lending=1_000_000)))
    said = [dict(stage.outputs) for stage in verdict.stages if stage.name == CARS]
    assert verdict.outcome == APPROVED and said == [{"car": "V2", "counted_fen": "4000000"}, {"car": "V3", "counted_fen": "1000000"}]


def test_a_bad_further_car_declines_under_its_own_number() -> None:
    verdict = decide(on_cars(V2=car(), V3=car(car_mortgaged_elsewhere=True)))
    bad = [stage for stage in verdict.stages if stage.name == CARS and stage.verdict == DECLINED]
    assert verdict.outcome == DECLINED and verdict.reasons == ("R14",)
    assert [(stage.output("car"), stage.rows, stage.policy) for stage in bad] == [("V3", (3,), "knockout")]


def test_the_same_fault_of_both_cars_is_named_of_both_and_what_is_of_people_of_none() -> None:
    verdict = decide(on_cars(of_first={"car_age_months": 130, "has_enforcement": True}, V2=car(car_age_months=140)))
    first = verdict.stage("knockout")
    assert first is not None and first.rows == (1, 4)
    assert [stage.rows for stage in verdict.stages if stage.name == CARS and stage.rows] == [(4,)]
    assert standing(verdict.stages)["exceptions"] == 3


def test_what_nobody_tells_of_a_further_car_refers_and_never_declines() -> None:
    verdict = decide(on_cars(V2=car(without=("car_title_clear",))))
    assert (verdict.outcome, verdict.unknown) == (REFERRED, ("car_title_clear",))


def test_a_car_whose_value_nobody_stands_by_refers() -> None:
    verdict = decide(on_cars(V2={**car(), "car_value_lending": several.absent(AT)}))
    assert (verdict.outcome, verdict.unknown) == (REFERRED, ("car_value_lending",))


def test_the_first_cars_facts_are_not_borrowed_for_another() -> None:
    verdict = decide(on_cars(V2={"car_value_lending": given("car_value_lending", 100, "decision")}))
    assert verdict.outcome == REFERRED and set(verdict.unknown) == {"car_title_clear", "car_mortgaged_elsewhere", "car_age_months"}


def test_a_table_that_is_missing_says_so_once() -> None:
    lacking = strategy(policies={**JUDGES.policies, "fraud": None})
    verdict = decide(replace(on_cars(V2=car()), strategy=lacking))
    assert [(name, trouble) for name, trouble in verdict.troubles] == [("fraud", "policy_missing")]


def test_in_a_table_of_which_one_row_is_heard_the_row_that_spoke_of_the_loan_speaks_once() -> None:
    table = TABLES_OF["prescreen"]
    assert table.table.hit_policy.is_collecting  # the shipped gates hear every row
    alone = Policy(code="knockout", version=1, content_hash="knockout-hash", table=KNOCKOUT, collects=False)
    judged = strategy(policies={**JUDGES.policies, "knockout": alone})
    verdict = decide(replace(on_cars(of_first={"car_age_months": 130}, V2=car(car_age_months=140)), strategy=judged))
    assert not [stage for stage in verdict.stages if stage.name == CARS and stage.rows]
    assert verdict.outcome == DECLINED


def test_a_record_of_several_cars_comes_to_the_same_bytes() -> None:
    made = on_cars(V2=car(car_age_months=140), V3={**car(), "car_value_lending": several.absent(AT)})
    kept = record.write(HEADING, made, (), decide(made))
    told = record.read(kept.body)
    assert told["format"] == 4 and sorted(told["cars"]) == ["V2", "V3"]
    again = Case(
        facts=record.facts_of(told), strategy=JUDGES, bounds=record.bounds_of(told), cover=record.cover_of(told),
        asks_fees=record.asks_fees(told), cars=record.cars_of(told),
    )
    assert record.write(HEADING, again, (), decide(again)).body == kept.body
    alone = on_cars()
    assert record.read(record.write(HEADING, alone, (), decide(alone)).body)["format"] == 3
