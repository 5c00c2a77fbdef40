"""Due diligence: a grade with its factors, owners behind a company, and when to look again."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from random import Random
from typing import Any

import pytest
from django.db import DatabaseError, transaction

from chezhe.customers.models import Customer, Relation
from chezhe.customers.tests.filing import FLEET, OUYANG, SHAN, WANG, company, person
from chezhe.identifiers import synthetic
from chezhe.kernel import clock, worklist
from chezhe.kernel.errors import Invalid, NotFound, NotPermitted
from chezhe.risk.actions.end_holding import end_holding
from chezhe.risk.actions.import_watch_list import import_watch_list
from chezhe.risk.actions.record_holding import record_holding
from chezhe.risk.actions.review_diligence import review_diligence
from chezhe.risk.actions.screen_customer import screen_customer
from chezhe.risk.facts import queries as facts
from chezhe.risk.screening import diligence, freezing, queries
from chezhe.risk.screening.diligence import HoldingTwice, NotACompany, Shares, SharesTooMany
from chezhe.risk.screening.lists import Entry, Heading
from chezhe.risk.screening.models import Diligence, Hit, Holding
from chezhe.risk.screening.rules import Answers
from chezhe.risk.tests.crew import NOW, Crew, browser, crew, ten_in_the_morning  # noqa: F401
from chezhe.risk.tests.freezing import freeze

pytestmark = pytest.mark.django_db
TODAY = date(2026, 3, 16)
CALM = Answers("ordinary", "ordinary", "own_use")


def review(crew: Crew, customer: Customer, answers: Answers = CALM) -> Diligence:  # noqa: F811
    return review_diligence(customer_number=customer.number, answers=answers, note="", business_date=TODAY, by=crew.he)


@pytest.fixture
def firm(crew: Crew) -> Customer:  # noqa: F811
    return company(FLEET, crew.lin)


def hold(crew: Crew, firm: Customer, share: str, **said: Any) -> Holding:  # noqa: F811
    return record_holding(customer_number=firm.number, shares=Shares(Decimal(share), **said), by=crew.he)


@pytest.mark.parametrize(("answers", "grade", "months_later"), [
    (CALM, "low", date(2028, 3, 16)), (replace(CALM, occupation="cash_business"), "medium", date(2027, 3, 16)),
    (replace(CALM, is_pep=True), "high", date(2026, 9, 16)),
])
def test_the_grade_decides_when_to_look_again(crew: Crew, answers: Answers, grade: str, months_later: date) -> None:  # noqa: F811
    made = review(crew, person(WANG, crew.lin), answers)
    assert (made.grade, made.next_review_on) == (grade, months_later)


def test_a_hit_makes_the_next_review_high(crew: Crew) -> None:  # noqa: F811
    customer = person(WANG, crew.lin)
    heading = Heading("UN-SC", "sanction", "制裁名单", "1", "联合国")
    import_watch_list(heading=heading, entries=[Entry("P-1", "person", "王小明", birth="1990-01-01")], by=crew.he)
    screen_customer(customer_number=customer.number, by=crew.he)
    made = review(crew, customer)
    assert made.grade == "high" and made.watch_hit and made.factors == [["watch_hit", 100]]


def test_the_newest_review_counts_and_the_older_stay(crew: Crew) -> None:  # noqa: F811
    customer = person(WANG, crew.lin)
    first = review(crew, customer)
    with clock.at(NOW + timedelta(days=1)):
        second = review(crew, customer, replace(CALM, is_pep=True))
    assert queries.newest_review(customer) == second and queries.newest_review(customer, NOW) == first
    with pytest.raises(DatabaseError), transaction.atomic():
        Diligence.objects.update(grade="low")


@pytest.mark.parametrize(("share", "is_held"), [("0.25", True), ("0.24", False)])
def test_a_frozen_owner_of_a_quarter_holds_the_company(crew: Crew, firm: Customer, share: str, is_held: bool) -> None:  # noqa: F811
    owner = person(WANG, crew.lin)
    hold(crew, firm, share, holder_number=owner.number)
    hold(crew, firm, "0.7", holder_name="李四")
    freeze(owner)
    assert freezing.is_frozen(firm) == is_held
    if is_held:
        with pytest.raises(freezing.BusinessHeld) as refused:
            freezing.require_free([firm], by=crew.lin)
        assert refused.value.code == "business_held" and owner.number not in str(refused.value) and "制裁" not in str(refused.value)
        with pytest.raises(freezing.CustomerFrozen) as told:
            freezing.require_free([firm], by=crew.he)
        assert firm.number in str(told.value) and owner.masked_name in str(told.value)
    else:
        freezing.require_free([firm], by=crew.lin)


def test_a_frozen_holder_is_found_through_companies_in_between_and_a_controller_without_any_share(
    crew: Crew, firm: Customer,  # noqa: F811
) -> None:
    mother = company(replace(FLEET, name="上海母公司有限公司", uscc=synthetic.invent_uscc(Random(3)), legal_representative="钱八"), crew.lin)
    owner, head = person(WANG, crew.lin), person(SHAN, crew.lin)
    hold(crew, firm, "0.6", holder_number=mother.number)
    hold(crew, mother, "0.5", holder_number=owner.number)
    hit = freeze(owner)
    assert freezing.is_frozen(firm) and freezing.is_frozen(mother)
    Hit.objects.filter(pk=hit.pk).update(status="cleared")
    assert not freezing.is_frozen(firm)
    Relation.objects.create(customer=firm, other=head, kind="controller", added_at=NOW, added_by_name="何")
    Hit.objects.filter(pk=hit.pk).update(status="confirmed", customer=head)
    assert freezing.is_frozen(firm) and not freezing.is_frozen(mother)


def test_a_holder_who_is_named_is_looked_up_at_once(crew: Crew, firm: Customer) -> None:  # noqa: F811
    heading = Heading("UN-SC", "sanction", "制裁名单", "1", "联合国")
    import_watch_list(heading=heading, entries=[Entry("P-1", "person", "王小明")], by=crew.he)
    screen_customer(customer_number=firm.number, by=crew.he)
    assert not freezing.is_frozen(firm)
    hold(crew, firm, "0.3", holder_name="王小明")
    assert freezing.is_frozen(firm)


@pytest.mark.parametrize("answers", [
    replace(CALM, occupation="wizard"), replace(CALM, region="moon"), replace(CALM, purpose="fun"),
])
def test_an_answer_that_does_not_exist_is_refused(crew: Crew, answers: Answers) -> None:  # noqa: F811
    with pytest.raises(Invalid):
        review(crew, person(WANG, crew.lin), answers)
    assert not Diligence.objects.exists()


def test_it_is_carried_out_by_who_may_and_within_reach(crew: Crew) -> None:  # noqa: F811
    customer = person(WANG, crew.mei)
    for by, refusal in ((crew.lin, NotPermitted), (crew.xu, NotPermitted), (crew.chen, NotFound)):
        with pytest.raises(refusal):
            review_diligence(customer_number=customer.number, answers=CALM, business_date=TODAY, by=by)


def test_what_is_due_waits_and_what_was_reviewed_does_not(crew: Crew) -> None:  # noqa: F811
    one, other = person(WANG, crew.lin), person(OUYANG, crew.lin)
    review(crew, one, replace(CALM, is_pep=True))
    assert {customer.number for customer in queries.due(crew.he, TODAY)} == {other.number}
    later = date(2026, 9, 16)
    assert [found.customer for found in queries.reviewed_due(crew.he, later)] == [one]
    assert list(queries.reviewed_due(crew.he, later - timedelta(days=1))) == []
    review_diligence(customer_number=one.number, answers=CALM, business_date=later, by=crew.he)
    assert list(queries.reviewed_due(crew.he, later)) == []
    assert worklist.PILES["risk.diligence"].count(crew.he) >= 0 and not worklist.PILES["risk.diligence"].is_work_of(crew.chen)


def test_owners_are_found_through_customers_and_named_companies(crew: Crew, firm: Customer) -> None:  # noqa: F811
    """60 % by a named holding company, half of which is Ouyang's; 40 % by Wang, who is a customer."""
    wang = person(WANG, crew.lin)
    hold(crew, firm, "0.6", holder_name="杭州控股有限公司", holder_kind="company")
    hold(crew, firm, "0.5", holder_name="欧阳修远", of_name="杭州控股有限公司")
    hold(crew, firm, "0.5", holder_name="李四光", of_name="杭州控股有限公司")
    hold(crew, firm, "0.4", holder_number=wang.number)
    found = diligence.owners_of(firm)
    assert [(owner.person, owner.share_rate) for owner in found.owners] == [
        (wang.subject, Decimal("0.400000")), ("person:李四光", Decimal("0.300000")), ("person:欧阳修远", Decimal("0.300000"))]
    assert found.known_rate == 1 and found.layers == 1


