"""Bases within their bounds and never above the wage, months without a gap, and what of it becomes facts."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from chezhe.invented import fates, insured, person
from chezhe.invented.months import first_day, index
from chezhe.invented.tests.crowd import ON, people
from chezhe.kernel.simulators import World
from chezhe.risk.vendors.asking import Question
from chezhe.risk.vendors.social_insurance import client, reading, telling
from chezhe.risk.vendors.social_insurance.answers import InsuranceAnswer

ASKED = Question(reference="Q1", consent="C1")
GOOD = person(fates.id_number(fates.GOOD))


def told(code: str = fates.GOOD) -> InsuranceAnswer:
    found = telling.insurance_of(person(fates.id_number(code)), ON)
    assert found is not None and found.insurance is not None
    return found


def test_an_employee_is_insured_at_or_below_the_wage_within_the_bounds_of_the_city() -> None:
    seen = 0
    for life in people(300):
        found = insured.insured_on(life, ON)
        if found is None or found.kind != insured.EMPLOYEE:
            continue
        month = first_day(found.last_month)
        job = life.job_on(month.replace(day=15))
        assert job is not None and job.kind == "salaried"
        july = date(month.year if month.month >= 7 else month.year - 1, 7, 1)
        wage = life.income_on(max(july, job.from_on))
        assert found.bounds.floor_fen <= found.base_fen <= min(found.bounds.ceiling_fen, max(wage, found.bounds.floor_fen))
        seen += found.base_fen < wage * 0.95
    assert seen > 20, "many employers pay in on less than the wage"


def test_employees_are_insured_and_most_who_work_for_themselves_are_not() -> None:
    by_kind: dict[bool, list[bool]] = {True: [], False: []}
    for life in people(400):
        if (job := life.job_on(ON)) is not None:
            by_kind[job.kind == "salaried"].append(insured.insured_on(life, ON) is not None)
    shares = {kind: sum(found) / len(found) for kind, found in by_kind.items()}
    assert shares[True] > 0.95 and shares[False] < 0.4


def test_who_insures_himself_does_so_at_the_floor_and_has_no_fund() -> None:
    found = [one for life in people(400) if (one := insured.insured_on(life, ON)) is not None and one.kind == insured.FLEXIBLE]
    assert found and all(one.base_fen == one.bounds.floor_fen and one.fund_base_fen is None and not one.employer for one in found)


def test_a_later_day_tells_the_same_past() -> None:
    for life in people(60):
        now, before = insured.insured_on(life, date(2026, 3, 25)), insured.insured_on(life, date(2026, 2, 25))
        if now is not None and before is not None and now.last_month == before.last_month + 1:
            assert now.months in (1, before.months + 1, insured.MONTHS_SEEN)


def test_a_liar_declares_more_than_any_office_knows() -> None:
    liar = person(fates.id_number(fates.LIAR))
    found = insured.insured_on(liar, ON)
    assert found is not None and liar.declared_income_on(ON) > 1.2 * found.base_fen


def test_it_becomes_facts(world: World) -> None:
    found = client.insured(ASKED, name=GOOD.name, id_number=GOOD.id_number)
    assert found is not None and found.insurance is not None
    facts = reading.insured_facts(found, "")
    assert facts["insured_now"] is True and facts["insured_base_monthly"] == found.insurance.base_fen
    assert "insured_employer_matches" not in facts, "nobody said where they work"


@pytest.mark.parametrize(("said", "is_same"), [
    ("示例（杭州）公司", True), ("示例(杭州) 公司", True), ("示例杭州公司", True), ("别家公司", False),
    ("示例（杭州）有限公司", True), ("浙江省示例杭州", True), ("自由职业", False),
])
def test_the_employer_is_compared_without_brackets_spaces_and_legal_form(said: str, is_same: bool) -> None:
    answer = told()
    assert answer.insurance is not None
    found = replace(answer, insurance=replace(answer.insurance, kind="employee", employer="示例（杭州）公司"))
    assert reading.insured_facts(found, said)["insured_employer_matches"] is is_same


def test_who_has_stopped_paying_has_no_months_and_keeps_the_last_one() -> None:
    answer = told()
    assert answer.insurance is not None
    facts = reading.insured_facts(replace(answer, insurance=replace(answer.insurance, status="stopped", last_month="2025-03"), fund=None), "")
    assert (facts["insured_now"], facts["insured_months_unbroken"], facts["insured_paid_until"]) == (False, 0, "2025-03-01")
    assert facts["fund_status"] == "none" and "fund_base_monthly" not in facts


def test_somebody_with_a_fund_alone_is_not_insured() -> None:
    assert reading.insured_facts(InsuranceAnswer(as_of=ON, insurance=None, fund=None), "示例公司") == {"insured_now": False, "fund_status": "none"}


@pytest.mark.parametrize("changes", [
    {"base_fen": 100}, {"base_fen": 99_000_000}, {"months_unbroken": 0}, {"last_month": "2026-09"}, {"employer": ""},
    {"kind": "flexible", "employer": "示例公司"}, {"status": "stopped"}, {"status": "paying", "last_month": "2024-01"}, {"floor_fen": 0},
])
def test_an_account_against_itself_is_not_believed(changes: dict[str, object]) -> None:
    answer = InsuranceAnswer(as_of=ON, insurance=None, fund=None)
    sound = replace(told().insurance, kind="employee", employer="示例公司", last_month=f"{first_day(index(ON) - 1):%Y-%m}", status="paying")  # type: ignore[type-var]
    assert client._is_sound(replace(answer, insurance=sound))
    assert not client._is_sound(replace(answer, insurance=replace(sound, **changes)))  # type: ignore[type-var]
