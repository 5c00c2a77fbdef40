"""One car of several goes while the loan runs: what the others must cover, who agrees, and how it is tracked and called off."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from chezhe.contracts.actions.add_vehicle import add_vehicle
from chezhe.contracts.actions.record_release import record_release
from chezhe.contracts.actions.register_mortgage import Registration, register_mortgage
from chezhe.contracts.errors import VehicleMortgaged
from chezhe.contracts.models import Contract, Mortgage
from chezhe.contracts.tests.conftest import scan
from chezhe.finmath.money import Money
from chezhe.kernel.actor import Actor
from chezhe.kernel.errors import Invalid, NotFound, NotPermitted
from chezhe.kernel.testing import WU, moment
from chezhe.servicing import change_pages, coverage, queries
from chezhe.servicing.actions.request_vehicle_release import request_vehicle_release
from chezhe.servicing.beside_money import VehicleGone
from chezhe.servicing.coverage import CoverShort, LastVehicle, ShareExceeded, ValuationMissing
from chezhe.servicing.models import Loan, LoanChange
from chezhe.servicing.replans import ArrearsFirst
from chezhe.servicing.tests.deciding import agree, risk, someone, take_back
from chezhe.servicing.tests.lending import START, Bank, days_pass, settle
from chezhe.servicing.tests.test_doors import at, text_of
from chezhe.servicing.tests.test_life import agrees
from chezhe.vehicles.models import Vehicle
from chezhe.vehicles.tests.filing import USED, vehicle

pytestmark = pytest.mark.django_db
OWED = Money(11_957_151)
"""AC-01 to its end: 119 571.51."""


def he(bank: Bank) -> Actor:
    return someone(bank, "何", "collateral_ops")


def second_car(bank: Bank, loan: Loan) -> Vehicle:
    """A further car, its mortgage registered."""
    car = vehicle(replace(USED, vin="LRWYGCEK2RC000004", plate="沪B23456"), bank.wang, bank.cast.lin)
    add_vehicle(contract_number=loan.contract.number, vehicle_number=car.number, evidence=scan(1), by=he(bank))
    Contract.objects.filter(pk=loan.contract_id).update(signed_on=START)
    said = Registration(office="上海车管所", receipt_number="D-2", registered_on=START)
    register_mortgage(contract_number=loan.contract.number, registration=said, evidence=scan(2), business_date=START,
                      vehicle_number=car.number, by=he(bank))
    return car


def valued(car: Vehicle, fen: int, on: date = START) -> None:
    car.valuations.create(source="in_house", amount=Money(fen), valued_on=on, recorded_at=moment("2026-01-15 10:00"), recorded_by_name="评估")


def ask(bank: Bank, loan: Loan, car: Vehicle) -> LoanChange:
    return request_vehicle_release(loan_number=loan.number, vehicle_number=car.number, reason="客户卖车", by=bank.fang)


def test_the_others_must_cover_what_is_owed_to_the_end_and_the_refusal_says_how_much_is_missing(bank: Bank, loan: Loan) -> None:
    own = loan.contract.vehicle
    with pytest.raises(LastVehicle):
        ask(bank, loan, own)
    car = second_car(bank, loan)
    assert coverage.owed_to_maturity(queries.current_position(loan, START)) == OWED
    with pytest.raises(ValuationMissing):
        ask(bank, loan, own)
    valued(car, 11_957_150)
    with pytest.raises(CoverShort) as short:
        ask(bank, loan, own)
    assert (short.value.facts["short"], short.value.facts["owed"]) == (Money(1), OWED)
    valued(car, 12_000_000)
    with pytest.raises(ShareExceeded) as share:
        ask(bank, loan, own)
    assert share.value.facts["short"] == Money(500_000), "100 000 are 80 % of 125 000"
    valued(car, 12_500_000)
    assert ask(bank, loan, own).status == "proposed"
    with pytest.raises(Invalid):
        ask(bank, loan, vehicle(replace(USED, vin="LGXCE4CB4P0000003", plate="沪A33333"), bank.wang, bank.cast.lin))


def test_risk_management_agrees_and_the_vehicle_office_releases_it(bank: Bank, loan: Loan) -> None:
    car, own = second_car(bank, loan), loan.contract.vehicle
    valued(own, 15_000_000)
    change = agree(ask(bank, loan, car), risk(bank))
    assert change.status == "applied" and agrees(loan) and loan.events.get(kind="vehicle_released").amount == Money(0)
    held = Mortgage.objects.get(vehicle=car)
    assert (held.status, held.is_alone, held.release_reason) == ("release_requested", True, change.number)
    assert coverage.released(loan) == {car.number}, "it stands behind nothing from now on"
    record_release(contract_number=loan.contract.number, receipt_number="J-2", released_on=START, evidence=scan(3), business_date=START,
                   vehicle_number=car.number, by=he(bank))
    held.refresh_from_db()
    assert held.status == "released" and Mortgage.objects.get(contract=loan.contract).status == "registered"
    with pytest.raises(VehicleGone):
        take_back(bank, change.event)
    assert coverage.released(loan) == {car.number}
    assert second_car_again(bank, loan, car).status == "proposed", "a released car may stand for it again"
    assert not coverage.released(loan)


def second_car_again(bank: Bank, loan: Loan, car: Vehicle) -> Mortgage:
    return add_vehicle(contract_number=loan.contract.number, vehicle_number=car.number, evidence=scan(4), by=he(bank))


def test_called_off_the_car_stays_and_at_the_end_every_car_is_released(bank: Bank, loan: Loan) -> None:
    car = second_car(bank, loan)
    valued(loan.contract.vehicle, 15_000_000)
    change = agree(ask(bank, loan, car), risk(bank))
    take_back(bank, change.event)
    change.refresh_from_db()
    assert change.status == "taken_back" and Mortgage.objects.get(vehicle=car).status == "registered" and agrees(loan)
    settle(bank, loan, str(queries.settlement_quote(loan, START).to_pay))
    assert {row.status for row in Mortgage.objects.all()} == {"release_requested"}


def test_a_car_stands_for_one_loan_and_arrears_come_first(bank: Bank, loan: Loan) -> None:
    car = second_car(bank, loan)
    valued(loan.contract.vehicle, 15_000_000)
    with pytest.raises(VehicleMortgaged):
        add_vehicle(contract_number=loan.contract.number, vehicle_number=car.number, evidence=scan(5), by=he(bank))
    for outsider in (bank.cast.mei, WU):
        with pytest.raises((NotFound, NotPermitted)):
            ask(Bank(bank.cast, outsider, bank.wang), loan, car)
    days_pass(bank, date(2026, 2, 20))
    with pytest.raises(ArrearsFirst):
        ask(bank, loan, car)


def test_it_is_offered_for_a_loan_with_several_cars_only(bank: Bank, loan: Loan) -> None:
    def is_offered() -> bool:
        return at("vehicle_release", loan.number) in [address for _label, _icon, address in change_pages.verbs_of(loan, bank.fang)]

    assert not is_offered()
    second_car(bank, loan)
    assert is_offered()


def test_the_page_names_what_is_missing(browser: Any, bank: Bank, loan: Loan) -> None:
    car = second_car(bank, loan)
    browser.acts_as(bank.fang)
    url, filled = at("vehicle_release", loan.number), {"vehicle": car.number, "reason": "客户卖车"}
    assert car.number in text_of(browser.get(url))
    refused = browser.post(url, filled)
    assert refused.status_code == 422 and "请先重新评估" in text_of(refused)
    valued(loan.contract.vehicle, 15_000_000)
    tried = browser.post(url, filled)
    assert tried.status_code == 200
    assert browser.post(url, {**filled, "seen": tried.context["mark"], "_once": "v"}).status_code == 302
    assert browser.api(f"servicing/loans/{loan.number}/vehicle-releases", {"vehicle_number": car.number, "reason": "再来"}).status_code == 409
    assert browser.acts_as(WU).get(url).status_code in (403, 404)
