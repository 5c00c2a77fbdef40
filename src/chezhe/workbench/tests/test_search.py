from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from django.utils import translation

from chezhe.approvals import steps as approval_steps
from chezhe.channels.tests.dealing import dealer
from chezhe.customers.tests.filing import OUYANG, WANG, person
from chezhe.documents.tests.people import Cast, hire
from chezhe.identifiers import numbers
from chezhe.kernel import roles
from chezhe.kernel.actor import Actor, Reach
from chezhe.kernel.testing import WU
from chezhe.leads.tests.asking import lead
from chezhe.vehicles.tests.filing import USED, vehicle
from chezhe.workbench import finders


@pytest.fixture
def world(cast: Cast) -> dict[str, Any]:
    wang = person(WANG, cast.lin)
    return {
        "wang": wang, "ouyang": person(OUYANG, cast.lin), "car": vehicle(USED, wang, cast.lin), "lead": lead(cast.lin),
        "dealer": dealer(cast.gao),
    }


def found(actor: Actor, text: str) -> dict[str, list[str]]:
    return {group.key: [hit.number or hit.url for hit in group.hits] for group in finders.search(actor, text).groups}


@pytest.mark.parametrize("text", ["王小明", "wxm", "5678", "15412345678", "110101199001010007", "沪A12345", "000002", USED.vin])
def test_one_customer_is_found_by_everything_people_know_of_him(cast: Cast, world: dict[str, Any], text: str) -> None:
    assert found(cast.lin, text)["customers"] == [world["wang"].number]


def test_hits_stand_by_kind_and_are_masked(cast: Cast, world: dict[str, Any]) -> None:
    assert found(cast.lin, "12345")["vehicles"] == [world["car"].number]
    assert found(cast.lin, "5678") == {"customers": [world["wang"].number], "leads": [world["lead"].number]}
    assert found(cast.gao, "海港") == {"dealers": [world["dealer"].number]}
    shown = repr([finders.search(cast.lin, text).groups for text in ("王", "5678", "15412345678", "沪A12345")])
    assert "154****5678" in shown
    for whole in (WANG.name, WANG.mobile, WANG.id_number, USED.vin, USED.plate):
        assert whole not in shown


def test_a_number_is_found_as_written_or_as_typed(cast: Cast, world: dict[str, Any]) -> None:
    request = approval_steps.open_request(
        kind="probe", subject="probe:1", title="放款审批", stages=[{"role": roles.BRANCH_MGR}], maker_ids=[cast.lin.user_id],
        branch_id=cast.east.id, by=cast.lin,
    )
    for text in (request.number, request.number.lower(), request.number.replace("-", "")):
        assert found(cast.gao, text) == {"numbers": [request.number]}
        assert found(cast.mei, text) == {} and found(WU, text) == {}
    for row in ("wang", "car", "lead", "dealer"):
        hits = found(cast.gao, world[row].number.replace("-", ""))
        assert [world[row].number] in hits.values() and sum(map(len, hits.values())) <= 2


def test_a_number_copied_wrongly_says_so(cast: Cast, world: dict[str, Any]) -> None:
    number = world["lead"].number
    wrong = number[:-1] + str((int(number[-1]) + 1) % 10)
    assert (finders.search(cast.lin, wrong).misread, finders.search(cast.lin, number).misread) == (wrong, "")
    assert finders.search(cast.lin, numbers.format_number("ZZZ", 2026, 1)).misread == ""


def test_nobody_finds_what_is_out_of_reach_or_not_permitted(cast: Cast, world: dict[str, Any]) -> None:
    admin = hire("管", cast.east, roles.ADMIN, reach=Reach.ALL)
    blind = replace(admin, permissions=frozenset())
    for text in ("王小明", "5678", "沪A12345", "海港", *(world[row].number for row in ("wang", "car", "lead", "dealer"))):
        assert found(cast.mei, text) == {} and found(WU, text) == {} and found(blind, text) == {}, text


def test_pages_are_found_by_name_for_those_who_may_open_them(cast: Cast) -> None:
    with translation.override("zh-hans"):
        assert found(cast.gao, "审批收件") == {"pages": ["/approvals/"]}
        assert found(cast.lin, "门店与区域") == {} and found(WU, "审批收件") == {}
    with translation.override("en"):
        assert found(cast.gao, "inbox") == {"pages": ["/approvals/"]}


def test_the_database_is_asked_a_bounded_number_of_times(
    cast: Cast, world: dict[str, Any], django_assert_max_num_queries: Any
) -> None:
    for text in ("王小明", "5678", "沪A12345", "000002", world["lead"].number, world["wang"].number.replace("-", ""), "nobody"):
        with django_assert_max_num_queries(11):
            finders.search(cast.gao, text)
    for serial in range(10, 14):
        person(replace(WANG, id_number=_id_number(serial), mobile=f"154123400{serial}"), cast.lin)
    with django_assert_max_num_queries(11):
        assert len(found(cast.gao, "王小明")["customers"]) == 5


def _id_number(serial: int) -> str:
    weights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2]
    body = f"11010119900101{serial:03d}"
    return body + "10X98765432"[sum(int(d) * w for d, w in zip(body, weights, strict=True)) % 11]


@pytest.mark.parametrize("text", ["", " ", "%", "_", "'; DROP TABLE", "\x00", "👍" * 100, "C26-", "-" * 500, "王" * 200])
def test_odd_text_is_answered(cast: Cast, world: dict[str, Any], text: str) -> None:
    assert isinstance(finders.search(cast.gao, text).groups, list)
