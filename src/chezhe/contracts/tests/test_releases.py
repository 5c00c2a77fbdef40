"""From the paid-off loan to the certificate in the borrower's hands."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import DatabaseError, transaction
from django.urls import reverse

from chezhe.contracts import errors as refusals
from chezhe.contracts import queries, steps
from chezhe.contracts.actions.accept_registration import accept_registration
from chezhe.contracts.actions.cancel_registration import cancel_registration
from chezhe.contracts.actions.confirm_papers_received import confirm_papers_received
from chezhe.contracts.actions.hand_out_item import hand_out_item
from chezhe.contracts.actions.hand_over_papers import hand_over_papers
from chezhe.contracts.actions.order_registrations import order_registrations
from chezhe.contracts.actions.record_release import record_release
from chezhe.contracts.actions.register_mortgage import register_mortgage
from chezhe.contracts.actions.send_papers import send_papers
from chezhe.contracts.actions.submit_registration import submit_registration
from chezhe.contracts.actions.take_out_papers import take_out_papers
from chezhe.contracts.collateral import errors, releasing
from chezhe.contracts.collateral.models import UNIFIED
from chezhe.contracts.collateral.releasing import Handover
from chezhe.contracts.models import Contract, CustodyItem, RegistrationOrder, Release, ReleaseStep
from chezhe.contracts.tests.conftest import TODAY, Cast, person, scan
from chezhe.contracts.tests.test_custody import GIVEN, certificate, lend, west
from chezhe.contracts.tests.test_registrations import receipt
from chezhe.customers.tests import filing
from chezhe.kernel import business_date, clock, roles, worklist
from chezhe.kernel.actor import SYSTEM, Actor, Reach
from chezhe.kernel.errors import Invalid, NotFound, NotPermitted, WrongState
from chezhe.kernel.testing import WU, actor, moment

pytestmark = pytest.mark.django_db
SAID = {"business_date": TODAY}


def settled(number: str) -> Release:
    """The loan is paid off: the servicing room asks for the release."""
    Contract.objects.filter(number=number).update(status="effective", effective_on=TODAY)
    with transaction.atomic():
        steps.request_release(contract_number=number, reason="贷款已结清", by=SYSTEM)
    return Release.objects.get(contract__number=number)


@pytest.fixture
def both(cast: Cast, signed: Any) -> str:
    """A contract registered in both registries, whose certificate is kept."""
    number = signed(until="signed")
    order_registrations(contract_number=number, by=cast.he, **SAID)
    order = RegistrationOrder.objects.get(registry=UNIFIED)
    submit_registration(order_number=order.number, submitted_on=TODAY, by=cast.he, **SAID)
    accept_registration(order_number=order.number, registration=receipt("ZD1", office="中登网"), evidence=scan(51),
                        valid_until=date(2029, 9, 1), by=cast.he, **SAID)
    register_mortgage(contract_number=number, registration=receipt("HD1"), evidence=scan(52), by=cast.he, **SAID)
    certificate(number, cast.he)
    return number


def office_off(number: str, by: Actor, seed: int = 53) -> None:
    record_release(contract_number=number, receipt_number="JY1", released_on=TODAY, evidence=scan(seed), by=by, **SAID)


def unified_off(by: Actor, seed: int = 54) -> RegistrationOrder:
    order = RegistrationOrder.objects.get(registry=UNIFIED)
    return cancel_registration(order_number=order.number, receipt_number="ZX1", cancelled_on=TODAY, evidence=scan(seed), by=by, **SAID)


def send(release: Release, by: Actor, **changes: Any) -> Release:
    said = {"carrier": "顺丰", "tracking_number": "sf123", "sent_on": TODAY, **changes}
    return send_papers(release_number=release.number, by=by, **SAID, **said)


def states(release: Release) -> list[tuple[str, str]]:
    return [(one.code, one.state) for one in releasing.progress(Release.objects.get(pk=release.pk)).steps]


def test_every_step_to_the_borrowers_door(cast: Cast, both: str) -> None:
    release = settled(both)
    assert (release.status, release.ordered_on, release.due_on) == ("ordered", TODAY, TODAY + timedelta(days=15))
    assert states(release) == [
        ("ordered", "done"), ("office_cancelled", "current"), ("unified_cancelled", "todo"), ("papers_out", "todo"), ("sent", "todo"),
        ("received", "todo")]
    for early in (lambda: take_out_papers(release_number=release.number, by=cast.he, **SAID), lambda: send(release, cast.he)):
        with pytest.raises(errors.StepsBefore):
            early()
    office_off(both, cast.he)
    with pytest.raises(errors.StepsBefore) as refused:
        take_out_papers(release_number=release.number, by=cast.he, **SAID)
    assert "中登网注销登记" in str(refused.value)
    assert unified_off(cast.he).status == "cancelled"
    take_out_papers(release_number=release.number, by=cast.he, **SAID)
    assert CustodyItem.objects.get().status == "out"
    assert send(release, cast.he).status == "sent"
    with pytest.raises(WrongState):
        send(release, cast.he)
    done = confirm_papers_received(release_number=release.number, received_on=TODAY, by=cast.he, **SAID)
    assert (done.status, done.done_on, done.tracking_number) == ("done", TODAY, "SF123")
    assert [state for _code, state in states(release)] == ["done"] * 6
    rows = list(ReleaseStep.objects.filter(release=release).values_list("code", "done_by_name", "done_on"))
    assert rows[1:] == [(code, "何", TODAY) for code in ("office_cancelled", "unified_cancelled", "papers_out", "sent", "received")]
    with pytest.raises(DatabaseError), transaction.atomic():
        ReleaseStep.objects.update(detail="改")


def test_at_the_counter_the_paper_is_checked(cast: Cast, both: str) -> None:
    release = settled(both)
    office_off(both, cast.he)
    unified_off(cast.he)
    take_out_papers(release_number=release.number, by=cast.he, **SAID)
    own = release.contract.customer.id_number
    said = Handover(recipient="王小明", id_number=own, handed_on=TODAY)

    def hand(one: Handover, authority: Any = None) -> Release:
        return hand_over_papers(release_number=release.number, handover=one, authority=authority, by=cast.he, **SAID)

    for wrong in (replace(said, id_number=""), replace(said, id_number=filing.OUYANG.id_number), replace(said, id_number="1")):
        with pytest.raises(errors.WrongRecipient):
            hand(wrong)
    with pytest.raises(errors.WrongRecipient):
        hand(replace(said, id_number="1"), scan(55))
    with pytest.raises(Invalid):
        hand(replace(said, recipient=" "))
    with pytest.raises(refusals.DayImpossible):
        hand(replace(said, handed_on=TODAY + timedelta(days=1)))
    agent = Handover(recipient="欧阳", id_number=filing.OUYANG.id_number, handed_on=TODAY)
    with transaction.atomic():
        done = hand(agent, scan(56))
    assert (done.status, done.recipient, done.done_on) == ("done", "欧阳", TODAY)
    step = ReleaseStep.objects.get(code="handed_over")
    assert step.file is not None and step.detail == f"欧阳 ****{filing.OUYANG.id_number[-4:]}"
    assert [code for code, _state in states(release)][-2:] == ["handed_over", "received"]


def test_the_borrower_takes_it_with_the_own_paper(cast: Cast, both: str) -> None:
    release = settled(both)
    office_off(both, cast.he)
    unified_off(cast.he)
    take_out_papers(release_number=release.number, by=cast.he, **SAID)
    said = Handover(recipient="王小明", id_number=release.contract.customer.id_number.lower(), handed_on=TODAY)
    assert hand_over_papers(release_number=release.number, handover=said, by=cast.he, **SAID).status == "done"


def test_where_nothing_is_kept_the_vehicle_office_is_the_end(cast: Cast, signed: Any) -> None:
    number = signed()
    release = settled(number)
    assert [code for code, _state in states(release)] == ["ordered", "office_cancelled"]
    with pytest.raises(errors.NothingToHandOver):
        send(release, cast.he)
    office_off(number, cast.he)
    assert Release.objects.get().status == "done"
    with pytest.raises(WrongState):
        take_out_papers(release_number=release.number, by=cast.he, **SAID)


def test_a_lent_certificate_comes_back_first(cast: Cast, both: str) -> None:
    release = settled(both)
    item = lend(CustodyItem.objects.get(), cast.he)
    office_off(both, cast.he)
    unified_off(cast.he)
    with pytest.raises(errors.PaperLent):
        take_out_papers(release_number=release.number, by=cast.he, **SAID)
    from chezhe.contracts.actions.give_back_item import give_back_item

    give_back_item(item_number=item.number, by=cast.he, **SAID)
    hand_out_item(item_number=item.number, handed=GIVEN, by=cast.he, **SAID)
    assert ("papers_out", "done") in states(release), "taken out by itself it is the same step"
    assert send(release, cast.he).status == "sent"


def test_a_loan_that_was_not_paid_off_after_all(cast: Cast, both: str) -> None:
    release = settled(both)
    with transaction.atomic():
        steps.withdraw_release(contract_number=both, reason="还款被撤销", by=SYSTEM)
    assert Release.objects.get(pk=release.pk).status == "withdrawn"
    with pytest.raises(errors.NotReleasing):
        unified_off(cast.he)
    with transaction.atomic():
        steps.request_release(contract_number=both, reason="再次结清", by=SYSTEM)
    assert list(Release.objects.order_by("pk").values_list("status", flat=True)) == ["withdrawn", "ordered"]


def test_what_the_borrower_reads(cast: Cast, both: str) -> None:
    release = settled(both)
    office_off(both, cast.he)
    customer_id = release.contract.customer_id
    borrower = replace(actor("王", "", user_id=None), reach=Reach.CUSTOMER, party_ids=frozenset({customer_id}))
    told = queries.release_progress(both, borrower)
    assert len(told) == 1 and told[0].due_on == release.due_on
    assert [(one.code, one.state) for one in told[0].steps][:2] == [("ordered", "done"), ("office_cancelled", "done")]
    assert {one.by for one in told[0].steps} == {""} and {one.detail for one in told[0].steps} == {""}
    stranger = replace(borrower, party_ids=frozenset({customer_id + 1}))
    assert queries.release_progress(both, stranger) == [] and queries.release_progress(both, WU) == []


def test_who_may_not(cast: Cast, both: str, browser: Any) -> None:
    release = settled(both)
    for nobody in (cast.lin, cast.fang, cast.manager, WU):
        with pytest.raises(NotPermitted):
            send(release, nobody)
    other = west("远")
    with pytest.raises(NotFound):
        send(release, other)
    browser.acts_as(other)
    assert browser.get(reverse("contracts:release_of", args=[release.number])).status_code == 404
    assert release.number not in browser.get(reverse("contracts:releases")).content.decode()
    assert browser.acts_as(cast.lin).get(reverse("contracts:releases")).status_code == 403


def test_what_is_late(cast: Cast, both: str, browser: Any) -> None:
    release = settled(both)
    pile = worklist.PILES["contracts.releases"]
    waiting = pile.first(cast.he, 5)
    assert pile.count(cast.he) == 1 and pile.late is not None and waiting[0].due_at is not None
    assert (pile.late(cast.he, waiting[0].due_at), pile.late(cast.he, waiting[0].due_at + timedelta(days=1))) == (0, 1)
    browser.acts_as(cast.he)
    late = reverse("contracts:releases") + "?due=overdue"
    assert release.number not in browser.get(late).content.decode()
    with clock.at(moment("2026-09-20 10:00")):
        business_date.open_day(date(2026, 9, 20))
        assert release.number in browser.get(late).content.decode()
        assert browser.api("contracts/releases?late=true").json()["items"][0]["is_late"]


def test_by_page(cast: Cast, both: str, browser: Any) -> None:
    release, day = settled(both), TODAY.isoformat()
    page = reverse("contracts:release_of", args=[release.number])
    browser.acts_as(cast.he)

    def post(name: str, number: str = release.number, **said: Any) -> Any:
        return browser.post(reverse(f"contracts:{name}", args=[number]), {**said, "_once": uuid4().hex})

    first = browser.get(page).content.decode()
    assert "登记解押" in first and "还剩 15 天" in first
    assert release.number in browser.get(reverse("contracts:contract", args=[both])).content.decode()
    early = post("send_papers", carrier="顺丰", tracking_number="SF1", sent_on=day)
    assert early.status_code == 422 and "请先办妥" in early.content.decode()
    assert post("release", both, receipt_number="JY1", released_on=day, evidence=scan(57)).status_code == 302
    entry = RegistrationOrder.objects.get(registry=UNIFIED).number
    assert "注销登记" in browser.get(reverse("contracts:registration", args=[entry])).content.decode()
    assert post("cancel_registration", entry, receipt_number="ZX1", cancelled_on=day).status_code == 422, "no scan"
    assert post("cancel_registration", entry, receipt_number="ZX1", cancelled_on=day, evidence=scan(58)).status_code == 302
    assert "权证出库" in browser.get(page).content.decode()
    assert post("take_out_papers").status_code == 302
    assert post("hand_over_papers", recipient="张", id_number="1", handed_on=day).status_code == 422
    once = {"carrier": "顺丰", "tracking_number": "SF1", "sent_on": day, "_once": "twice"}
    answers = [browser.post(reverse("contracts:send_papers", args=[release.number]), once).status_code for _ in range(2)]
    assert answers == [302, 302] and ReleaseStep.objects.filter(code="sent").count() == 1, "a double click sends one parcel"
    assert "SF1" in browser.get(reverse("contracts:releases")).content.decode()
    assert post("confirm_papers_received", received_on="2026-12-31").status_code == 422
    assert post("confirm_papers_received", received_on=day).status_code == 302
    again = post("confirm_papers_received", received_on=day)
    assert again.status_code == 422 and "目前为" in again.content.decode()


def test_by_api(cast: Cast, both: str, browser: Any) -> None:
    release = settled(both)
    browser.acts_as(cast.he)
    base, day = f"contracts/releases/{release.number}", TODAY.isoformat()

    def files(path: str, **said: Any) -> Any:
        return browser.post(f"/api/v1/contracts/{path}", said, headers={"Idempotency-Key": uuid4().hex})

    assert files(f"contracts/{both}/release", receipt_number="JY1", released_on=day, evidence=scan(59)).status_code == 200
    entry = RegistrationOrder.objects.get(registry=UNIFIED).number
    off = files(f"registrations/{entry}/cancel", receipt_number="ZX1", cancelled_on=day, evidence=scan(60))
    assert off.json()["status"] == "cancelled"
    assert browser.api(f"{base}/papers-out", {}).json()["steps"][3]["state"] == "done"
    assert files(f"releases/{release.number}/hand-over", recipient="张", id_number="1", handed_on=day).json()["code"] == "recipient_not_known"
    assert browser.api(f"{base}/send", {"carrier": "顺丰", "tracking_number": "SF1", "sent_on": day}).json()["status"] == "sent"
    assert browser.api(f"{base}/received", {"received_on": day}).json()["status"] == "done"
    assert browser.api(base).json()["done_on"] == day
    assert browser.api("contracts/releases?status=done").json()["items"][0]["number"] == release.number
    assert person("任", roles.AUDITOR, cast.branch).can("contracts.view_collateral")
