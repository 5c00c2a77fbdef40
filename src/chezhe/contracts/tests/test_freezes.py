"""While somebody is frozen nothing is signed, paid or sent again, and nobody is told why."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.urls import reverse

from chezhe.contracts import errors, rules
from chezhe.contracts.actions.add_vehicle import add_vehicle
from chezhe.contracts.actions.check_disbursement import check_disbursement
from chezhe.contracts.actions.confirm_cost_sheet import confirm_cost_sheet
from chezhe.contracts.actions.prepare_contract import prepare_contract
from chezhe.contracts.actions.prepare_disbursement import prepare_disbursement
from chezhe.contracts.actions.sign_contract import sign_contract
from chezhe.contracts.models import Contract
from chezhe.contracts.tests.conftest import TODAY, Cast, accepted, live, scan
from chezhe.contracts.tests.test_conditions import decided_c, least
from chezhe.contracts.tests.test_disbursements import fresh, paid_out, refused_payout
from chezhe.customers.tests import filing
from chezhe.finmath.money import Money
from chezhe.kernel import clock, jobs, roles
from chezhe.kernel.actor import SYSTEM
from chezhe.origination.errors import GuarantorNeeded
from chezhe.payments.actions.mark_payout_sent import mark_payout_sent
from chezhe.payments.actions.retry_payout import retry_payout
from chezhe.payments.actions.sign_mandate import sign_mandate
from chezhe.payments.debits.mandates import Signature
from chezhe.payments.models import Payout
from chezhe.payments.states import failure_label
from chezhe.payments.tasks import payouts
from chezhe.risk.guarantees.errors import CoverageShort
from chezhe.risk.screening.freezing import BusinessHeld
from chezhe.risk.screening.models import Hit
from chezhe.risk.tests.freezing import freeze
from chezhe.vehicles.tests import filing as cars

pytestmark = pytest.mark.django_db


def test_whoever_was_frozen_after_the_approval_signs_nothing_and_is_paid_nothing(cast: Cast, signed: Any, browser: Any) -> None:
    application = accepted(cast)
    number = signed(until="prepared", application=application)
    freeze(application.customer)
    said: dict[str, Any] = {"signers": [application.customer.number], "signed_on": TODAY, "channel": "counter", "business_date": TODAY}
    with pytest.raises(BusinessHeld) as refused:
        sign_contract(contract_number=number, evidence=scan(9), by=cast.he, **said)
    assert refused.value.code == "business_held" and not any(word in str(refused.value) for word in ("制裁", "名单", "反洗钱", "冻结"))
    client = browser.acts_as(cast.he)
    client.post(reverse("contracts:cost_sheet", args=[number]), {
        "confirmed_on": TODAY.isoformat(), "channel": "counter", "evidence": scan(1), "_once": uuid4().hex})
    form = {"signers": [application.customer.number], "signed_on": TODAY.isoformat(), "channel": "counter", "evidence": scan(2)}
    page = client.post(reverse("contracts:sign", args=[number]), {**form, "_once": uuid4().hex})
    assert page.status_code == 422 and "联系合规岗" in page.content.decode() and "制裁" not in page.content.decode()
    assert Contract.objects.get(number=number).status == "prepared"


def test_nothing_else_is_signed_while_somebody_is_frozen(cast: Cast, signed: Any, browser: Any) -> None:
    application = accepted(cast)
    number = signed(until="prepared", application=application)
    car = cars.vehicle(replace(cars.USED, vin="LRWYGCEK2RC000004", plate="沪B23456"), application.customer, cast.lin)
    hit = freeze(application.customer)
    read: dict[str, Any] = {"confirmed_on": TODAY, "channel": "counter", "business_date": TODAY}
    signature = Signature(account_tail="", debit_max=Money(1_00), day_max=Money(1_00), signed_on=TODAY, evidence="DK-1")
    attempts = (
        lambda: confirm_cost_sheet(contract_number=number, evidence=scan(1), by=cast.he, **read),
        lambda: add_vehicle(contract_number=number, vehicle_number=car.number, evidence=scan(2), by=cast.he),
        lambda: sign_mandate(customer_number=application.customer.number, signature=signature, by=cast.lin),
    )
    for attempt in attempts:
        with pytest.raises(BusinessHeld) as refused:
            attempt()
        assert refused.value.code == "business_held" and not any(word in str(refused.value) for word in ("制裁", "名单", "反洗钱", "冻结"))
    Hit.objects.filter(pk=hit.pk).update(status="cleared")
    for attempt in attempts:
        attempt()


def test_a_frozen_owner_of_a_further_car_holds_it(cast: Cast, signed: Any) -> None:
    number = signed()
    other = filing.person(filing.SHAN, cast.lin)
    car = cars.vehicle(replace(cars.USED, vin="LRWYGCEK2RC000004", plate="沪B23456"), other, cast.lin)
    freeze(other)
    with pytest.raises(BusinessHeld):
        add_vehicle(contract_number=number, vehicle_number=car.number, evidence=scan(3), by=cast.he)


def test_money_that_was_made_ready_does_not_leave(cast: Cast, signed: Any, browser: Any) -> None:
    application = accepted(cast)
    number = signed(application=application)
    made = prepare_disbursement(contract_number=number, business_date=TODAY, by=cast.fang)
    freeze(application.customer)
    with pytest.raises(BusinessHeld):
        check_disbursement(disbursement_number=made.number, business_date=TODAY, by=cast.gao)
    answer = browser.acts_as(cast.gao).api(f"contracts/disbursements/{made.number}/check", {})
    assert answer.status_code == 409 and answer.json()["code"] == "business_held" and "制裁" not in answer.content.decode()
    assert not Payout.objects.exists()


def test_a_payout_that_failed_is_not_sent_again_for_somebody_frozen(cast: Cast, signed: Any, bank: Any) -> None:
    failed = refused_payout(cast, signed, bank, "903")
    hit = freeze(failed.contract.customer)
    with pytest.raises(BusinessHeld) as refused:
        retry_payout(payout_number=failed.payout_number, reason="余额已补足", by=cast.fang)
    assert "制裁" not in str(refused.value)
    hit.status = "cleared"
    hit.save(update_fields=["status"])
    least("3.00")
    with pytest.raises(CoverageShort):
        retry_payout(payout_number=failed.payout_number, reason="余额已补足", by=cast.fang)


def test_a_freeze_between_the_check_and_the_bank_stops_the_order(cast: Cast, signed: Any, bank: Any) -> None:
    application = accepted(cast)
    made = paid_out(cast, signed(application=application))
    hit = freeze(application.customer)
    live(bank)
    payout, stopped = Payout.objects.get(), fresh(made)
    assert (payout.status, payout.failure_code, stopped.status, stopped.failure_code) == ("failed", "HELD_BACK", "failed", "HELD_BACK")
    assert not bank.simulators["bank"].state and failure_label("HELD_BACK") == "付款前复核未通过"
    Hit.objects.filter(pk=hit.pk).update(status="cleared")
    retry_payout(payout_number=payout.number, reason="已核实", by=cast.fang)
    live(bank)
    assert fresh(made).status == "paid"


def test_an_order_the_bank_never_got_does_not_leave_again_for_somebody_frozen(cast: Cast, signed: Any, bank: Any) -> None:
    application = accepted(cast)
    made = paid_out(cast, signed(application=application))
    payout = mark_payout_sent(payout_number=Payout.objects.get().number, by=SYSTEM)
    jobs._line.get().clear()
    freeze(application.customer)
    payouts._ask(payout)
    live(bank)
    assert Payout.objects.get().status == "failed" and fresh(made).failure_code == "HELD_BACK" and not bank.simulators["bank"].state


def test_a_payout_that_failed_is_sent_again_only_under_every_condition(cast: Cast, signed: Any, bank: Any) -> None:
    failed = refused_payout(cast, signed, bank, "903")
    said: dict[str, Any] = {"payout_number": failed.payout_number, "reason": "余额已补足", "by": cast.fang}
    Contract.objects.filter(pk=failed.contract.pk).update(approval_expires_on=TODAY - timedelta(days=1))
    with pytest.raises(errors.ConditionsMissing) as lacking:
        retry_payout(**said)
    assert lacking.value.missing == (rules.APPROVAL,)
    Contract.objects.filter(pk=failed.contract.pk).update(approval_expires_on=TODAY)
    assert failed.contract.application is not None
    clock.tick(120)
    for source in set(bank.faults) - {"bank"}:  # what stands is what was told; nobody answers anything better
        bank.set_faults(source, error_before_rate=1)
    decided_c(cast, failed.contract.application)
    with pytest.raises(GuarantorNeeded):
        retry_payout(**said)


def test_no_contract_is_made_for_somebody_frozen(cast: Cast) -> None:
    application = accepted(cast)
    freeze(application.customer)
    with pytest.raises(BusinessHeld):
        prepare_contract(application_number=application.number, business_date=TODAY, by=cast.he)
    assert roles.COLLATERAL_OPS in cast.he.roles and not Contract.objects.exists()
