"""Whose customer it is, and how many applications a person may have under way."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from chezhe.channels.tests.dealing import dealer
from chezhe.customers.actions.pass_on_customer import pass_on_customer
from chezhe.customers.models import Customer
from chezhe.customers.tests.filing import OUYANG, person
from chezhe.documents.tests.people import hire
from chezhe.finmath.money import Money
from chezhe.kernel import roles
from chezhe.kernel.actor import BORROWER, DEALER, Actor, Reach
from chezhe.kernel.models import Parameter
from chezhe.leads.actions.assign_lead import assign_lead
from chezhe.leads.models import Lead
from chezhe.leads.tests.asking import lead
from chezhe.origination import duplicates, errors, owning
from chezhe.origination.actions.add_party import add_party
from chezhe.origination.actions.copy_application import copy_application
from chezhe.origination.actions.withdraw_application import withdraw_application
from chezhe.origination.models import Application
from chezhe.origination.tests.asking import (
    FIGURES,
    TODAY,
    House,
    accepted,
    complete,
    file_papers,
    grant_consents,
    hand_in,
    save,
    start,
    submitted,
)
from chezhe.staff.models import User
from chezhe.vehicles import steps as vehicle_steps
from chezhe.vehicles.tests.filing import USED, vehicle


def allow(code: str, value: str, since: date = date(2026, 1, 1)) -> None:
    Parameter.objects.create(code=code, value=value, unit="count", effective_from=since, source="测试")


@pytest.fixture
def once(house: House) -> House:
    allow(duplicates.MOST, "1")
    return house


@pytest.fixture
def protected(house: House) -> House:
    allow(owning.DAYS, "30")
    return house


@pytest.fixture
def fang(house: House) -> Actor:
    """Fang sells in Lin's branch and sees what the branch has."""
    return hire("方", house.cast.east, roles.SALES, reach=Reach.BRANCH)


def username(actor: Actor) -> str:
    return User.objects.get(pk=actor.user_id).username


def second_car(house: House) -> str:
    car = vehicle(replace(USED, vin="LRWYGCEK2RC000004", plate="沪B23456"), house.wang, house.lin)
    vehicle_steps.value(car, source="in_house", amount=Money(90_000_00), valued_on=TODAY, business_date=TODAY, by=house.cast.gao)
    return car.number


# One at a time

def test_a_second_one_cannot_be_begun_while_one_is_handed_in_and_its_number_is_told(once: House) -> None:
    first = submitted(once)
    with pytest.raises(duplicates.OpenApplicationExists, match=first.number):
        start(once)
    assert Application.objects.count() == 1


def test_drafts_do_not_count_but_only_one_of_them_is_handed_in(once: House) -> None:
    first, second = complete(once), start(once)
    save(second, "party", {"purpose": "consumption"}, once)
    save(second, "vehicle", {"vehicle_number": second_car(once)}, once)
    save(second, "finance", FIGURES, once)
    file_papers(second, once.lin)
    hand_in(first, once.lin)
    with pytest.raises(duplicates.OpenApplicationExists):
        hand_in(second, once.lin)
    second.refresh_from_db()
    assert second.status == "draft"


def test_it_is_told_without_a_number_to_whoever_may_not_see_it(once: House) -> None:
    submitted(once)
    customer = Customer.objects.get(pk=once.wang.pk)
    Application.objects.update(branch_id=once.cast.west.pk, owner_id=once.mei.user_id)
    with pytest.raises(duplicates.OpenApplicationElsewhere) as refused:
        start(once)
    assert Application.objects.get().number not in str(refused.value) and customer.masked_name in str(refused.value)


def test_one_that_is_over_makes_room_and_so_does_the_payout(once: House) -> None:
    first = accepted(once)
    with pytest.raises(duplicates.OpenApplicationExists):
        start(once)
    Application.objects.filter(pk=first.pk).update(bound="paid")
    second = start(once)
    Application.objects.filter(pk=first.pk).update(bound="")
    first.refresh_from_db()
    withdraw_application(application_number=first.number, reason="客户改主意", by=once.lin)
    assert second.status == "draft" and start(once).status == "draft"


def test_a_co_borrower_counts_like_a_borrower(once: House) -> None:
    ouyang = person(OUYANG, once.lin)
    first = complete(once)
    add_party(application_number=first.number, customer_number=ouyang.number, role="co_borrower", by=once.lin)
    grant_consents(ouyang, once.lin)
    file_papers(first, once.lin)
    hand_in(first, once.lin)
    with pytest.raises(duplicates.OpenApplicationExists, match="欧"):
        start(once, customer_number=ouyang.number)