def test_owners_are_found_through_companies_that_are_customers(crew: Crew, firm: Customer) -> None:  # noqa: F811
    above = company(replace(FLEET, name="上海控股有限公司", uscc="91330327MATEYA4L22"), crew.mei)
    hold(crew, firm, "1", holder_number=above.number)
    hold(crew, above, "0.3", holder_name="王小明")
    hold(crew, above, "0.7", holder_number=firm.number)
    found = diligence.owners_of(firm)
    assert found.cycles and [owner.share_rate for owner in found.owners] == [Decimal("1.000000")]


def test_owners_and_controllers_on_the_customers_own_file_count(crew: Crew, firm: Customer) -> None:  # noqa: F811
    for facts_of, kind, share in ((WANG, "owner", Decimal("0.8")), (SHAN, "controller", None)):
        Relation.objects.create(
            customer=firm, other=person(facts_of, crew.lin), kind=kind, share_rate=share, added_at=NOW, added_by_name="林")
    found = diligence.owners_of(firm)
    assert [owner.basis for owner in found.owners] == ["ownership", "control"] and not found.is_unknown


def test_a_company_of_which_nothing_is_known_is_a_high_risk_and_says_so(crew: Crew, firm: Customer) -> None:  # noqa: F811
    made = review(crew, firm)
    assert made.grade == "high" and made.owners_unknown and made.owners == []
    known = facts.known([firm.subject], NOW)
    assert known["beneficial_owner_unknown"].value is True and known["owners_known_rate"].value == 0


