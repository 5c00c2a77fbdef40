"""What changes between the approval and the money: a lower value or price, and a car that somebody else turns out to have a claim on."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest
from django.urls import reverse

from chezhe.compliance.steps.pricing import CapExceeded
from chezhe.contracts import errors as refusals
from chezhe.contracts import rules
from chezhe.contracts.actions.cancel_disbursement import cancel_disbursement
from chezhe.contracts.actions.check_disbursement import check_disbursement
from chezhe.contracts.actions.prepare_contract import prepare_contract
from chezhe.contracts.actions.prepare_disbursement import prepare_disbursement
from chezhe.contracts.actions.redo_registration import redo_registration
from chezhe.contracts.actions.refuse_registration import refuse_registration
from chezhe.contracts.actions.void_contract import void_contract
from chezhe.contracts.collateral import errors
from chezhe.contracts.collateral.models import VEHICLE_OFFICE
from chezhe.contracts.models import Contract, ContractCondition, RegistrationOrder
from chezhe.contracts.tests.conftest import TODAY, Cast, accepted, live
from chezhe.contracts.tests.test_disbursements import fresh, paid_out
from chezhe.contracts.tests.test_own_conditions import agree, put_off
from chezhe.contracts.tests.test_registrations import accept, submitted
from chezhe.finmath.money import Money
from chezhe.kernel import clock, events, moves
from chezhe.kernel.errors import WrongState
from chezhe.origination.actions.save_step import save_step
from chezhe.origination.actions.withdraw_application import withdraw_application
from chezhe.payments.models import Payout
from chezhe.vehicles.models import Vehicle

pytestmark = pytest.mark.django_db
ELSEWHERE = "车辆已抵押给望舒汽车金融"


def worth(yuan: int) -> None:
    """The car is valued anew."""
    car = Vehicle.objects.get()
    car.valuations.create(
        source="in_house", amount=Money(yuan * 100), valued_on=TODAY, recorded_at=clock.now(), recorded_by_name="评估")


# A lower value or price

def test_a_value_that_fell_before_the_contract_stops_it_and_enough_value_lets_it_be(cast: Cast) -> None:
    application = accepted(cast)
    worth(80_000)
    with pytest.raises(CapExceeded):
        prepare_contract(application_number=application.number, business_date=TODAY, by=cast.he)
    assert not Contract.objects.exists()
    worth(95_000)
    assert prepare_contract(application_number=application.number, business_date=TODAY, by=cast.he).status == "prepared"


def test_an_invoice_below_the_price_applied_for_stops_the_contract(cast: Cast) -> None:
    application = accepted(cast)
    Vehicle.objects.update(invoice_price=Money(8_000_000))
    with pytest.raises(CapExceeded):
        prepare_contract(application_number=application.number, business_date=TODAY, by=cast.he)
    Vehicle.objects.update(invoice_price=Money(9_900_000))
    assert prepare_contract(application_number=application.number, business_date=TODAY, by=cast.he).status == "prepared"


def test_after_the_approval_nobody_writes_another_price_into_the_application(cast: Cast) -> None:
    application = accepted(cast)
    with pytest.raises(WrongState):
        save_step(
            application_number=application.number, step="finance", version=application.version, values={"price": "70,000"},
            business_date=TODAY, by=cast.lin)
    application.refresh_from_db()
    assert application.price == Money(9_800_000)


@pytest.mark.parametrize("lower", ["value", "price"])
def test_one_that_fell_after_the_contract_holds_the_money_at_every_hand(cast: Cast, signed: Any, browser: Any, lower: str) -> None:
    number = signed()

    def fall(yuan: int) -> None:
        if lower == "value":
            worth(yuan)
        else:
            Vehicle.objects.update(invoice_price=Money(yuan * 100))

    fall(80_000)
    with pytest.raises(CapExceeded):
        prepare_disbursement(contract_number=number, business_date=TODAY, by=cast.fang)
    page = browser.acts_as(cast.fang).post(reverse("contracts:pay_out", args=[number]), {"_once": uuid4().hex})
    assert page.status_code == 409
    over = browser.api(f"contracts/contracts/{number}/disbursements", {})
    assert (over.status_code, over.json()["code"]) == (409, "cap_exceeded")
    fall(98_000)
    made = prepare_disbursement(contract_number=number, business_date=TODAY, by=cast.fang)
    fall(80_000)
    with pytest.raises(CapExceeded):
        check_disbursement(disbursement_number=made.number, business_date=TODAY, by=cast.gao)
    assert not Payout.objects.exists()


def test_a_value_that_falls_between_the_check_and_the_bank_stops_the_order(cast: Cast, signed: Any, bank: Any) -> None:
    made = paid_out(cast, signed())
    worth(80_000)
    live(bank)
    assert (fresh(made).status, fresh(made).failure_code) == ("failed", "HELD_BACK") and not bank.simulators["bank"].state


def test_once_the_money_is_out_a_lower_value_takes_nothing_back(cast: Cast, signed: Any, bank: Any) -> None:
    made = paid_out(cast, signed())
    live(bank)
    worth(50_000)
    live(bank)
    assert (fresh(made).status, fresh(made).contract.status) == ("paid", "effective")


# Mortgaged elsewhere

def refused_at_the_office(cast: Cast) -> RegistrationOrder:
    order = RegistrationOrder.objects.get(registry=VEHICLE_OFFICE)
    submitted(order, cast)
    return refuse_registration(order_number=order.number, reason=ELSEWHERE, by=cast.he)


def test_a_car_found_mortgaged_elsewhere_holds_the_money_and_says_why(cast: Cast, signed: Any, browser: Any) -> None:
    number = signed(until="signed")
    events.deliver_all()
    order = refused_at_the_office(cast)
    with pytest.raises(errors.RegistrationRefused) as refused:
        prepare_disbursement(contract_number=number, business_date=TODAY, by=cast.fang)
    assert order.number in str(refused.value) and ELSEWHERE in str(refused.value)
    page = browser.acts_as(cast.fang).post(reverse("contracts:pay_out", args=[number]), {"_once": uuid4().hex})
    assert page.status_code == 409 and ELSEWHERE in page.content.decode()
    over = browser.api(f"contracts/contracts/{number}/disbursements", {})
    assert (over.status_code, over.json()["code"]) == (409, "registration_refused")


def test_who_agreed_to_register_after_the_payout_is_asked_anew(cast: Cast, signed: Any, bank: Any) -> None:
    number = signed(until="signed")
    events.deliver_all()
    agree(cast, put_off(cast, number))
    made = paid_out(cast, number)
    refused_at_the_office(cast)
    row = ContractCondition.objects.get(code=rules.MORTGAGE)
    assert not row.lets_go and row.put_off_until is None
    assert [move.verb for move in moves.history(row.subject)][-1] == "take_back"
    live(bank)
    assert (fresh(made).status, fresh(made).failure_code) == ("failed", "HELD_BACK") and not bank.simulators["bank"].state
    redo_registration(order_number=RegistrationOrder.objects.get(registry=VEHICLE_OFFICE).number, by=cast.he)
    cancel_disbursement(disbursement_number=made.number, reason="抵押办不成", by=cast.fang)
    with pytest.raises(refusals.ConditionsMissing) as lacking:
        prepare_disbursement(contract_number=number, business_date=TODAY, by=cast.fang)
    assert lacking.value.missing == (rules.MORTGAGE,)


def test_the_other_lender_lets_go_and_the_money_leaves(cast: Cast, signed: Any, bank: Any) -> None:
    number = signed(until="signed")
    events.deliver_all()
    order = refused_at_the_office(cast)
    redo_registration(order_number=order.number, by=cast.he)
    submitted(order, cast)
    accept(order, cast)
    made = paid_out(cast, number)
    live(bank)
    assert fresh(made).status == "paid"


def test_or_the_contract_is_given_up_and_the_case_is_over(cast: Cast, signed: Any) -> None:
    number = signed(until="signed")
    events.deliver_all()
    refused_at_the_office(cast)
    void_contract(contract_number=number, reason=ELSEWHERE, by=cast.he)
    contract = Contract.objects.select_related("application", "mortgage").get()
    assert (contract.status, contract.mortgage.status) == ("void", "cancelled")
    assert set(RegistrationOrder.objects.values_list("status", flat=True)) == {"dropped"}
    gone = withdraw_application(application_number=contract.application.number, reason=ELSEWHERE, by=cast.lin)
    assert gone.status == "withdrawn"
    with pytest.raises(refusals.NotAccepted):
        prepare_contract(application_number=gone.number, business_date=TODAY, by=cast.he)
