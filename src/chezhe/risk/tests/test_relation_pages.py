"""Likenesses that people judge, and rings as people may see them: whoever is out of reach is only counted."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from chezhe.customers.models import Customer
from chezhe.customers.tests.filing import FLEET, OUYANG, SHAN, WANG, company, person
from chezhe.kernel import clock, worklist
from chezhe.kernel.actor import SYSTEM
from chezhe.kernel.errors import Invalid, NotFound, NotPermitted, ReasonRequired, WrongState
from chezhe.kernel.models import AuditEntry
from chezhe.risk.actions.confirm_relation import confirm_relation
from chezhe.risk.actions.end_relation_found import end_relation_found
from chezhe.risk.actions.refuse_relation import refuse_relation
from chezhe.risk.actions.trace_customer import trace_customer
from chezhe.risk.relations import queries, steps, viewing
from chezhe.risk.relations.models import Candidate
from chezhe.risk.tests.crew import NOW, Crew, browser, crew, ten_in_the_morning  # noqa: F401

pytestmark = pytest.mark.django_db


def trace(*customers: Customer) -> None:
    for one in customers:
        trace_customer(customer_number=one.number, known_at=NOW, by=SYSTEM)


@pytest.fixture
def pair(crew: Crew) -> tuple[Customer, Customer]:  # noqa: F811
    """王小明 of Lin's shop, and somebody of the same name and phone there."""
    one = person(WANG, crew.lin)
    other = person(replace(SHAN, name="王小明", mobile=WANG.mobile), crew.lin)
    trace(one, other)
    return one, other


def test_a_likeness_waits_for_a_person(crew: Crew, pair: tuple[Customer, Customer]) -> None:  # noqa: F811
    candidate = Candidate.objects.get()
    assert candidate.score == 65 and candidate.status == "open"
    pile = worklist.PILES["risk.candidates"]
    assert pile.count(crew.fei) == 1 and candidate.number in pile.first(crew.fei, 5)[0].title
    assert pile.count(crew.chen) == 1 and not pile.is_work_of(crew.lin)


def test_a_confirmed_relation_joins_from_then_until_it_ends(crew: Crew, pair: tuple[Customer, Customer]) -> None:  # noqa: F811
    far = company(FLEET, crew.lin)
    firm = person(replace(OUYANG, mobile=FLEET.mobile), crew.lin)
    one, _other = pair
    candidate = Candidate.objects.get()
    trace(far, firm)
    third = Candidate.objects.create(
        number="RL26-000999-9", first=min(one.subject, far.subject), second=max(one.subject, far.subject),
        first_customer=min(one, far, key=lambda c: c.subject), second_customer=max(one, far, key=lambda c: c.subject), score=60,
        suggestion="same_controller", found_at=NOW,
    )
    before = queries.person_facts(one.subject, NOW)["ring_size"]
    with clock.at(NOW + timedelta(days=1)):
        confirm_relation(relation_number=third.number, kind="same_controller", reason="同一实际控制人", by=crew.fei)
    with clock.at(NOW + timedelta(days=3)):
        end_relation_found(relation_number=third.number, reason="股权已转让", by=crew.fei)
    sizes = [queries.person_facts(one.subject, NOW + timedelta(days=after))["ring_size"] for after in (0, 1, 2, 3)]
    assert before == 2 and sizes == [2, 4, 4, 2]
    assert candidate.status == "open" and AuditEntry.objects.filter(verb="risk.confirm_relation").exists()


def test_a_refused_likeness_joins_nobody_and_can_still_be_confirmed(crew: Crew, pair: tuple[Customer, Customer]) -> None:  # noqa: F811
    number = Candidate.objects.get().number
    refuse_relation(relation_number=number, reason="两个人", by=crew.fei)
    with pytest.raises(WrongState):
        refuse_relation(relation_number=number, reason="两个人", by=crew.fei)
    assert confirm_relation(relation_number=number, kind="household", reason="同一户口", by=crew.chen).status == "confirmed"
    with pytest.raises(WrongState):
        confirm_relation(relation_number=number, kind="household", reason="同一户口", by=crew.chen)