def test_a_company_whose_owners_are_known_is_graded_by_the_rest(crew: Crew, firm: Customer) -> None:  # noqa: F811
    hold(crew, firm, "0.8", holder_name="王小明")
    made = review(crew, firm)
    assert made.grade == "low" and made.owners == [{"party": "person:王小明", "basis": "ownership", "share_rate": "0.800000"}]
    known = facts.known([firm.subject], NOW)
    assert known["beneficial_owner_unknown"].value is False and known["owners_known_rate"].value == Decimal("0.8")


@pytest.mark.parametrize(("share", "said", "refusal"), [
    ("0", {"holder_name": "王小明"}, Invalid), ("1.1", {"holder_name": "王小明"}, Invalid), ("0.5", {}, Invalid),
    ("0.5", {"holder_name": "王小明", "holder_kind": "ghost"}, Invalid), ("0.5", {"holder_number": "C26-000999-9"}, Invalid),
    ("0.6", {"holder_name": "李四"}, SharesTooMany), ("0.3", {"holder_name": "张三"}, HoldingTwice),
])
def test_what_cannot_be_a_holding_is_refused(
    crew: Crew, firm: Customer, share: str, said: dict[str, Any], refusal: type[Exception]  # noqa: F811
) -> None:
    hold(crew, firm, "0.5", holder_name="张三")
    with pytest.raises(refusal):
        hold(crew, firm, share, **said)
    assert Holding.objects.count() == 1


def test_a_person_has_no_holders(crew: Crew) -> None:  # noqa: F811
    with pytest.raises(NotACompany):
        hold(crew, person(WANG, crew.lin), "0.5", holder_name="张三")


