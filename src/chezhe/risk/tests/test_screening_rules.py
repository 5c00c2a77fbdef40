"""Whom a listed entry means, and how risky a relationship is."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from chezhe.risk.screening import labels, rules
from chezhe.risk.screening.rules import Answers, Listed, Named, grade, likeness

BORN = date(1990, 1, 1)
ON = date(2026, 3, 16)


def named(**said: Any) -> Named:
    return Named(**{"customer": "C1", "role": "customer", "is_person": True, "name": "王小明", "sound": "wangxiaoming", "birth_date": BORN,
                    "id_tail": "0007", **said})


def listed(name: str = "王小明", *aliases: str, sounds: tuple[str, ...] = ("wangxiaoming",), is_person: bool = True, **said: Any) -> Listed:
    return Listed("E1", is_person, (name,), aliases, sounds, **said)


@pytest.mark.parametrize(("entry", "score", "codes"), [
    (listed(), 70, ["same_name"]),
    (listed(birth="1990-01-01"), 95, ["same_name", "same_birth_date"]),
    (listed(birth="1990"), 80, ["same_name", "same_birth_year"]),
    (listed(birth="1971-05-05"), 25, ["same_name", "other_birth_date"]),
    (listed(birth="1971"), 25, ["same_name", "other_birth_date"]),
    (listed(id_tails=("0007",)), 100, ["same_name", "same_id_tail"]),
    (listed(id_tails=("9999", "1234")), 10, ["same_name", "other_id_tail"]),
    (listed("王大明", "王小明", birth="1990-01-01"), 90, ["same_alias", "same_birth_date"]),
    (listed("王晓铭"), 45, ["same_sound"]),
    (listed("王晓铭", birth="1990-01-01"), 70, ["same_sound", "same_birth_date"]),
    (listed("WANG Xiaoming"), 60, ["same_latin_name"]),
    (listed("李红", sounds=("lihong",)), 0, []),
    (listed(is_person=False), 0, []),
])
def test_a_likeness_is_weighed_with_its_reasons(entry: Listed, score: int, codes: list[str]) -> None:
    found = likeness(named(), entry)
    assert (found.score, [code for code, _points in found.reasons]) == (score, codes)


def test_the_same_number_is_the_same_whatever_the_name() -> None:
    assert likeness(named(number_digest="d"), listed("李红", number_digests=("c", "d"))).score == 100


def test_no_number_is_not_the_same_number() -> None:
    assert likeness(named(name="赵一", sound="zhaoyi"), listed("李红", sounds=())).score == 0


@pytest.mark.parametrize(("latin", "keys"), [
    ("Xiaoming Wang", ("xiaomingwang", "wangxiaoming")), ("WANG, Xiao-ming", ("wangxiaoming", "xiaomingwang", "mingwangxiao")),
    ("Lyu Bu", ("lvbu", "bulv")), ("Lü Bu", ("lvbu", "bulv")), ("Madonna", ("madonna",)), ("", ()),
])
def test_a_latin_name_is_found_in_whatever_order_it_is_written(latin: str, keys: tuple[str, ...]) -> None:
    assert rules.sound_keys(latin) == keys


@pytest.mark.parametrize(("one", "other"), [
    ("阿里·巴巴", "阿里巴巴"), ("ACME Co., Ltd.", "acme"), ("Acme Limited", "ACME LTD"),
])
def test_names_are_compared_without_points_and_legal_forms(one: str, other: str) -> None:
    assert rules.name_key(one) == rules.name_key(other)


CALM = Answers("ordinary", "ordinary", "own_use")


def graded(answers: Answers = CALM, *, on: date = ON, **said: Any) -> rules.Graded:
    return grade(answers, **{"watch_hit": False, "owners_unknown": False, "layers": 0, **said}, on=on)


def test_an_ordinary_buyer_is_a_low_risk() -> None:
    assert graded() == rules.Graded("low", 0, ())


@pytest.mark.parametrize(("answers", "expected"), [
    (Answers("cash_business", "ordinary", "own_use"), "medium"), (Answers("used_car_trade", "ordinary", "own_use"), "low"),
    (Answers("used_car_trade", "ordinary", "own_use", has_agent=True), "medium"),
    (Answers("cash_business", "ordinary", "purpose_unclear"), "high"), (Answers("ordinary", "region_high", "own_use"), "high"),
    (Answers("ordinary", "ordinary", "own_use", is_pep=True), "high"), (Answers("no_fixed_work", "ordinary", "own_use", is_remote=True), "low"),
])
def test_factors_add_up_to_a_grade(answers: Answers, expected: str) -> None:
    assert graded(answers).grade == expected


def test_a_hit_is_a_high_risk_and_named_first() -> None:
    found = graded(Answers("cash_business", "ordinary", "own_use"), watch_hit=True)
    assert found.grade == "high" and found.factors[0] == ("watch_hit", 100)


def test_owners_who_cannot_be_found_are_a_high_risk_since_2026() -> None:
    assert graded(owners_unknown=True).grade == "high" and graded(owners_unknown=True, on=date(2025, 12, 31)).grade == "medium"


def test_three_companies_above_are_a_factor_and_two_are_not() -> None:
    assert graded(layers=3).factors == (("layered", 20),) and graded(layers=2).factors == ()


def test_every_factor_has_words() -> None:
    for rule_set in rules.RULE_SETS:
        assert set(rule_set.points) == set(labels.FACTORS) and rule_set.always_high <= set(rule_set.points)
    assert {code for code, _label in labels.OCCUPATIONS} == set(rules.OCCUPATIONS)
    assert {code for code, _label in labels.REGIONS} == set(rules.REGIONS) and {code for code, _label in labels.PURPOSES} == set(rules.PURPOSES)
    assert set(rules._POINTS) == set(labels.REASONS)
