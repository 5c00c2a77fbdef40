"""The blacklist: two people list and lift, the calendar ends it, and nobody learns from it who else stands there."""

from __future__ import annotations

import threading
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection

from chezhe.approvals.actions.cast_vote import cast_vote
from chezhe.approvals.actions.withdraw_request import withdraw_request
from chezhe.customers.models import Customer
from chezhe.customers.tests.filing import FLEET, SHAN, WANG, person
from chezhe.kernel import clock, worklist
from chezhe.kernel.actor import Actor
from chezhe.kernel.errors import Invalid, NotPermitted, ReasonRequired, SamePerson, WrongState
from chezhe.kernel.models import AuditEntry
from chezhe.risk.actions.propose_blacklist_entry import propose_blacklist_entry
from chezhe.risk.actions.propose_blacklist_lift import propose_blacklist_lift
from chezhe.risk.actions.review_blacklist_entry import review_blacklist_entry
from chezhe.risk.relations import queries, steps
from chezhe.risk.relations.blacklist import Proposal
from chezhe.risk.relations.errors import EntryNotInForce, EntryTwice, ValueUnreadable
from chezhe.risk.relations.models import BlacklistEntry
from chezhe.risk.tests.crew import NOW, Crew, browser, crew, ten_in_the_morning  # noqa: F401

pytestmark = pytest.mark.django_db
TODAY = date(2026, 3, 16)
PHONE = Proposal("phone", WANG.mobile, "fraud", "以假资料申请", "internal", TODAY, evidence="CASE-1")


def propose(by: Actor, proposal: Proposal = PHONE) -> BlacklistEntry:
    return propose_blacklist_entry(proposal=proposal, business_date=TODAY, by=by)


def decide(entry: BlacklistEntry, by: Actor, verdict: str = "agree") -> BlacklistEntry:
    entry.refresh_from_db()
    cast_vote(request_number=entry.request_number, verdict=verdict, opinion="已核对", by=by)
    entry.refresh_from_db()
    return entry


def listed(crew: Crew, proposal: Proposal = PHONE) -> BlacklistEntry:  # noqa: F811
    return decide(propose(crew.fei, proposal), crew.rui)


def traced(by: Actor) -> Customer:
    customer = person(WANG, by)
    steps.trace_customer(customer, NOW)
    return customer


def facts(customer: Customer, after: timedelta = timedelta(0)) -> dict[str, Any]:
    return queries.blacklist_facts([customer.subject], NOW + after)


def test_an_entry_counts_once_a_second_person_agrees(crew: Crew) -> None:  # noqa: F811
    customer, entry = traced(crew.lin), propose(crew.fei)
    assert entry.status == "proposed" and facts(customer) == {"on_blacklist": False}
    decide(entry, crew.rui)
    assert entry.status == "in_force" and facts(customer) == {"on_blacklist": True, "blacklist_reasons": "fraud"}


def test_it_is_not_agreed_to_by_who_proposed_it_or_by_another_role(crew: Crew) -> None:  # noqa: F811
    entry = propose(crew.rui)
    for stranger, refusal in ((crew.rui, SamePerson), (crew.lin, Exception)):
        with pytest.raises(refusal):
            decide(entry, stranger)
    assert decide(entry, crew.he).status == "in_force"


def test_what_is_not_agreed_never_counted(crew: Crew) -> None:  # noqa: F811
    customer, entry = traced(crew.lin), propose(crew.fei)
    assert decide(entry, crew.rui, "reject").status == "rejected" and facts(customer) == {"on_blacklist": False}
    again = propose(crew.fei)
    withdraw_request(request_number=again.request_number, by=crew.fei)
    again.refresh_from_db()
    assert again.status == "withdrawn"


def test_a_seller_cannot_propose(crew: Crew) -> None:  # noqa: F811
    with pytest.raises(NotPermitted):
        propose(crew.lin)


