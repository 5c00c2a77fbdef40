"""A contract that stands on several cars, and one that pays off an older loan of the house."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from django.urls import reverse

from chezhe.contracts import casework, errors, queries, rules, steps
from chezhe.contracts.actions.add_vehicle import add_vehicle
from chezhe.contracts.actions.order_registrations import order_registrations
from chezhe.contracts.actions.prepare_contract import prepare_contract
from chezhe.contracts.actions.prepare_disbursement import prepare_disbursement
from chezhe.contracts.actions.record_release import record_release
from chezhe.contracts.actions.register_mortgage import Registration, register_mortgage
from chezhe.contracts.actions.release_unused_mortgage import release_unused_mortgage
from chezhe.contracts.actions.void_contract import MortgageRegistered, void_contract
from chezhe.contracts.collateral.states import OPEN
from chezhe.contracts.models import Contract, Mortgage, RegistrationOrder, Release
from chezhe.contracts.signing import queries as signing_queries
from chezhe.contracts.tests.conftest import NOW, TODAY, accepted, scan
from chezhe.contracts.tests.test_own_conditions import agree, put_off
from chezhe.contracts.views.page import stepper
from chezhe.customers.tests import filing
from chezhe.finmath.money import Money
from chezhe.kernel.actor import SYSTEM
from chezhe.kernel.errors import NotFound, NotPermitted, WrongState
from chezhe.kernel.testing import WU
from chezhe.origination.models import Application, ApplicationVehicle
from chezhe.vehicles.tests import filing as cars

pytestmark = pytest.mark.django_db
SECOND = replace(cars.USED, vin="LRWYGCEK2RC000004", plate="沪B23456")


def test_a_further_car_is_added_registered_released_and_free_again(cast, signed) -> None:
    number = signed()
    contract = Contract.objects.get(number=number)
    car = cars.vehicle(SECOND, contract.customer, cast.lin)
    said = {"contract_number": number, "vehicle_number": car.number}
    with pytest.raises(errors.EvidenceMissing):
        add_vehicle(**said, evidence=None, by=cast.he)
    with pytest.raises((NotFound, NotPermitted)):
        add_vehicle(**said, evidence=scan(70), by=WU)
    secured = add_vehicle(**said, evidence=scan(71), by=cast.he)
    assert secured.subject == f"mortgage:{number}.{car.number}" and queries.further_of(contract) == [secured]
    with pytest.raises(errors.VehicleMortgaged):
        add_vehicle(**said, evidence=scan(72), by=cast.he)
    with pytest.raises(errors.VehicleMortgaged):
        add_vehicle(contract_number=number, vehicle_number=contract.vehicle.number, evidence=scan(73), by=cast.he)
    receipt = Registration(office="上海车管所", receipt_number="D-9", registered_on=TODAY)
    register_mortgage(**said, registration=receipt, evidence=scan(74), business_date=TODAY, by=cast.he)
    steps.request_vehicle_release(**said, reason="LC", by=cast.he)
    assert secured in queries.releasable(cast.he)
    record_release(**said, receipt_number="J-9", released_on=TODAY, evidence=scan(75), business_date=TODAY, by=cast.he)
    assert Mortgage.objects.get(pk=secured.pk).status == "released" and contract.mortgage.status == "registered"
    assert add_vehicle(**said, evidence=scan(76), by=cast.he).status == "proposed"


def test_what_pays_off_an_older_loan_is_not_paid_out_and_its_figure_holds_for_a_day(cast, signed) -> None:
    number = signed()
    contract = Contract.objects.get(number=number)
    Application.objects.filter(pk=contract.application_id).update(refinances="K26-000099-0")
    with pytest.raises(errors.ConditionsMissing) as missing:
        prepare_disbursement(contract_number=number, business_date=TODAY, by=cast.fang)
    assert missing.value.missing == ("payoff",)
    steps.fix_payoff(number, loan_number="L26-000099-0", payoff=Money(4_000_000), on=TODAY, by=SYSTEM)
    made = prepare_disbursement(contract_number=number, business_date=TODAY, by=cast.fang)
    assert made.amount == Money(2_000_000) == casework.payout_of(Contract.objects.get(number=number))
    with pytest.raises(errors.PayoutStands):
        steps.fix_payoff(number, loan_number="L26-000099-0", payoff=Money(4_100_000), on=TODAY, by=SYSTEM)


def along(application: Application, cast, owner=None):
    """A further car of the application, valued."""
    car = cars.vehicle(SECOND, owner or application.customer, cast.lin)
    car.valuations.create(source="in_house", amount=Money(5_000_000), valued_on=TODAY, recorded_at=NOW, recorded_by_name="评估")
    ApplicationVehicle.objects.create(application=application, vehicle=car)
    return car


def test_a_contract_takes_every_car_of_its_application_with_a_paper_for_each(cast, signed) -> None:
    application = accepted(cast)
    car = along(application, cast)
    number = signed(until="signed", application=application)
    contract = Contract.objects.get(number=number)
    assert [(one.vehicle, one.status) for one in queries.further_of(contract)] == [(car, "proposed")]
    papers = contract.papers.filter(kind="mortgage_contract").order_by("place")
    assert [paper.place for paper in papers] == [1, 2]
    said = [json.loads(paper.data) for paper in papers]
    assert contract.vehicle.vin in json.dumps(said[0]) and car.vin not in json.dumps(said[0])
    assert car.vin in json.dumps(said[1]) and contract.vehicle.vin not in json.dumps(said[1])
    loan = json.dumps(json.loads(contract.papers.get(kind="loan_contract").data), ensure_ascii=False)
    assert f"{contract.vehicle.vin}、{car.vin}" in loan, "the loan contract names every car"
    assert contract.papers.filter(kind="insurance_undertaking").count() in (0, 2)


def test_money_waits_for_the_registration_of_every_car_that_was_decided_on(cast, signed) -> None:
    application = accepted(cast)
    car = along(application, cast)
    number = signed(application=application)
    contract = Contract.objects.get(number=number)
    assert contract.mortgage.status == "registered"
    assert contract in queries.unregistered(cast.he) and contract not in queries.payable(cast.fang)
    with pytest.raises(errors.ConditionsMissing) as missing:
        prepare_disbursement(contract_number=number, business_date=TODAY, by=cast.fang)
    assert "mortgage" in missing.value.missing
    receipt = Registration(office="上海车管所", receipt_number="D-9", registered_on=TODAY)
    register_mortgage(
        contract_number=number, vehicle_number=car.number, registration=receipt, evidence=scan(74), business_date=TODAY, by=cast.he)
    assert contract not in queries.unregistered(cast.he) and contract in queries.payable(cast.fang)
    assert "mortgage" not in rules.missing(casework.readiness_of(Contract.objects.get(number=number), contract.account, TODAY))
    steps.request_vehicle_release(contract_number=number, vehicle_number=car.number, reason="LC", by=cast.he)
    record_release(
        contract_number=number, vehicle_number=car.number, receipt_number="J-9", released_on=TODAY, evidence=scan(75), business_date=TODAY,
        by=cast.he)
    assert queries.further_of(contract)[0].status == "released" and Contract.objects.get(number=number).mortgage.status == "registered"


def noted(number: str, car, cast, receipt: str = "D-9") -> None:
    """The vehicle office has noted the mortgage of one car."""
    said = Registration(office="上海车管所", receipt_number=receipt, registered_on=TODAY)
    register_mortgage(
        contract_number=number, vehicle_number=car.number, registration=said, evidence=scan(74), business_date=TODAY, by=cast.he)


def test_a_deal_that_falls_through_lets_go_of_a_further_car_that_alone_was_registered(cast, signed, browser) -> None:
    application = accepted(cast)
    car = along(application, cast)
    number = signed(until="signed", application=application)
    order_registrations(contract_number=number, business_date=TODAY, by=cast.he)
    with pytest.raises(WrongState):
        release_unused_mortgage(contract_number=number, reason="客户放弃", by=cast.he)
    noted(number, car, cast)
    with pytest.raises(MortgageRegistered):
        void_contract(contract_number=number, reason="客户放弃", by=cast.he)
    address = reverse("contracts:contract", args=[number])
    assert "不放款并解押" in browser.acts_as(cast.he).get(address).content.decode()
    release_unused_mortgage(contract_number=number, reason="客户放弃", by=cast.he)
    own, further = contract_mortgages(number)
    assert (own.status, further.status) == ("cancelled", "release_requested")
    assert not RegistrationOrder.objects.filter(mortgage=own, status__in=OPEN).exists(), "nobody registers it any more"
    page = browser.get(address).content.decode()
    assert Release.objects.get(mortgage=further).number in page and "不放款并解押" not in page
    record_release(
        contract_number=number, vehicle_number=car.number, receipt_number="J-9", released_on=TODAY, evidence=scan(75), business_date=TODAY,
        by=cast.he)
    assert void_contract(contract_number=number, reason="客户放弃", by=cast.he).status == "void"
    assert prepare_contract(application_number=application.number, business_date=TODAY, by=cast.he).status == "prepared"


def contract_mortgages(number: str) -> list[Mortgage]:
    """The contract's own, then those of further cars."""
    contract = Contract.objects.get(number=number)
    return [contract.mortgage, *queries.further_of(contract)]