def test_who_has_one_under_way_cannot_be_put_beside_another_as_co_borrower_but_as_guarantor(once: House) -> None:
    first = submitted(once)
    ouyang = person(OUYANG, once.lin)
    other = start(once, customer_number=ouyang.number)
    with pytest.raises(duplicates.OpenApplicationExists, match=first.number):
        add_party(application_number=other.number, customer_number=once.wang.number, role="co_borrower", by=once.lin)
    add_party(application_number=other.number, customer_number=once.wang.number, role="guarantor", by=once.lin)
    assert [party.role for party in other.parties.all()] == ["guarantor"]


def test_a_copy_is_a_second_one_too(once: House) -> None:
    first = submitted(once)
    with pytest.raises(duplicates.OpenApplicationExists):
        copy_application(application_number=first.number, business_date=TODAY, by=once.lin)


def test_the_figure_is_dated_and_may_allow_more(house: House) -> None:
    allow(duplicates.MOST, "2")
    submitted(house)
    assert start(house).status == "draft"
    allow(duplicates.MOST, "1", since=date(2026, 3, 15))
    with pytest.raises(duplicates.OpenApplicationExists):
        start(house)


# Whose customer it is

def test_a_colleagues_enquiry_is_not_filed_by_another_and_the_sentence_says_whom_to_ask(protected: House, fang: Actor) -> None:
    mine = lead(protected.lin)
    with pytest.raises(owning.LeadOfColleague) as refused:
        start(protected, by=fang)
    assert all(word in str(refused.value) for word in (mine.number, "林", "2026-04-15", "高"))
    assert not Application.objects.exists()


def test_the_manager_passes_enquiry_and_customer_on_and_then_it_may(protected: House, fang: Actor) -> None:
    mine, gao = lead(protected.lin), protected.cast.gao
    assign_lead(lead_number=mine.number, owner_username=username(fang), reason="调整分工", business_date=TODAY, by=gao)
    with pytest.raises(owning.CustomerOfColleague, match="高"):
        start(protected, by=fang)
    pass_on_customer(
        customer_number=protected.wang.number, owner_username=username(fang), reason="调整分工", business_date=TODAY, by=gao)
    assert start(protected, by=fang).owner_id == fang.user_id
    with pytest.raises(errors.CustomerUnknown):
        start(protected)


def test_the_protection_ends_and_an_application_of_the_owners_begins_it_anew(protected: House, fang: Actor) -> None:
    Customer.objects.update(created_at="2026-02-01T10:00:00+08:00")
    with pytest.raises(owning.CustomerOfColleague, match="2026-03-03"):
        start(protected, by=fang, business_date=date(2026, 3, 3))
    first = start(protected, by=fang, business_date=date(2026, 3, 4))
    assert first.owner_id == fang.user_id
    filed = start(protected)
    Application.objects.filter(pk=filed.pk).update(created_at="2026-03-10T10:00:00+08:00")
    with pytest.raises(owning.CustomerOfColleague, match="2026-04-09"):
        start(protected, by=fang)


def test_neither_number_nor_name_reaches_whoever_may_not_see_the_enquiry(protected: House) -> None:
    fang = hire("方", protected.cast.east, roles.SALES, reach=Reach.OWN)
    Customer.objects.update(owner_id=fang.user_id)
    mine = lead(protected.lin)
    with pytest.raises(owning.FollowedElsewhere) as refused:
        start(protected, by=fang)
    assert mine.number not in str(refused.value) and "林" not in str(refused.value) and "高" in str(refused.value)


def test_a_customer_who_comes_alone_goes_to_whoever_follows_the_enquiry(protected: House, fang: Actor) -> None:
    lead(fang)
    alone = Actor(key="borrower:1", name="王小明", kind=BORROWER)
    assert owning.owner_for(protected.wang, dealer_id=None, on=TODAY, by=alone) == fang.user_id
    Lead.objects.update(branch_id=protected.cast.west.pk)
    assert owning.owner_for(protected.wang, dealer_id=None, on=TODAY, by=alone) == protected.wang.owner_id


def test_a_dealer_files_for_its_own_enquiry_alone(protected: House, fang: Actor) -> None:
    ours, found = dealer(protected.lin), lead(fang)
    by = Actor(key="dealer:1", name="车商", kind=DEALER, party_ids=frozenset({ours.pk}))
    with pytest.raises(owning.FollowedElsewhere, match="您的渠道经理"):
        owning.owner_for(protected.wang, dealer_id=ours.pk, on=TODAY, by=by)
    Lead.objects.filter(pk=found.pk).update(dealer_id=ours.pk)
    assert owning.owner_for(protected.wang, dealer_id=ours.pk, on=TODAY, by=by) == protected.wang.owner_id
    with pytest.raises(owning.FollowedElsewhere, match="高"):
        owning.owner_for(protected.wang, dealer_id=ours.pk, on=TODAY, by=protected.lin)


def test_without_the_figure_nothing_is_refused(house: House, fang: Actor) -> None:
    lead(house.lin)
    submitted(house)
    assert start(house, by=fang).owner_id == fang.user_id