def test_it_counts_until_it_is_lifted_and_the_past_stays(crew: Crew) -> None:  # noqa: F811
    customer, entry = traced(crew.lin), listed(crew)
    with clock.at(NOW + timedelta(days=10)):
        propose_blacklist_lift(blacklist_number=entry.number, reason="已澄清", by=crew.fei)
        assert facts(customer, timedelta(days=10))["on_blacklist"]
        with pytest.raises(NotPermitted):
            decide(entry, crew.fei)
        assert decide(entry, crew.rui).status == "lifted"
    assert not facts(customer, timedelta(days=10))["on_blacklist"] and facts(customer, timedelta(days=9))["on_blacklist"]
    with pytest.raises(WrongState):
        propose_blacklist_lift(blacklist_number=entry.number, reason="再来一次", by=crew.fei)


def test_a_lift_that_is_refused_leaves_it_in_force(crew: Crew) -> None:  # noqa: F811
    entry = listed(crew)
    propose_blacklist_lift(blacklist_number=entry.number, reason="已澄清", by=crew.fei)
    assert decide(entry, crew.rui, "reject").status == "in_force" and entry.lifted_at is None


def test_the_calendar_ends_an_entry_without_a_status(crew: Crew) -> None:  # noqa: F811
    customer = traced(crew.lin)
    entry = listed(crew, replace(PHONE, expires_on=date(2026, 3, 20)))
    assert facts(customer, timedelta(days=4))["on_blacklist"] and not facts(customer, timedelta(days=5))["on_blacklist"]
    entry.refresh_from_db()
    assert entry.status == "in_force" and list(queries.entries_to_review(date(2027, 3, 16))) == []


def test_an_entry_that_begins_later_does_not_count_before(crew: Crew) -> None:  # noqa: F811
    customer = traced(crew.lin)
    listed(crew, replace(PHONE, starts_on=date(2026, 3, 18)))
    assert not facts(customer, timedelta(days=1))["on_blacklist"] and facts(customer, timedelta(days=2))["on_blacklist"]


def test_a_value_learnt_later_does_not_count_before(crew: Crew) -> None:  # noqa: F811
    listed(crew)
    customer = person(WANG, crew.lin)
    steps.trace_customer(customer, NOW + timedelta(days=3))
    assert not facts(customer, timedelta(days=2))["on_blacklist"] and facts(customer, timedelta(days=3))["on_blacklist"]


@pytest.mark.parametrize("proposal", [
    Proposal("person", WANG.id_number, "fraud", "以假资料申请", "internal", TODAY),
    Proposal("employer", "杭州空壳贸易有限公司", "fraud", "空壳单位", "internal", TODAY),
    Proposal("phone", f"+86 {WANG.mobile}", "bad_debt", "多次失约", "industry", TODAY),
])
def test_what_was_left_is_met_whatever_way_it_was_written(crew: Crew, proposal: Proposal) -> None:  # noqa: F811
    customer = person(replace(WANG, employer="杭州市空壳贸易有限责任公司"), crew.lin)
    steps.trace_customer(customer, NOW)
    listed(crew, proposal)
    assert facts(customer) == {"on_blacklist": True, "blacklist_reasons": proposal.reason_code}


def test_an_application_meets_what_was_left_in_it(crew: Crew) -> None:  # noqa: F811
    steps.trace("application:A1", {"vin": "LSVAA4187E2123456"}, NOW, party="customer:C1")
    listed(crew, Proposal("vin", "lsvaa4187e2123456", "vehicle_fraud", "一车多押", "internal", TODAY))
    assert queries.blacklist_facts(["application:A1"], NOW)["blacklist_reasons"] == "vehicle_fraud"


