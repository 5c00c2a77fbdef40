"""Registering a mortgage: an order at each registry, its last day, its receipt, and what a refusal means."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.urls import reverse

from chezhe.approvals import queries as approval_queries
from chezhe.approvals.models import ApprovalRequest
from chezhe.contracts import errors as refusals
from chezhe.contracts import rules, steps
from chezhe.contracts.actions.accept_registration import accept_registration
from chezhe.contracts.actions.add_vehicle import add_vehicle
from chezhe.contracts.actions.order_registrations import order_registrations
from chezhe.contracts.actions.record_delivery import record_delivery
from chezhe.contracts.actions.redo_registration import redo_registration
from chezhe.contracts.actions.refuse_registration import refuse_registration
from chezhe.contracts.actions.register_mortgage import register_mortgage
from chezhe.contracts.actions.submit_registration import submit_registration
from chezhe.contracts.actions.void_contract import void_contract
from chezhe.contracts.collateral import errors, registering
from chezhe.contracts.collateral import rules as terms
from chezhe.contracts.collateral.models import UNIFIED, VEHICLE_OFFICE
from chezhe.contracts.collateral.registering import Registration
from chezhe.contracts.conditions import steps as condition_steps
from chezhe.contracts.models import Contract, ContractCondition, RegistrationOrder
from chezhe.contracts.tests.conftest import TODAY, Cast, accepted, person, scan
from chezhe.contracts.tests.test_own_conditions import agree, put_off
from chezhe.kernel import business_date, clock, events, roles, worklist
from chezhe.kernel.actor import SYSTEM
from chezhe.kernel.errors import Invalid, NotFound, NotPermitted, ReasonRequired, WrongState
from chezhe.kernel.models import StatusMove
from chezhe.kernel.testing import WU, moment
from chezhe.staff.models import Branch, Region
from chezhe.vehicles.tests import filing as cars

pytestmark = pytest.mark.django_db
DAYS = timedelta(days=1)


def receipt(number: str = "HD1", on: date = TODAY, office: str = "上海市车辆管理所") -> Registration:
    return Registration(office=office, receipt_number=number, registered_on=on)


@pytest.fixture
def ordered(signed: Any) -> dict[str, RegistrationOrder]:
    """A signed contract with its orders, as the news of the signature makes them."""
    signed(until="signed")
    events.deliver_all()
    return {order.registry: order for order in RegistrationOrder.objects.select_related("contract", "mortgage")}


def submitted(order: RegistrationOrder, cast: Cast) -> RegistrationOrder:
    return submit_registration(order_number=order.number, submitted_on=TODAY, business_date=TODAY, by=cast.he)


def accept(order: RegistrationOrder, cast: Cast, seed: int = 31, **changes: Any) -> RegistrationOrder:
    said: dict[str, Any] = {"registration": receipt(), "evidence": scan(seed), "business_date": TODAY, "by": cast.he, **changes}
    return accept_registration(order_number=order.number, **said)


def test_the_signature_makes_an_order_at_each_registry_once(cast: Cast, ordered: dict[str, RegistrationOrder]) -> None:
    assert set(ordered) == {VEHICLE_OFFICE, UNIFIED} and {order.status for order in ordered.values()} == {"made"}
    contract = ordered[UNIFIED].contract
    again = order_registrations(contract_number=contract.number, business_date=TODAY, by=cast.he)
    assert {order.pk for order in again} == {order.pk for order in ordered.values()}
    assert {order.due_on for order in again} == {TODAY + 10 * DAYS}, "bought with the loan: ten days, from the signature until the delivery is known"


def test_the_ten_days_run_from_the_delivery(cast: Cast, ordered: dict[str, RegistrationOrder]) -> None:
    contract = ordered[UNIFIED].contract
    delivered = TODAY - 4 * DAYS
    record_delivery(contract_number=contract.number, delivered_on=delivered, business_date=TODAY, by=cast.he)
    order = RegistrationOrder.objects.get(registry=VEHICLE_OFFICE)
    assert (order.due_on, order.days_left(TODAY), order.days_left(TODAY + 8 * DAYS)) == (TODAY + 6 * DAYS, 6, -2)
    for wrong in (TODAY + DAYS, TODAY - 500 * DAYS):
        with pytest.raises(refusals.DayImpossible):
            record_delivery(contract_number=contract.number, delivered_on=wrong, business_date=TODAY, by=cast.he)


def test_a_loan_against_a_car_has_the_days_of_its_conditions(cast: Cast, signed: Any) -> None:
    signed(until="signed", application=accepted(cast, purpose="consumption"))
    contract = Contract.objects.get()
    made = order_registrations(contract_number=contract.number, business_date=TODAY, by=cast.he)
    assert {order.due_on for order in made} == {TODAY + 15 * DAYS}
    with pytest.raises(errors.NotPurchaseMoney):
        record_delivery(contract_number=contract.number, delivered_on=TODAY, business_date=TODAY, by=cast.he)


def test_a_receipt_of_the_vehicle_office_registers_the_mortgage(cast: Cast, ordered: dict[str, RegistrationOrder]) -> None:
    order = ordered[VEHICLE_OFFICE]
    with pytest.raises(WrongState):
        accept(order, cast)
    submitted(order, cast)
    done = accept(order, cast)
    secured = steps.mortgage_of(Contract.objects.get())
    assert (done.status, secured.status, secured.receipt_number, secured.registered_on) == ("accepted", "registered", "HD1", TODAY)
    assert done.receipt is not None and done.receipt.category == "mortgage_receipt"
    assert dict(rules_met())[rules.MORTGAGE]
    with pytest.raises(WrongState):
        accept(order, cast, 32)
    assert [move.verb for move in StatusMove.objects.filter(subject=order.subject).order_by("pk")] == ["make", "submit", "accept"]


def rules_met() -> list[tuple[str, bool]]:
    from chezhe.contracts import queries

    return queries.conditions(Contract.objects.select_related("account", "customer", "mortgage").get(), TODAY)


def test_the_unified_registry_says_until_when_and_registers_nothing(cast: Cast, ordered: dict[str, RegistrationOrder]) -> None:
    order = submitted(ordered[UNIFIED], cast)
    for until in (None, TODAY, TODAY + 20 * DAYS, date(2060, 1, 1)):
        with pytest.raises(Invalid):
            accept(order, cast, valid_until=until)
    done = accept(order, cast, valid_until=date(2029, 9, 1))
    assert (done.status, done.valid_until, steps.mortgage_of(Contract.objects.get()).status) == ("accepted", date(2029, 9, 1), "proposed")
    assert terms.is_term(date(2028, 2, 29), date(2058, 2, 28)) and not terms.is_term(date(2028, 2, 29), date(2058, 4, 1))


def test_a_refused_one_is_done_again(cast: Cast, ordered: dict[str, RegistrationOrder]) -> None:
    order = submitted(ordered[VEHICLE_OFFICE], cast)
    with pytest.raises(ReasonRequired):
        refuse_registration(order_number=order.number, reason=" ", by=cast.he)
    refused = refuse_registration(order_number=order.number, reason="登记证书与行驶证不一致", by=cast.he)
    assert (refused.status, refused.refusal) == ("refused", "登记证书与行驶证不一致")
    with pytest.raises(WrongState):
        submitted(order, cast)
    again = redo_registration(order_number=order.number, by=cast.he)
    assert (again.status, again.attempt, again.submitted_on) == ("made", 2, None)
    submitted(order, cast)
    assert accept(order, cast).status == "accepted"


def test_a_refusal_withdraws_what_people_are_still_asked_to_agree_to(cast: Cast, ordered: dict[str, RegistrationOrder]) -> None:
    order = submitted(ordered[VEHICLE_OFFICE], cast)
    asked = put_off(cast, order.contract.number).waiver
    assert asked is not None and approval_queries.waiting_for(cast.manager).filter(pk=asked.pk).exists()
    refuse_registration(order_number=order.number, reason="登记证书与行驶证不一致", by=cast.he)
    asked.refresh_from_db()
    assert asked.status == "withdrawn" and not approval_queries.waiting_for(cast.manager).exists()
    row = ContractCondition.objects.get(code=rules.MORTGAGE)
    assert (row.waived_at, row.put_off_until) == (None, None)
    moved = StatusMove.objects.filter(subject=row.subject).latest("pk")
    assert (moved.verb, moved.status_from, moved.reason) == ("take_back", "open", "登记证书与行驶证不一致")
    redo_registration(order_number=order.number, by=cast.he)
    assert put_off(cast, order.contract.number).waiver != asked, "whoever knows of the refusal is asked anew"


def test_the_counter_still_registers_and_its_order_is_done(cast: Cast, ordered: dict[str, RegistrationOrder]) -> None:
    contract = ordered[VEHICLE_OFFICE].contract
    register_mortgage(contract_number=contract.number, registration=receipt("HD9"), evidence=scan(33), business_date=TODAY, by=cast.he)
    order = RegistrationOrder.objects.get(registry=VEHICLE_OFFICE)
    assert (order.status, order.receipt_number, RegistrationOrder.objects.get(registry=UNIFIED).status) == ("accepted", "HD9", "made")
    with pytest.raises(errors.NothingToRegister):
        order_registrations(contract_number=contract.number, business_date=TODAY, by=cast.he)


def test_bad_receipts_are_refused(cast: Cast, ordered: dict[str, RegistrationOrder]) -> None:
    order = ordered[VEHICLE_OFFICE]
    for day in (TODAY - DAYS, TODAY + DAYS):
        with pytest.raises(refusals.DayImpossible):
            submit_registration(order_number=order.number, submitted_on=day, business_date=TODAY, by=cast.he)
    submitted(order, cast)
    for said, refusal in (
        ({"registration": receipt(" ")}, Invalid), ({"registration": receipt(office="")}, Invalid), ({"registration": receipt("长" * 41)}, Invalid),
        ({"registration": receipt(on=TODAY + DAYS)}, refusals.DayImpossible), ({"evidence": None}, refusals.EvidenceMissing),
    ):
        with pytest.raises(refusal):
            accept(order, cast, **said)
    assert RegistrationOrder.objects.get(pk=order.pk).status == "submitted"


def test_what_was_put_off_is_a_task_with_its_day_and_late_afterwards(cast: Cast, signed: Any) -> None:
    number = signed(until="signed")
    events.deliver_all()
    agree(cast, put_off(cast, number, 7))
    events.deliver_all()
    order = RegistrationOrder.objects.get(registry=VEHICLE_OFFICE)
    assert order.due_on == TODAY + 7 * DAYS, "earlier than the ten days"
    pile = worklist.PILES["contracts.registrations"]
    assert pile.count(cast.he) == 2 and pile.late is not None
    first = pile.first(cast.he, 5)[0]
    assert first.due_at is not None and first.due_at.date() == TODAY + 7 * DAYS
    assert (pile.late(cast.he, first.due_at), pile.late(cast.he, first.due_at + DAYS)) == (0, 2)
    assert ContractCondition.objects.get(code=rules.MORTGAGE).put_off_until == TODAY + 7 * DAYS
    assert condition_steps.row_of(f"condition:{number}.{rules.MORTGAGE}").lets_go


def test_a_further_car_has_orders_of_its_own_and_one_receipt_registers_one_car(
    cast: Cast, ordered: dict[str, RegistrationOrder],
) -> None:
    contract = ordered[UNIFIED].contract
    second = cars.vehicle(cars.ELECTRIC, contract.customer, cast.lin)
    add_vehicle(contract_number=contract.number, vehicle_number=second.number, evidence=scan(36), by=cast.he)
    events.deliver_all()
    further = RegistrationOrder.objects.get(registry=VEHICLE_OFFICE, mortgage__vehicle=second)
    assert RegistrationOrder.objects.count() == 4
    accept(submitted(ordered[VEHICLE_OFFICE], cast), cast)
    submitted(further, cast)
    with pytest.raises(errors.ReceiptOfAnother):
        accept(further, cast, 37)
    assert accept(further, cast, 38, registration=receipt("HD2")).status == "accepted"
    assert steps.mortgage_of(contract, second.number).status == "registered"


def test_a_void_contract_needs_no_registration(cast: Cast, ordered: dict[str, RegistrationOrder]) -> None:
    asked = put_off(cast, ordered[UNIFIED].contract.number).waiver
    void_contract(contract_number=ordered[UNIFIED].contract.number, reason="客户放弃", by=cast.he)
    assert asked is not None and ApprovalRequest.objects.get(pk=asked.pk).status == "withdrawn"
    assert set(RegistrationOrder.objects.values_list("status", flat=True)) == {"dropped"}
    assert not registering.waits(ordered[UNIFIED].contract.number)
    with pytest.raises(errors.NothingToRegister):
        order_registrations(contract_number=ordered[UNIFIED].contract.number, business_date=TODAY, by=SYSTEM)


def test_not_before_the_signature(cast: Cast, signed: Any) -> None:
    with pytest.raises(errors.NotSigned):
        order_registrations(contract_number=signed(until="prepared"), business_date=TODAY, by=cast.he)


def test_who_may_not(cast: Cast, ordered: dict[str, RegistrationOrder], browser: Any) -> None:
    order = ordered[VEHICLE_OFFICE]
    for nobody in (cast.lin, cast.fang, WU):
        with pytest.raises(NotPermitted):
            submit_registration(order_number=order.number, submitted_on=TODAY, business_date=TODAY, by=nobody)
    west = Branch.objects.create(code="W01", name="城西店", region=Region.objects.get(code="T"))
    other = person("西", roles.COLLATERAL_OPS, west)
    with pytest.raises(NotFound):
        submitted_by(order, other)
    browser.acts_as(other)
    assert browser.get(reverse("contracts:registration", args=[order.number])).status_code == 404
    assert order.number not in browser.get(reverse("contracts:registrations")).content.decode()
    assert browser.acts_as(cast.lin).get(reverse("contracts:registrations")).status_code == 403


def submitted_by(order: RegistrationOrder, by: Any) -> RegistrationOrder:
    return submit_registration(order_number=order.number, submitted_on=TODAY, business_date=TODAY, by=by)


def test_by_page(cast: Cast, ordered: dict[str, RegistrationOrder], browser: Any) -> None:
    order, day = ordered[VEHICLE_OFFICE], TODAY.isoformat()
    browser.acts_as(cast.he)

    def post(name: str, said: dict[str, Any], **more: Any) -> Any:
        return browser.post(reverse(f"contracts:{name}", args=[order.number]), {**said, "_once": uuid4().hex, **more})

    page = browser.get(reverse("contracts:registration", args=[order.number])).content.decode()
    assert "还剩 10 天" in page and "报送登记" in page
    assert "还剩 10 天" in browser.get(reverse("contracts:contract", args=[order.contract.number])).content.decode()
    assert post("submit_registration", {"submitted_on": "2026-09-30"}).status_code == 422
    assert post("submit_registration", {"submitted_on": day}).status_code == 302
    assert "登记回执" in browser.get(reverse("contracts:registration", args=[order.number])).content.decode()
    assert post("refuse_registration", {"reason": ""}).status_code == 422
    assert post("refuse_registration", {"reason": "材料不齐"}).status_code == 302
    assert "材料不齐" in browser.get(reverse("contracts:registration", args=[order.number])).content.decode()
    assert post("redo_registration", {}).status_code == 302
    gone = post("redo_registration", {})
    assert gone.status_code == 422 and "目前为" in gone.content.decode(), "a second click says what is so"
    post("submit_registration", {"submitted_on": day})
    said = {"office": "上海市车辆管理所", "receipt_number": "HD7", "registered_on": day}
    assert post("accept_registration", said).status_code == 422, "no scan"
    once = "a-double-click"
    answers = [post("accept_registration", {**said, "evidence": scan(34)}, _once=once).status_code for _ in range(2)]
    assert answers == [302, 302] and RegistrationOrder.objects.get(pk=order.pk).receipt_number == "HD7"
    listed = browser.get(reverse("contracts:registrations")).content.decode()
    assert "HD7" in listed and "中登网" in listed and "functools" not in listed
    assert listed.index(ordered[UNIFIED].number) < listed.index(order.number), "what is done comes last"
    with clock.at(moment("2026-09-20 10:00")):
        business_date.open_day(date(2026, 9, 20))
        late = browser.get(reverse("contracts:registrations") + "?due=overdue").content.decode()
    assert ordered[UNIFIED].number in late and order.number not in late and "已逾期 9 天" in late


def test_by_page_the_orders_and_the_delivery(cast: Cast, signed: Any, browser: Any) -> None:
    number = signed(until="signed")
    browser.acts_as(cast.he)
    assert "开立抵押登记单" in browser.get(reverse("contracts:contract", args=[number])).content.decode()
    for name, said in (("order_registrations", {}), ("record_delivery", {"delivered_on": TODAY.isoformat()})):
        address = reverse(f"contracts:{name}", args=[number])
        assert browser.get(address).status_code == 200
        assert browser.post(address, {**said, "_once": uuid4().hex}).status_code == 302, name
    assert browser.post(reverse("contracts:record_delivery", args=[number]), {"delivered_on": "2027-01-01"}).status_code == 422
    assert RegistrationOrder.objects.count() == 2


def test_by_api(cast: Cast, signed: Any, browser: Any) -> None:
    number = signed(until="signed")
    browser.acts_as(cast.he)
    made = browser.api(f"contracts/contracts/{number}/registrations", {})
    assert made.status_code == 201 and len(made.json()["items"]) == 2
    order = next(row for row in made.json()["items"] if row["registry"] == VEHICLE_OFFICE)
    assert order["days_left"] == 10
    told = browser.api(f"contracts/contracts/{number}/delivery", {"delivered_on": "2026-08-30"})
    assert told.status_code == 200
    base = f"contracts/registrations/{order['number']}"
    assert browser.api(base).json()["due_on"] == "2026-09-09"
    assert browser.api(f"{base}/submit", {"submitted_on": "2026-09-01"}).json()["status"] == "submitted"
    assert browser.api(f"{base}/refuse", {"reason": "材料不齐"}).json()["refusal"] == "材料不齐"
    assert browser.api(f"{base}/redo", {}).json()["attempt"] == 2
    assert browser.api(f"{base}/redo", {}).status_code == 409
    browser.api(f"{base}/submit", {"submitted_on": "2026-09-01"})
    accepted_ = browser.post(
        f"/api/v1/{base}/accept", {"office": "车管所", "receipt_number": "HD1", "registered_on": "2026-09-01", "evidence": scan(35)},
        headers={"Idempotency-Key": uuid4().hex})
    assert accepted_.json()["status"] == "accepted" and accepted_.json()["receipt_document_id"]
    rows = browser.api("contracts/registrations?status=made&due_before=2026-10-01").json()["items"]
    assert [row["registry"] for row in rows] == [UNIFIED]
    assert len(browser.api(f"contracts/contracts/{number}/registrations").json()["items"]) == 2