def test_it_is_judged_only_with_grounds_by_who_may_and_within_reach(crew: Crew, pair: tuple[Customer, Customer]) -> None:  # noqa: F811
    number = Candidate.objects.get().number
    for by, kind, reason, refusal in (
        (crew.lin, "household", "同一户口", NotPermitted), (crew.fei, "friends", "同一户口", Invalid), (crew.fei, "household", " ", ReasonRequired),
        (replace(crew.fei, reach=crew.lin.reach), "household", "同一户口", NotFound),
    ):
        with pytest.raises(refusal):
            confirm_relation(relation_number=number, kind=kind, reason=reason, by=by)
    assert Candidate.objects.get().status == "open"


def test_a_pair_of_which_one_is_out_of_reach_is_not_told_of(crew: Crew, browser: Any) -> None:  # noqa: F811
    one, other = person(WANG, crew.lin), person(replace(SHAN, name="王小明", mobile=WANG.mobile), crew.mei)
    trace(one, other)
    number = Candidate.objects.get().number
    for actor, expected in ((crew.fei, 200), (crew.chen, 404)):
        assert browser.acts_as(actor).get(f"/risk/relations/alike/{number}/").status_code == expected
    listing = browser.acts_as(crew.chen).get("/risk/relations/alike/").content.decode()
    panel = browser.get(f"/risk/relations/panel/?subject={one.subject}").content.decode()
    assert number not in listing and number not in panel and other.number not in panel


def test_people_out_of_reach_are_counted_and_nothing_of_theirs_is_told(crew: Crew, browser: Any) -> None:  # noqa: F811
    """Mei's customers stand behind Lin's customer: their number, name, own phone and the tie between them stay closed."""
    mine = person(WANG, crew.lin)
    shared = person(replace(SHAN, mobile=WANG.mobile), crew.mei)
    behind = person(replace(OUYANG, address="杭州市西湖区文三路9号"), crew.mei)
    trace(mine, shared, behind)
    steps.trace(shared.subject, {"device": "DEVICESECRET7777"}, NOW)
    steps.trace(behind.subject, {"device": "DEVICESECRET7777"}, NOW)
    assert queries.person_facts(mine.subject, NOW)["ring_size"] == 3
    ring = queries.seen_by(mine, NOW, crew.chen)
    assert [one.number for one in ring.people] == [mine.number] and ring.hidden == 2 and ring.size == 3
    assert [(value.family, value.hidden) for value in ring.values] == [("phone", 1)]
    secrets = (shared.number, behind.number, "单*信", "欧阳*远", "7777", "文三路", shared.subject)
    browser.acts_as(crew.chen)
    for address in (f"/risk/relations/{mine.number}/", f"/risk/relations/panel/?subject={mine.subject}", f"/api/v1/risk/relations/{mine.number}"):
        body = browser.get(address).content.decode()
        assert not [secret for secret in secrets if secret in body], address
    whole = browser.acts_as(crew.fei).get(f"/risk/relations/{mine.number}/").content.decode()
    assert shared.number in whole and behind.number in whole and "7777" in whole


def test_the_ring_of_somebody_out_of_reach_does_not_open(crew: Crew, browser: Any) -> None:  # noqa: F811
    theirs = person(WANG, crew.mei)
    assert browser.acts_as(crew.chen).get(f"/risk/relations/{theirs.number}/").status_code == 404
    assert browser.get(f"/risk/relations/panel/?subject={theirs.subject}").status_code == 404
    assert browser.acts_as(crew.lin).get(f"/risk/relations/{theirs.number}/").status_code == 403