@pytest.mark.parametrize(("proposal", "refusal"), [
    (replace(PHONE, words=" "), ReasonRequired), (replace(PHONE, value="123"), ValueUnreadable),
    (replace(PHONE, kind="person", value="王小明"), ValueUnreadable), (replace(PHONE, kind="company", value="某某公司"), ValueUnreadable),
    (replace(PHONE, kind="shoe"), Invalid), (replace(PHONE, reason_code="dislike"), Invalid), (replace(PHONE, source="rumour"), Invalid),
    (replace(PHONE, expires_on=TODAY - timedelta(days=1)), Invalid),
])
def test_what_is_wrong_is_refused_and_nothing_is_kept(crew: Crew, proposal: Proposal, refusal: type[Exception]) -> None:  # noqa: F811
    with pytest.raises(refusal):
        propose(crew.fei, proposal)
    assert not BlacklistEntry.objects.exists()


def test_a_value_is_listed_once_for_a_reason(crew: Crew) -> None:  # noqa: F811
    listed(crew)
    with pytest.raises(EntryTwice):
        propose(crew.fei, replace(PHONE, value=f"+86{WANG.mobile}"))
    assert propose(crew.fei, replace(PHONE, reason_code="violence")).status == "proposed"


def test_neither_the_list_nor_the_trail_holds_the_value(crew: Crew) -> None:  # noqa: F811
    entry = listed(crew)
    kept = " ".join(str(value) for value in BlacklistEntry.objects.values().get(number=entry.number).values())
    trail = " ".join(str(row.facts) for row in AuditEntry.objects.filter(verb="risk.propose_blacklist_entry"))
    assert WANG.mobile not in kept and WANG.mobile not in trail and "phone" in trail


def test_an_entry_is_looked_at_again_each_year(crew: Crew) -> None:  # noqa: F811
    entry = listed(crew)
    later = date(2027, 3, 16)
    assert entry.review_on == later and list(queries.entries_to_review(later)) == [entry]
    review_blacklist_entry(blacklist_number=entry.number, business_date=later, by=crew.rui)
    assert list(queries.entries_to_review(later)) == []
    with pytest.raises(NotPermitted):
        review_blacklist_entry(blacklist_number=entry.number, business_date=later, by=crew.fei)
    with pytest.raises(EntryNotInForce):
        review_blacklist_entry(blacklist_number=propose(crew.fei, replace(PHONE, reason_code="other")).number, business_date=later, by=crew.rui)


