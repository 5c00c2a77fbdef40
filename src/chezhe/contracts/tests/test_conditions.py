"""What a decision asks for before money leaves: a guarantor who signs, devices that somebody stands by, enough behind the loan, nobody
frozen."""

from __future__ import annotations

import threading
from contextvars import copy_context
from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection, transaction
from django.urls import reverse

from chezhe.contracts import errors, rules
from chezhe.contracts.actions.check_disbursement import check_disbursement
from chezhe.contracts.actions.confirm_gps import GpsConfirmed, GpsNotAsked, confirm_gps
from chezhe.contracts.actions.prepare_contract import prepare_contract
from chezhe.contracts.actions.prepare_disbursement import prepare_disbursement
from chezhe.contracts.actions.record_first_fix import record_first_fix
from chezhe.contracts.actions.resend_disbursement import resend_disbursement
from chezhe.contracts.models import Contract
from chezhe.contracts.tests.conftest import TODAY, Cast, accepted, another_account, live
from chezhe.contracts.tests.test_disbursements import fresh, paid_out, refused_payout
from chezhe.customers.tests import filing
from chezhe.finmath.money import Money
from chezhe.kernel import clock
from chezhe.kernel.actor import SYSTEM
from chezhe.kernel.errors import Busy, Invalid, NotPermitted
from chezhe.kernel.models import Parameter
from chezhe.origination import agreeing
from chezhe.origination.errors import GuarantorNeeded
from chezhe.origination.models import Application
from chezhe.payments.models import Payout
from chezhe.risk.actions.accept_security import accept_security
from chezhe.risk.actions.offer_security import offer_security
from chezhe.risk.actions.release_security import release_security
from chezhe.risk.guarantees.errors import CoverageShort, LendingValueMissing, SecurityNeeded
from chezhe.risk.guarantees.models import CoverageCheck, Security
from chezhe.risk.guarantees.steps import Offered, release, require_covered
from chezhe.risk.screening.freezing import BusinessHeld
from chezhe.risk.tests.deciding.telling import asking, decided, scoring, tell
from chezhe.risk.tests.freezing import freeze

pytestmark = pytest.mark.django_db


def of_tier_c(cast: Cast) -> Application:
    """The decision wants a guarantor and three devices."""
    application = accepted(cast)
    decided_c(cast, application)
    return application


def decided_c(cast: Cast, application: Application) -> None:
    with scoring():
        tell(application.customer, application.subject, application.subject, bureau_score=100)
        made = decided(asking(application.customer, cast.lin, subject=application.subject), cast.lin)
    assert made.tier == "C"


def surety(cast: Cast, application: Application) -> Security:
    friend = filing.person(replace(filing.OUYANG, address="上海市徐汇区示例路 8 号"), cast.lin)
    given = Offered(kind="guarantor", amount=Money(60_000_00), liability="joint", income_monthly=Money(12_000_00))
    offered = offer_security(
        subject=application.subject, offered=given, guarantor_number=friend.number, business_date=TODAY, by=cast.lin)
    return accept_security(security_number=offered.number, by=cast.rui)


def locate(*devices: str) -> None:
    """Each device tells its maker where it is."""
    for device in devices:
        record_first_fix(device_number=device, fixed_at=clock.now(), by=SYSTEM)


def test_no_contract_without_the_guarantor_and_then_they_sign_it(cast: Cast) -> None:
    application = of_tier_c(cast)
    with pytest.raises(GuarantorNeeded):
        prepare_contract(application_number=application.number, business_date=TODAY, by=cast.he)
    surety(cast, application)
    made = prepare_contract(application_number=application.number, business_date=TODAY, by=cast.he)
    assert sorted(made.parties.values_list("role", flat=True)) == ["borrower", "guarantor"]
    assert (made.gps_wired, made.gps_wireless, made.needs_gps) == (1, 2, True)


def test_no_money_before_somebody_stands_by_the_devices(cast: Cast, signed: Any, browser: Any) -> None:
    application = of_tier_c(cast)
    surety(cast, application)
    number = signed(application=application)
    with pytest.raises(errors.ConditionsMissing) as refused:
        prepare_disbursement(contract_number=number, business_date=TODAY, by=cast.fang)
    assert refused.value.missing == (rules.GPS,) and "GPS" in str(refused.value)
    page = browser.acts_as(cast.he).get(reverse("contracts:contract", args=[number])).content.decode()
    assert "GPS 已按决策要求安装" in page and "确认 GPS 安装" in page and "有线 1 台" in page
    address = reverse("contracts:confirm_gps", args=[number])
    assert browser.get(address).status_code == 200
    few = browser.post(address, {"fitted_on": TODAY.isoformat(), "devices": "G1、G2", "_once": uuid4().hex})
    assert few.status_code == 422 and "3 台" in few.content.decode()
    assert browser.post(address, {"fitted_on": TODAY.isoformat(), "devices": "G1、G2 G3", "_once": uuid4().hex}).status_code == 302
    made = Contract.objects.get(number=number)
    assert (made.gps_devices, made.gps_fitted_on, made.gps_confirmed_by_name) == ("G1 G2 G3", TODAY, "何")
    shown = browser.get(reverse("contracts:contract", args=[number])).content.decode()
    assert "G1 G2 G3" in shown and "何" in shown
    with pytest.raises(errors.ConditionsMissing):
        prepare_disbursement(contract_number=number, business_date=TODAY, by=cast.fang)
    locate("G1", "G2", "G3")
    assert prepare_disbursement(contract_number=number, business_date=TODAY, by=cast.fang).status == "prepared"