def test_the_slider_shows_what_was_known_on_a_day(crew: Crew, browser: Any) -> None:  # noqa: F811
    one, other = person(WANG, crew.lin), person(replace(SHAN, mobile=WANG.mobile), crew.lin)
    steps.trace_customer(one, NOW - timedelta(days=9))
    steps.trace_customer(other, NOW - timedelta(days=4))
    browser.acts_as(crew.fei)
    address = f"/risk/relations/{one.number}/"
    assert queries.days_known(queries.seen_by(one, NOW, crew.fei)) == [(NOW - timedelta(days=back)).date() for back in (9, 4, 0)]
    assert other.number in browser.get(address).content.decode()
    assert other.number not in browser.get(f"{address}?day=0").content.decode()
    assert other.number in browser.get(f"{address}?day=1").content.decode()
    assert other.number not in browser.get(f"{address}?on=2026-03-11").content.decode()
    assert other.number in browser.get(f"{address}?on=2026-03-12").content.decode()
    assert browser.get(f"{address}?on=yesterday").status_code == 422
    part = browser.get(f"{address}?day=1", headers={"HX-Target": "ring", "HX-Request": "true"}).content.decode()
    assert part.lstrip().startswith('<div id="ring"') and "<html" not in part


def test_the_chart_leads_to_people_and_has_a_table_that_says_the_same(crew: Crew) -> None:  # noqa: F811
    one, other = person(WANG, crew.lin), person(replace(SHAN, mobile=WANG.mobile), crew.lin)
    trace(one, other)
    chart = viewing.chart_of(queries.seen_by(one, NOW, crew.fei))
    nodes = {node.name: (node.group, node.url, node.level) for node in chart.nodes}
    assert nodes[f"王*明 {one.number}"] == ("本客户", f"/customers/{one.number}/", 0)
    assert nodes[f"单*信 {other.number}"] == ("关联客户", f"/customers/{other.number}/", 2)
    assert nodes["154****5678"] == ("手机号", "", 1)
    assert sorted(chart.table_rows) == sorted([
        [f"王*明 {one.number}", "手机号", "154****5678"], [f"单*信 {other.number}", "手机号", "154****5678"]])


def test_likenesses_are_judged_on_pages(crew: Crew, pair: tuple[Customer, Customer], browser: Any) -> None:  # noqa: F811
    number = Candidate.objects.get().number
    browser.acts_as(crew.fei)
    page = browser.get(f"/risk/relations/alike/{number}/").content.decode()
    assert "王*明" in page and "电话相同" in page and WANG.id_number not in page
    assert browser.post(f"/risk/relations/alike/{number}/decide/", {"verdict": "confirm", "kind": "", "reason": "x"}).status_code == 422
    said = {"verdict": "confirm", "kind": "duplicate", "reason": "电话核实为同一人"}
    assert browser.post(f"/risk/relations/alike/{number}/decide/", said).status_code == 302
    assert browser.post(f"/risk/relations/alike/{number}/end/", {"reason": "查明为两人"}).status_code == 302
    assert Candidate.objects.get().status == "ended"
    assert browser.acts_as(crew.xu).post(f"/risk/relations/alike/{number}/decide/", said).status_code == 403


def test_programs_judge_likenesses_and_read_rings(crew: Crew, pair: tuple[Customer, Customer], browser: Any) -> None:  # noqa: F811
    number = Candidate.objects.get().number
    browser.acts_as(crew.fei)
    assert browser.api("risk/relation-candidates?status=open").json()["items"][0]["number"] == number
    assert browser.api(f"risk/relation-candidates/{number}/refuse", {"reason": "两个人"}).json()["status"] == "refused"
    assert browser.api(f"risk/relation-candidates/{number}/confirm", {"kind": "duplicate", "reason": "同一人"}).json()["kind"] == "duplicate"
    ring = browser.api(f"risk/relations/{pair[0].number}").json()
    assert ring["size"] == 2 and sorted(ring["people"]) == sorted(one.number for one in pair)
    assert {value["family"] for value in ring["values"]} == {"phone", "confirmed"}
    assert browser.api(f"risk/relations/{pair[0].number}?on=2026-01-01").json()["size"] == 1
    assert browser.api(f"risk/relation-candidates/{number}/end", {"reason": "查明为两人"}).json()["status"] == "ended"
    assert browser.acts_as(crew.lin).api(f"risk/relations/{pair[0].number}").status_code == 403
