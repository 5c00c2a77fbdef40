"""What makes two files look alike, and what share of a ring turned bad."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from chezhe.risk.relations import normalising, rules
from chezhe.risk.relations.rules import Profile, bad_rate, resemblance

WANG = Profile("customer:C1", True, "王小明", "wangxiaoming", frozenset({("phone", "p"), ("address", "a")}), date(1990, 1, 1), "0007")


def other(name: str = "王小明", sound: str = "wangxiaoming", values: frozenset[tuple[str, str]] = frozenset(), **more: object) -> Profile:
    return Profile("customer:C2", True, name, sound, values, **more)  # type: ignore[arg-type]


def test_the_same_name_phone_and_birthday_is_probably_one_person() -> None:
    found = resemblance(WANG, other(values=frozenset({("phone", "p")}), birth_date=date(1990, 1, 1)))
    assert found.score == 90 and found.suggestion == "duplicate"
    assert dict(found.reasons) == {"same_phone": 40, "same_name": 25, "same_birth_date": 25}


def test_a_shared_phone_and_address_under_another_name_is_a_household() -> None:
    found = resemblance(WANG, other("李红", "lihong", frozenset({("phone", "p"), ("address", "a")})))
    assert found.score == 70 >= rules.CANDIDATE_MIN and found.suggestion == "household"


def test_a_common_name_alone_is_no_likeness() -> None:
    assert resemblance(WANG, other()).score == 25 < rules.CANDIDATE_MIN


def test_a_homophone_and_one_other_character_count_less_than_the_name_itself() -> None:
    assert dict(resemblance(WANG, other("王晓明", "wangxiaoming")).reasons) == {"same_sound": 15}
    assert dict(resemblance(WANG, other("王小民", "wangxiaomin")).reasons) == {"one_character_apart": 10}
    assert resemblance(WANG, other("张小明", "zhangxiaoming")).reasons == ()


def test_values_of_two_families_never_meet() -> None:
    assert resemblance(WANG, other("李红", "lihong", frozenset({("device", "p")}))).reasons == ()


def test_two_companies_behind_one_phone_and_card_may_have_one_controller() -> None:
    values = frozenset({("phone", "p"), ("bank_card", "b")})
    one, two = (Profile(f"customer:C{n}", False, name, "", values) for n, name in ((1, "甲公司"), (2, "乙公司")))
    found = resemblance(one, two)
    assert found.score == 90 and found.suggestion == "same_controller"


def test_who_is_alone_has_no_bad_neighbours() -> None:
    assert bad_rate(["customer:C1"], "customer:C1", ["customer:C1"]) == 0


def test_only_the_others_count_in_the_rate() -> None:
    people = [f"customer:C{n}" for n in range(1, 5)]
    assert bad_rate(people, "customer:C1", ["customer:C1", "customer:C2"]) == Decimal("0.3333")


@pytest.mark.parametrize(("kind", "written", "key"), [
    ("phone", "+86 138-0013-8000", "13800138000"), ("employer_phone", "0571-8888 9999 转 8", "057188889999"), ("phone", "12345", ""),
    ("id", "11010119900307771x", "11010119900307771X"), ("vin", " lsvaa4187e2123456 ", "LSVAA4187E2123456"), ("plate", "浙a·12345", "浙A12345"),
    ("bank_card", "6228 4804 0256 4890 018", "6228480402564890018"), ("bank_card", "1234", ""), ("device", "ab", ""),
])
def test_values_are_compared_in_one_form(kind: str, written: str, key: str) -> None:
    assert normalising.normalise(kind, written) == key


def test_a_kind_that_does_not_exist_is_a_bug() -> None:
    with pytest.raises(KeyError):
        normalising.normalise("shoe_size", "43")


def test_every_kind_has_a_family_with_a_limit_and_a_normal_form() -> None:
    assert {rules.family_of(kind) for kind in rules.KINDS} == set(rules.DEGREE_MAX)
    assert set(rules.KINDS) == set(normalising.NORMALISERS)