def test_devices_are_confirmed_once_by_collateral_staff_and_only_where_they_are_asked_for(cast: Cast, signed: Any) -> None:
    application = of_tier_c(cast)
    surety(cast, application)
    number = signed(until="prepared", application=application)
    said: dict[str, Any] = {"contract_number": number, "devices": "G1 G2 G3", "business_date": TODAY}
    with pytest.raises(NotPermitted):
        confirm_gps(fitted_on=TODAY, by=cast.fang, **said)
    with pytest.raises(errors.DayImpossible):
        confirm_gps(fitted_on=TODAY + timedelta(days=1), by=cast.he, **said)
    with pytest.raises(Invalid):
        confirm_gps(fitted_on=TODAY, by=cast.he, **{**said, "devices": "G1 G1 G1"})
    confirm_gps(fitted_on=TODAY, by=cast.he, **said)
    with pytest.raises(GpsConfirmed):
        confirm_gps(fitted_on=TODAY, by=cast.he, **said)


def test_a_contract_of_a_decision_without_devices_is_not_asked_for_them(cast: Cast, signed: Any) -> None:
    with pytest.raises(GpsNotAsked):
        confirm_gps(contract_number=signed(), fitted_on=TODAY, devices="G1", business_date=TODAY, by=cast.he)


def test_devices_over_the_api(cast: Cast, signed: Any, browser: Any) -> None:
    application = of_tier_c(cast)
    surety(cast, application)
    number = signed(application=application)
    client = browser.acts_as(cast.he)
    answer = client.api(f"contracts/contracts/{number}/gps", {"fitted_on": TODAY.isoformat(), "devices": "G1 G2 G3"})
    assert answer.status_code == 200 and answer.json()["gps"] == {
        "wired": 1, "wireless": 2, "devices": "G1 G2 G3", "fitted_on": TODAY.isoformat(), "confirmed_by": "何"}
    assert {"code": "gps", "is_met": False} in answer.json()["conditions"]
    locate("G1", "G2", "G3")
    assert {"code": "gps", "is_met": True} in client.api(f"contracts/contracts/{number}").json()["conditions"]


def test_a_guarantor_who_signed_nothing_does_not_let_the_money_go(cast: Cast, signed: Any) -> None:
    application = accepted(cast)
    number = signed(application=application)
    late = surety(cast, application)
    with pytest.raises(errors.SuretyUnsigned) as refused:
        prepare_disbursement(contract_number=number, business_date=TODAY, by=cast.fang)
    assert refused.value.code == "guarantor_not_signed" and late.guarantor is not None and late.guarantor.number in str(refused.value)
    release(late, reason="不再需要", by=cast.he)
    assert prepare_disbursement(contract_number=number, business_date=TODAY, by=cast.fang).status == "prepared"


def test_a_frozen_guarantor_holds_the_case(cast: Cast, signed: Any) -> None:
    application = accepted(cast)
    number = signed(application=application)
    late = surety(cast, application)
    assert late.guarantor is not None
    freeze(late.guarantor)
    with pytest.raises(BusinessHeld):
        prepare_disbursement(contract_number=number, business_date=TODAY, by=cast.fang)
    with pytest.raises(BusinessHeld):
        agreeing.require_free(application, by=cast.lin)


# ---- coverage -------------------------------------------------------------------------------------------------


def least(value: str) -> None:
    Parameter.objects.create(code="COVERAGE_MIN", value=value, unit="rate", effective_from=TODAY, source="贷款人政策")


def test_short_of_cover_no_money_leaves_and_the_sum_is_named(cast: Cast, signed: Any, browser: Any) -> None:
    number = signed()
    least("2.00")
    with pytest.raises(CoverageShort) as refused:
        prepare_disbursement(contract_number=number, business_date=TODAY, by=cast.fang)
    assert refused.value.code == "coverage_short" and "保证金" in str(refused.value) and "200.00%" in str(refused.value)
    answer = browser.acts_as(cast.fang).post(reverse("contracts:pay_out", args=[number]), {"_once": uuid4().hex})
    assert answer.status_code == 409 and "还差" in answer.content.decode()
    over = browser.api(f"contracts/contracts/{number}/disbursements", {})
    assert over.status_code == 409 and over.json()["code"] == "coverage_short"