@pytest.mark.django_db(transaction=True)
def test_two_proposals_at_the_same_moment_make_one_entry(crew: Crew) -> None:  # noqa: F811
    outcomes: list[str] = []

    def act(by: Actor) -> None:
        try:
            with clock.at(NOW):
                propose(by)
            outcomes.append("proposed")
        except EntryTwice as refused:
            outcomes.append(refused.code)
        finally:
            connection.close()

    threads = [threading.Thread(target=act, args=(by,)) for by in (crew.fei, crew.rui, crew.he)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["blacklist_entry_twice", "blacklist_entry_twice", "proposed"]


# Pages -------------------------------------------------------------------------------------------------------------------

def form(**changes: Any) -> dict[str, Any]:
    return {"kind": "phone", "value": WANG.mobile, "reason_code": "fraud", "words": "以假资料申请", "source": "internal",
            "starts_on": "2026-03-16", **changes}


def test_it_is_proposed_lifted_and_reviewed_on_pages(crew: Crew, browser: Any) -> None:  # noqa: F811
    page = browser.acts_as(crew.fei).post("/risk/blacklist/new/", form())
    entry = BlacklistEntry.objects.get()
    assert page.status_code == 302 and entry.number in page["Location"]
    decide(entry, crew.rui)
    shown = browser.acts_as(crew.rui).get(f"/risk/blacklist/{entry.number}/").content.decode()
    assert "154****5678" in shown and WANG.mobile not in shown
    assert browser.post(f"/risk/blacklist/{entry.number}/review/").status_code == 302
    assert browser.post(f"/risk/blacklist/{entry.number}/lift/", {"reason": "已澄清"}).status_code == 302
    entry.refresh_from_db()
    assert entry.status == "lift_proposed" and entry.reviewed_by_name == crew.rui.name


def test_a_bad_form_comes_back_with_its_sentence(crew: Crew, browser: Any) -> None:  # noqa: F811
    page = browser.acts_as(crew.fei).post("/risk/blacklist/new/", form(value="12"))
    assert page.status_code == 422 and "无法比对" in page.content.decode()


def test_its_evidence_is_kept_with_it_and_opens_to_nobody_else(crew: Crew, browser: Any) -> None:  # noqa: F811
    entry = listed(crew)
    panel = f"/documents/panel/?subject={entry.subject}"
    assert panel.split("?")[0] in browser.acts_as(crew.rui).get(f"/risk/blacklist/{entry.number}/").content.decode()
    assert browser.get(panel).status_code == 200 and browser.acts_as(crew.chen).get(panel).status_code == 404


def test_the_list_opens_only_for_who_may_read_it(crew: Crew, browser: Any) -> None:  # noqa: F811
    entry = listed(crew)
    for address in ("/risk/blacklist/", f"/risk/blacklist/{entry.number}/"):
        assert browser.acts_as(crew.xu).get(address).status_code == 200
        for stranger in (crew.lin, crew.chen):
            assert browser.acts_as(stranger).get(address).status_code == 403
    assert browser.acts_as(crew.xu).post(f"/risk/blacklist/{entry.number}/lift/", {"reason": "不该"}).status_code == 403
    assert browser.acts_as(crew.rui).get("/risk/blacklist/BL26-000999-9/").status_code == 404


def test_a_hit_tells_nobody_who_else_it_is_about(crew: Crew, browser: Any) -> None:  # noqa: F811
    """Chen sees that the phone is listed and why in one word; the story, which names another, stays closed."""
    customer = traced(crew.lin)
    entry = listed(crew, replace(PHONE, words="赵六与其兄赵七共同作案"))
    shown = browser.acts_as(crew.chen).get(f"/risk/relations/panel/?subject={customer.subject}").content.decode()
    assert "命中黑名单" in shown and "154****5678" in shown and "欺诈或伪造资料" in shown
    assert not [secret for secret in ("赵六", "赵七", entry.number, entry.evidence) if secret in shown]
    assert entry.number in browser.acts_as(crew.rui).get(f"/risk/relations/panel/?subject={customer.subject}").content.decode()


def test_the_pile_counts_what_is_to_be_reviewed(crew: Crew, monkeypatch: pytest.MonkeyPatch) -> None:  # noqa: F811
    entry = listed(crew)
    pile = worklist.PILES["risk.blacklist_review"]
    assert pile.count(crew.rui) == 0
    BlacklistEntry.objects.filter(pk=entry.pk).update(review_on=date(2000, 1, 1))
    assert pile.count(crew.rui) == 1 and entry.number in pile.first(crew.rui, 5)[0].title


def test_programs_propose_and_read_it(crew: Crew, browser: Any) -> None:  # noqa: F811
    made = browser.acts_as(crew.fei).api("risk/blacklist", form(kind="company", value=FLEET.uscc))
    number = made.json()["number"]
    assert made.status_code == 201 and made.json()["masked"] == FLEET.uscc
    decide(BlacklistEntry.objects.get(), crew.rui)
    assert browser.acts_as(crew.rui).api(f"risk/blacklist/{number}").json()["status"] == "in_force"
    assert browser.api("risk/blacklist?status=in_force").json()["items"][0]["number"] == number
    assert browser.api(f"risk/blacklist/{number}/review", {}).status_code == 200
    assert browser.api(f"risk/blacklist/{number}/lift", {"reason": "已澄清"}).json()["status"] == "lift_proposed"
    assert browser.acts_as(crew.lin).api("risk/blacklist").status_code == 403
    assert browser.acts_as(crew.fei).api("risk/blacklist", form(value=SHAN.mobile, reason_code="dislike")).status_code == 422
