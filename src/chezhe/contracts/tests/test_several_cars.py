"""A contract that stands on several cars, and one that pays off an older loan of the house."""

from __future__ import annotations

from dataclasses import replace

import pytest

from chezhe.contracts import casework, errors, queries, steps
from chezhe.contracts.actions.add_vehicle import add_vehicle
from chezhe.contracts.actions.prepare_disbursement import prepare_disbursement
from chezhe.contracts.actions.record_release import record_release
from chezhe.contracts.actions.register_mortgage import Registration, register_mortgage
from chezhe.contracts.models import Contract, Mortgage
from chezhe.contracts.tests.conftest import TODAY, scan
from chezhe.finmath.money import Money
from chezhe.kernel.actor import SYSTEM
from chezhe.kernel.errors import NotFound, NotPermitted
from chezhe.kernel.testing import WU
from chezhe.origination.models import Application
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
