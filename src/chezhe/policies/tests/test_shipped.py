"""The tables a fresh database decides by."""

from __future__ import annotations

import json
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from chezhe.compliance.seeds import parameters
from chezhe.decisiontables import files, lint
from chezhe.kernel import parameters as dated
from chezhe.kernel.models import StatusMove
from chezhe.policies import judging, queries, rules, seeds
from chezhe.policies.models import Policy, PolicyVersion

pytestmark = pytest.mark.django_db

CODES = ["prescreen", "knockout", "fraud", "tier", "pricing", "limits", "route", "approval"]
DAY = date(2026, 3, 20)
CLEAN_PERSON: dict[str, Any] = {
    "borrower_kind": "person", "product": "P02", "purpose": "purchase", "age_years": 35, "is_local": True, "on_blacklist": False,
    "channel": "dealer", "dealer_status": "active", "dealer_months": 24, "dealer_first_payment_default_rate": Decimal("0.01"), "car_age_months": 30,
    "id_verified": True, "face_verified": True, "card_verified": True, "has_enforcement": False, "has_consumption_ban": False,
    "has_court_case": False, "bureau_overdue_now": False, "bureau_overdue_amount_now": 0, "bureau_bad_debt": False,
    "bureau_missed_in_row_24m": 0, "bureau_missed_total_24m": 1, "lenders_applied_30d": 1, "lenders_applied_90d": 2,
    "bureau_hard_inquiries_3m": 2, "dti": Decimal("0.4337"), "income_verified_monthly": 1_250_000, "income_gap_rate": Decimal("0.1"), "income_contradicted": False,
    "flow_interest_ok": True, "car_mileage_km": 56_000, "car_mileage_conflict": False, "car_title_clear": True,
    "car_mortgaged_elsewhere": False, "ltv": Decimal("0.65"), "forward_ltv_max": Decimal("0.8"), "car_vin_match": True,
    "car_plate_match": True, "car_major_accident": False, "car_flood": False, "car_fire": False, "car_insured": True,
    "watch_list_hit": False, "parties_barred": False, "parties_in_arrears": False, "parties_listed": False, "phone_name_match": True, "phone_months": 60, "flow_is_continuous": True, "flow_gambling_amount": 0,
    "same_phone_people": 0, "same_device_people": 0, "same_card_people": 0, "same_address_people": 1, "same_employer_phone_people": 2,
    "same_vin_applications": 0, "ring_size": 1, "ring_bad_rate": Decimal("0"), "guarantor_applications": 0, "plate_other_vins": 0,
    "employer_bad_people": 0, "employer_bad_rate": Decimal("0"),
}


def told(code: str, **facts: Any) -> Any:
    return queries.compiled(queries.current(code, DAY)).evaluate({**CLEAN_PERSON, **facts})


def reasons(code: str, **facts: Any) -> list[tuple[Any, Any]]:
    return [(hit["outcome"], hit["reason"]) for hit in told(code, **facts).outputs]


def test_every_table_is_in_force_and_seeding_again_changes_nothing() -> None:
    before = list(PolicyVersion.objects.values_list("number", "content_hash", "published_at"))
    seeds.seed_policies()
    assert list(PolicyVersion.objects.values_list("number", "content_hash", "published_at")) == before
    assert list(queries.all_current(DAY)) and sorted(queries.all_current(DAY)) == sorted(CODES)
    assert [policy.code for policy in Policy.objects.all()] == CODES
    assert {version.published_by_name for version in PolicyVersion.objects.all()} == {"系统"}
    assert StatusMove.objects.filter(subject="policy_version:tier-v1", status_to="published").count() == 1


@pytest.mark.parametrize("code", CODES)
def test_a_shipped_table_is_clean_and_keeps_its_contract(code: str) -> None:
    version = queries.current(code, DAY)
    assert judging.judge(version.policy, version.table) == [] == version.findings
    assert lint.lint(version.table) == []
    assert judging.fingerprint(version.content) == version.content_hash


@pytest.mark.parametrize("code", CODES)
def test_the_shipped_file_is_the_plain_form_that_the_command_line_reads(code: str) -> None:
    given = json.loads((seeds.FOLDER / f"{code}.json").read_text(encoding="utf-8"))
    assert files.to_json(files.from_json(given)) == given


def test_a_table_that_picks_one_row_ends_with_a_row_for_everything_else() -> None:
    for one in seeds.shipped():
        assert rules.has_otherwise(one.table) is (one.table.hit_policy != "COLLECT"), one.code
        assert all(rule.note for rule in one.table.rules), one.code


@pytest.mark.parametrize("code", ["prescreen", "knockout", "fraud"])
def test_an_ordinary_customer_passes_the_gates(code: str) -> None:
    assert str(told(code).outcome) == "none"