def test_no_money_leaves_for_a_deal_that_fell_through_although_the_registration_was_put_off(cast, signed) -> None:
    application = accepted(cast)
    car = along(application, cast)
    number = signed(until="signed", application=application)
    agree(cast, put_off(cast, number))
    noted(number, car, cast)
    contract = Contract.objects.get(number=number)
    assert contract in queries.payable(cast.fang)
    release_unused_mortgage(contract_number=number, reason="客户放弃", by=cast.he)
    assert contract not in queries.payable(cast.fang) and contract not in queries.unregistered(cast.he)
    with pytest.raises(errors.ConditionsMissing) as missing:
        prepare_disbursement(contract_number=number, business_date=TODAY, by=cast.fang)
    assert missing.value.missing == ("mortgage",)


def test_the_page_counts_every_car(cast, signed, browser) -> None:
    number = signed()
    contract = Contract.objects.get(number=number)
    browser.acts_as(cast.he)

    def step() -> str:
        found = queries.contract(number, cast.he)
        return stepper(found, contract_mortgages(number), None)[3].state

    address = reverse("contracts:contract", args=[number])
    assert step() == "done" and "开立抵押登记单" not in browser.get(address).content.decode()
    car = cars.vehicle(SECOND, contract.customer, cast.lin)
    add_vehicle(contract_number=number, vehicle_number=car.number, evidence=scan(71), by=cast.he)
    assert step() == "current" and "开立抵押登记单" in browser.get(address).content.decode()
    order_registrations(contract_number=number, business_date=TODAY, by=cast.he)
    assert "开立抵押登记单" not in browser.get(address).content.decode()
    noted(number, car, cast)
    assert step() == "done"
    page = browser.get(address).content.decode()
    assert f"{car.masked_plate}：追加抵押车辆" in page and f"{car.masked_plate}：登记抵押" in page