def test_the_second_person_measures_again(cast: Cast, signed: Any) -> None:
    number = signed()
    made = prepare_disbursement(contract_number=number, business_date=TODAY, by=cast.fang)
    least("2.00")
    with pytest.raises(CoverageShort):
        check_disbursement(disbursement_number=made.number, business_date=TODAY, by=cast.gao)
    assert not Payout.objects.exists()


def test_a_deposit_of_what_is_missing_lets_the_money_go_and_a_fen_less_does_not(cast: Cast, signed: Any) -> None:
    number = signed()
    least("2.00")
    application = Contract.objects.get(number=number).application
    assert application is not None
    with pytest.raises(CoverageShort) as refused:
        prepare_disbursement(contract_number=number, business_date=TODAY, by=cast.fang)
    missing = Money(refused.value.facts["missing"].fen)
    deposit(cast, application, Money(missing.fen - 1))
    with pytest.raises(CoverageShort) as refused:
        prepare_disbursement(contract_number=number, business_date=TODAY, by=cast.fang)
    assert refused.value.facts["missing"] == Money(1)
    deposit(cast, application, Money(1))
    assert prepare_disbursement(contract_number=number, business_date=TODAY, by=cast.fang).status == "prepared"
    assert CoverageCheck.objects.filter(subject_text=application.subject).order_by("-id")[0].missing == Money(0)


def deposit(cast: Cast, application: Application, amount: Money) -> Security:
    given = Offered(kind="deposit", amount=amount, holder="本公司保证金专户", proof_number=f"BZJ{Security.objects.count()}")
    offered = offer_security(subject=application.subject, offered=given, business_date=TODAY, by=cast.lin)
    return accept_security(security_number=offered.number, by=cast.rui)


def test_while_a_contract_stands_what_is_left_has_to_cover_it(cast: Cast, signed: Any, bank: Any) -> None:
    application = accepted(cast)
    held = deposit(cast, application, Money(90_000_00))
    least("2.00")
    number = signed(application=application)
    made = paid_out(cast, number)
    with pytest.raises(SecurityNeeded) as refused:
        release_security(security_number=held.number, reason="客户要求", by=cast.he)
    missing = refused.value.facts["missing"]
    assert refused.value.code == "security_needed" and str(missing) in str(refused.value)
    live(bank)
    assert fresh(made).status == "paid", "what was refused has changed nothing"
    other = deposit(cast, application, Money(missing.fen - 1))
    with pytest.raises(SecurityNeeded) as refused:
        release_security(security_number=held.number, reason="客户要求", by=cast.he)
    assert refused.value.facts["missing"] == Money(1)
    deposit(cast, application, Money(1))
    assert release_security(security_number=held.number, reason="已换保证金", by=cast.he).status == "released"
    Contract.objects.filter(number=number).update(status="settled")
    assert release_security(security_number=other.number, reason="结清", by=cast.he).status == "released"


@pytest.mark.django_db(transaction=True)
def test_a_release_waits_for_the_payout_that_counts_on_it(cast: Cast) -> None:
    application = accepted(cast)
    held = deposit(cast, application, Money(1_00))

    def release_meanwhile() -> None:
        with connection.cursor() as cursor:
            cursor.execute("SET lock_timeout = '200ms'")
        try:
            release_security(security_number=held.number, reason="客户要求", by=cast.he)
        except Busy as refusal:
            said.append(refusal)
        finally:
            connection.close()

    said: list[Busy] = []
    with transaction.atomic():
        require_covered(application.subject, on=TODAY, by=cast.gao)
        other = threading.Thread(target=copy_context().run, args=(release_meanwhile,))
        other.start()
        other.join()
    assert len(said) == 1 and Security.objects.get(pk=held.pk).status == "accepted"


def returned_money(cast: Cast, signed: Any, bank: Any) -> dict[str, Any]:
    """The payee's bank gave the money back; what a payout to another account is asked for with."""
    returned = refused_payout(cast, signed, bank, "905")
    assert (returned.status, returned.contract.status) == ("returned", "effective")
    assert returned.contract.application is not None
    account = another_account(returned.contract.application)
    return {"disbursement_number": returned.number, "account_id": account.pk, "reason": "退回换卡", "by": cast.fang}


def test_money_that_came_back_leaves_again_only_with_cover_and_an_approval_that_counts(cast: Cast, signed: Any, bank: Any) -> None:
    said = returned_money(cast, signed, bank)
    with pytest.raises(errors.ConditionsMissing) as lacking:
        resend_disbursement(business_date=TODAY + timedelta(days=31), **said)
    assert lacking.value.missing == (rules.APPROVAL,)
    least("2.00")
    with pytest.raises(CoverageShort):
        resend_disbursement(business_date=TODAY, **said)


def test_a_car_whose_value_is_too_old_is_not_enough(cast: Cast, signed: Any) -> None:
    number = signed()
    Contract.objects.get(number=number).vehicle.valuations.update(valued_on=TODAY - timedelta(days=91))
    with pytest.raises(LendingValueMissing):
        prepare_disbursement(contract_number=number, business_date=TODAY, by=cast.fang)