@pytest.mark.parametrize("code", ["prescreen", "knockout", "fraud"])
def test_no_gate_lets_through_what_it_does_not_know(code: str) -> None:
    asked = {column.name for column in queries.current(code, DAY).table.inputs}
    # What these are cannot matter while the other cell of their row says no.
    beside_the_point = {"borrower_kind", "channel", "bureau_overdue_amount_now", "dealer_months", "product", "ring_bad_rate", "employer_bad_rate", "employer_bad_people"}
    for name in sorted(asked & set(CLEAN_PERSON) - beside_the_point):
        result = told(code, **{name: None})
        assert str(result.outcome) == "refer" and name in result.unknown, name


@pytest.mark.parametrize(("name", "beside"), [
    ("employer_bad_people", {"employer_bad_rate": Decimal("1")}), ("employer_bad_rate", {"employer_bad_people": 50}),
    ("ring_bad_rate", {"ring_size": 50}),
])
def test_what_is_beside_the_point_is_not_where_the_other_cell_says_yes(name: str, beside: dict[str, Any]) -> None:
    result = told("fraud", **{name: None}, **beside)
    assert str(result.outcome) == "refer" and name in result.unknown


@pytest.mark.parametrize(("code", "facts", "expected"), [
    ("prescreen", {"age_years": 17}, ("decline", "R01")), ("prescreen", {"age_years": 66}, ("refer", "R01")),
    ("prescreen", {"on_blacklist": True}, ("decline", "R03")), ("prescreen", {"purpose": "working_capital"}, ("decline", "R18")),
    ("prescreen", {"is_local": False}, ("refer", "R19")), ("prescreen", {"dealer_status": "suspended"}, ("decline", "R23")),
    ("prescreen", {"dealer_first_payment_default_rate": Decimal("0.06")}, ("refer", "R23")),
    ("prescreen", {"car_age_months": 121}, ("decline", "R13")), ("prescreen", {"car_age_months": 97}, ("refer", "R13")),
    ("knockout", {"id_verified": False}, ("decline", "R01")), ("knockout", {"has_enforcement": True}, ("decline", "R04")),
    ("knockout", {"bureau_overdue_now": True, "bureau_overdue_amount_now": 100_001}, ("decline", "R05")),
    ("knockout", {"bureau_overdue_now": True, "bureau_overdue_amount_now": 100_000}, ("refer", "R05")),
    ("knockout", {"bureau_missed_in_row_24m": 3}, ("decline", "R06")), ("knockout", {"bureau_missed_total_24m": 6}, ("decline", "R06")),
    ("knockout", {"lenders_applied_30d": 8}, ("decline", "R07")), ("knockout", {"bureau_hard_inquiries_3m": 7}, ("decline", "R08")),
    ("knockout", {"dti": Decimal("0.6001")}, ("decline", "R09")), ("knockout", {"income_verified_monthly": 199_999}, ("decline", "R11")),
    ("knockout", {"income_contradicted": True}, ("refer", "R11")),
    ("knockout", {"car_mileage_km": 200_001}, ("decline", "R13")), ("knockout", {"car_mortgaged_elsewhere": True}, ("decline", "R14")),
    ("knockout", {"ltv": Decimal("1.01")}, ("decline", "R15")), ("knockout", {"car_vin_match": False}, ("decline", "R16")),
    ("knockout", {"car_flood": True}, ("decline", "R17")), ("knockout", {"car_insured": False}, ("refer", "R20")),
    ("knockout", {"watch_list_hit": True}, ("decline", "R22")), ("knockout", {"parties_barred": True}, ("refer", "R04")),
    ("knockout", {"parties_in_arrears": True}, ("refer", "R05")), ("knockout", {"parties_listed": True}, ("decline", "R22")),
    ("fraud", {"same_device_people": 5}, ("decline", "R12")),
    ("fraud", {"flow_is_continuous": False}, ("refer", "R12")), ("fraud", {"same_vin_applications": 1}, ("refer", "R12")),
])
def test_each_hard_rule_gives_its_code(code: str, facts: dict[str, Any], expected: tuple[str, str]) -> None:
    assert reasons(code, **facts) == [expected]


def test_a_new_car_is_not_asked_for_what_only_a_used_one_has() -> None:
    used_only = ["car_mileage_km", "car_mileage_conflict", "car_vin_match", "car_plate_match", "car_flood", "car_title_clear", "car_insured"]
    assert str(told("knockout", product="P01", **dict.fromkeys(used_only)).outcome) == "none"


@pytest.mark.parametrize(("facts", "tier"), [
    ({"score": 650, "bureau_is_thin": False}, "A"), ({"score": 650, "bureau_is_thin": True}, "B"), ({"score": 649, "bureau_is_thin": False}, "B"),
    ({"score": 620, "bureau_is_thin": False}, "B"), ({"score": 619, "bureau_is_thin": False}, "C"), ({"score": 580, "bureau_is_thin": True}, "C"),
    ({"score": 579, "bureau_is_thin": False}, "D"),
])
def test_the_score_makes_the_tier(facts: dict[str, Any], tier: str) -> None:
    assert told("tier", **facts).outputs == {"tier": tier}