def test_a_car_whose_registration_was_put_off_goes_on_to_no_other_loan(cast, signed) -> None:
    number = signed(until="signed")
    contract = Contract.objects.get(number=number)
    other = accepted_again(cast, contract.application)
    Application.objects.filter(pk=contract.application.pk).update(bound="paid")
    Application.objects.filter(pk=other.pk).update(refinances=number, vehicle=contract.vehicle)
    with pytest.raises(errors.VehicleMortgaged):
        prepare_contract(application_number=other.number, business_date=TODAY, by=cast.he)
    noted(number, contract.vehicle, cast)
    assert prepare_contract(application_number=other.number, business_date=TODAY, by=cast.he).mortgage.follows == contract.mortgage


def test_the_owner_of_a_further_car_signs_its_own_mortgage_contract(cast, signed) -> None:
    application = accepted(cast)
    owner = filing.person(replace(filing.OUYANG, address="上海市浦东新区张江路1号"), cast.lin)
    application.parties.create(customer=owner, role="guarantor")
    along(application, cast, owner)
    contract = Contract.objects.get(number=signed(until="prepared", application=application))
    first, second = contract.papers.filter(kind="mortgage_contract").order_by("place")
    assert (first.signer.customer, second.signer.customer) == (application.customer, owner)
    mine = signing_queries.standing(contract).required_of(contract.parties.get(customer=owner))
    assert second in mine and first not in mine


def test_a_further_car_that_stands_for_another_loan_holds_the_contract(cast, signed) -> None:
    number = signed()
    contract = Contract.objects.get(number=number)
    other = accepted_again(cast, contract.application)
    ApplicationVehicle.objects.create(application=other, vehicle=contract.vehicle)
    with pytest.raises(errors.VehicleMortgaged):
        prepare_contract(application_number=other.number, business_date=TODAY, by=cast.he)
    assert not Contract.objects.filter(application=other).exists()


def accepted_again(cast, earlier: Application) -> Application:
    """One more accepted application of the same customer, on another car."""
    car = cars.vehicle(SECOND, earlier.customer, cast.lin)
    car.valuations.create(source="in_house", amount=Money(10_000_000), valued_on=TODAY, recorded_at=NOW, recorded_by_name="评估")
    fields = ("customer", "branch", "product_version", "owner_id", "approval", "purpose", "price", "amount", "periods", "annual_rate",
              "approval_expires_on", "maker_ids", "created_at", "changed_at")
    return Application.objects.create(
        number="A26-000002-0", status="accepted", vehicle=car, **{name: getattr(earlier, name) for name in fields})