def test_a_holding_ends_and_makes_room(crew: Crew, firm: Customer) -> None:  # noqa: F811
    first = hold(crew, firm, "0.9", holder_name="张三")
    end_holding(customer_number=firm.number, holding=first.pk, by=crew.he)
    assert hold(crew, firm, "0.9", holder_name="张三").pk != first.pk
    with pytest.raises(NotFound):
        end_holding(customer_number=firm.number, holding=first.pk, by=crew.he)


# Pages -------------------------------------------------------------------------------------------------------------------

def test_the_panel_takes_holders_and_reviews(crew: Crew, firm: Customer, browser: Any) -> None:  # noqa: F811
    query = f"?subject={firm.subject}"
    browser.acts_as(crew.he)
    assert "未能识别全部受益所有人" in browser.get(f"/risk/diligence/panel/{query}").content.decode()
    said = {"holder_name": "王小明", "holder_kind": "person", "share_rate": "80"}
    assert browser.post(f"/risk/diligence/holdings/{query}", said | {"share_rate": "x"}).status_code == 422
    shown = browser.post(f"/risk/diligence/holdings/{query}", said).content.decode()
    assert "王*明" in shown and "王小明" not in shown and "80.00%" in shown
    answers = {"occupation": "ordinary", "region": "ordinary", "purpose": "business_use"}
    assert browser.post(f"/risk/diligence/review/{query}", answers | {"purpose": ""}).status_code == 422
    assert "2028-03-16" in browser.post(f"/risk/diligence/review/{query}", answers).content.decode()
    assert browser.post(f"/risk/diligence/screen/{query}").status_code == 200
    ended = browser.post(f"/risk/diligence/holdings/end/{query}", {"item": Holding.objects.get().pk}).content.decode()
    assert "王*明" not in ended and browser.post(f"/risk/diligence/holdings/end/{query}", {"item": "x"}).status_code == 404


def test_the_panel_and_the_list_keep_to_the_reach(crew: Crew, firm: Customer, browser: Any) -> None:  # noqa: F811
    theirs = person(WANG, crew.mei)
    browser.acts_as(crew.chen)
    listing = browser.get("/risk/diligence/").content.decode()
    assert firm.number in listing and theirs.number not in listing
    assert browser.get(f"/risk/diligence/panel/?subject={theirs.subject}").status_code == 404
    assert browser.acts_as(crew.lin).get(f"/risk/diligence/panel/?subject={firm.subject}").status_code == 403
    assert browser.acts_as(crew.xu).post(f"/risk/diligence/review/?subject={firm.subject}", {}).status_code == 403


def test_an_owner_out_of_reach_is_not_named(crew: Crew, firm: Customer, browser: Any) -> None:  # noqa: F811
    theirs = person(OUYANG, crew.mei)
    hold(crew, firm, "0.8", holder_number=theirs.number)
    shown = browser.acts_as(crew.chen).get(f"/risk/diligence/panel/?subject={firm.subject}").content.decode()
    assert "范围外客户" in shown and theirs.number not in shown and "欧阳" not in shown


def test_programs_review_and_record_holders(crew: Crew, firm: Customer, browser: Any) -> None:  # noqa: F811
    browser.acts_as(crew.he)
    made = browser.api(f"risk/diligence/{firm.number}/holdings", {"share_rate": "0.8", "holder_name": "王小明"})
    assert made.status_code == 201 and made.json()["holder"] == "王*明"
    said = {"occupation": "ordinary", "region": "ordinary", "purpose": "business_use"}
    assert browser.api(f"risk/diligence/{firm.number}", said).json()["grade"] == "low"
    assert browser.api(f"risk/diligence/{firm.number}", said | {"region": "moon"}).status_code == 422
    assert browser.api(f"risk/diligence/{firm.number}").json()["items"][0]["owners"] == [{"basis": "ownership", "share_rate": "0.800000"}]
    assert browser.api(f"risk/diligence/{firm.number}/holdings").json()["items"][0]["share_rate"] == "0.8"
    assert browser.api(f"risk/diligence/{firm.number}/holdings/{made.json()['id']}/end", {}).status_code == 200
    assert browser.acts_as(crew.lin).api(f"risk/diligence/{firm.number}").status_code == 403