def test_a_score_nobody_knows_makes_no_tier() -> None:
    assert told("tier", score=None, bureau_is_thin=False).unknown == ("score",)


def test_price_rises_with_the_tier_the_share_and_the_term() -> None:
    asked = [(tier, ltv, periods) for tier in "ABCD" for ltv in ("0.5", "0.9") for periods in (12, 60)]
    steps = {key: told("pricing", tier=key[0], ltv=Decimal(key[1]), periods=key[2]).outputs["rate_step"] for key in asked}
    for tier, ltv, periods in asked:
        assert steps[tier, "0.5", periods] <= steps[tier, ltv, periods] and steps[tier, ltv, 12] <= steps[tier, ltv, periods]
    for better, worse in (("A", "B"), ("B", "C"), ("C", "D")):
        assert all(steps[better, ltv, periods] < steps[worse, ltv, periods] for _, ltv, periods in asked)


def test_limits_tighten_with_the_tier() -> None:
    given = [told("limits", tier=tier, car_usage="non_commercial").outputs for tier in "ABCD"]
    for name in ("ltv_step", "amount_max", "dti_max"):
        values = [row[name] for row in given]
        assert values == sorted(values, reverse=True), name
    assert [row["sla_hours"] for row in given] == [24, 48, 72, 120]
    assert [row["guarantor_needed"] for row in given] == [False, False, True, True]


@pytest.mark.parametrize(("facts", "route"), [
    ({"tier": "A", "amount": 10_000_000}, "auto_approve"), ({"tier": "A", "amount": 10_000_001}, "review"),
    ({"tier": "A", "amount": 10_000_000, "exceptions": 1}, "double_review"), ({"tier": "A", "amount": 1, "unknown_facts": 1}, "review"),
    ({"tier": "B", "amount": 10_000_000}, "review"), ({"tier": "B", "amount": 30_000_001}, "double_review"),
    ({"tier": "C", "amount": 10_000_000}, "double_review"), ({"tier": "C", "amount": 10_000_000, "exceptions": 1}, "committee"),
    ({"tier": "D", "amount": 20_000_000}, "committee"), ({"tier": "D", "amount": 20_000_001}, "decline"),
])
def test_only_a_clean_small_loan_of_the_best_tier_is_approved_without_a_person(facts: dict[str, Any], route: str) -> None:
    assert told("route", **{"exceptions": 0, "unknown_facts": 0, **facts}).outputs == {"route": route}


@pytest.mark.parametrize("name", ["tier", "amount", "exceptions", "unknown_facts"])
def test_no_route_is_taken_for_what_is_not_known(name: str) -> None:
    facts: dict[str, Any] = {"tier": "A", "amount": 1, "exceptions": 0, "unknown_facts": 0, name: None}
    assert str(told("route", **facts).outcome) == "refer"


def test_what_the_tables_say_agrees_with_the_parameters() -> None:
    parameters.sow()
    lines = [dated.count(f"TIER_{tier}", DAY) for tier in "ABC"]
    assert [told("tier", score=line, bureau_is_thin=False).outputs["tier"] for line in lines] == ["A", "B", "C"]
    most = dated.amount("AUTO_APPROVE_MAX", DAY).fen
    assert told("route", tier="A", amount=most, exceptions=0, unknown_facts=0).outputs == {"route": "auto_approve"}
    assert told("route", tier="A", amount=most + 1, exceptions=0, unknown_facts=0).outputs == {"route": "review"}
    for tier in "ABCD":
        assert told("limits", tier=tier, car_usage="non_commercial").outputs["dti_max"] == dated.rate(f"DTI_MAX_{tier}", DAY)


@pytest.mark.parametrize(("way", "row", "stages"), [
    ("review", 1, ("reviewer", "none", "none")), ("double_review", 2, ("reviewer", "approver", "none")),
    ("committee", 3, ("reviewer", "approver", "risk_manager")),
])
def test_who_agrees_hangs_on_the_way_alone_until_somebody_publishes_otherwise(way: str, row: int, stages: tuple[str, ...]) -> None:
    result = told("approval", asked_route=way)
    assert result.rows_hit == (row,) or list(result.rows_hit) == [row]
    assert tuple(result.outputs[name] for name in ("first", "second", "third")) == stages
    assert {name: result.outputs[name] for name in ("votes", "rejects", "quorum", "veto")} == {
        "votes": 1, "rejects": 1, "quorum": 0, "veto": "none"}


def test_without_a_way_nobody_can_say_who_agrees() -> None:
    assert str(told("approval").outcome) == "refer"
