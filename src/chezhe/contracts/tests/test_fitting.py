"""Devices count once they have told where they are; insurance once the lender is its first beneficiary."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.urls import reverse

from chezhe.compliance.queries import lender
from chezhe.contracts import errors, queries, rules
from chezhe.contracts.actions.add_vehicle import add_vehicle
from chezhe.contracts.actions.confirm_gps import confirm_gps
from chezhe.contracts.actions.order_gps import order_gps
from chezhe.contracts.actions.prepare_disbursement import prepare_disbursement
from chezhe.contracts.actions.record_first_fix import record_first_fix
from chezhe.contracts.actions.record_policy import record_policy
from chezhe.contracts.actions.replace_gps_device import replace_gps_device
from chezhe.contracts.collateral import errors as refusals
from chezhe.contracts.collateral import fitting, insuring
from chezhe.contracts.collateral.fitting import Replacement
from chezhe.contracts.collateral.insuring import Policy
from chezhe.contracts.models import Contract, GpsDevice, GpsOrder, InsurancePolicy
from chezhe.contracts.tests.conftest import NOW, TODAY, Cast, scan
from chezhe.contracts.tests.test_custody import west
from chezhe.finmath.money import Money
from chezhe.kernel import clock, signing, worklist
from chezhe.kernel.actor import SYSTEM
from chezhe.kernel.errors import Invalid, NotFound, NotPermitted, ReasonRequired, WrongState
from chezhe.kernel.models import Parameter
from chezhe.kernel.testing import WU
from chezhe.vehicles.tests import filing as cars

pytestmark = pytest.mark.django_db
SAID = {"business_date": TODAY}


@pytest.fixture
def tracked(signed: Any) -> str:
    """A contract whose decision asked for two devices."""
    number: str = signed()
    Contract.objects.filter(number=number).update(gps_wired=1, gps_wireless=1)
    return number


def fitted(number: str, cast: Cast, devices: str = "G1 G2") -> None:
    confirm_gps(contract_number=number, fitted_on=TODAY, devices=devices, by=cast.he, **SAID)


def is_met(number: str, code: str = rules.GPS) -> bool:
    return dict(queries.conditions(queries.contract(number, SYSTEM), TODAY))[code]


def test_ordered_fitted_located_and_only_then_met(cast: Cast, tracked: str) -> None:
    order = order_gps(contract_number=tracked, installer="快装科技", appointed_on=TODAY, by=cast.he, **SAID)
    with pytest.raises(refusals.GpsOrdered):
        order_gps(contract_number=tracked, installer="快装科技", appointed_on=TODAY, by=cast.he, **SAID)
    fitted(tracked, cast)
    assert GpsOrder.objects.get().status == "installed"
    assert set(GpsDevice.objects.values_list("device_number", "installer")) == {("G1", "快装科技"), ("G2", "快装科技")}
    pile = worklist.PILES["contracts.silent"]
    assert pile.count(cast.he) == 2 and len(pile.first(cast.he, 5)) == 2
    record_first_fix(device_number="G1", fixed_at=NOW, by=cast.he)
    assert not is_met(tracked)
    with pytest.raises(errors.ConditionsMissing) as refused:
        prepare_disbursement(contract_number=tracked, by=cast.fang, **SAID)
    assert refused.value.missing == (rules.GPS,)
    record_first_fix(device_number="G2", fixed_at=NOW, by=SYSTEM)
    assert is_met(tracked) and GpsOrder.objects.get(pk=order.pk).status == "located" and pile.count(cast.he) == 0
    assert dict(GpsDevice.objects.values_list("device_number", "first_fix_source")) == {"G1": "clerk", "G2": "vendor"}
    assert prepare_disbursement(contract_number=tracked, by=cast.fang, **SAID).status == "prepared"


def test_told_again_the_first_fix_stays(cast: Cast, tracked: str) -> None:
    fitted(tracked, cast)
    first = record_first_fix(device_number="G1", fixed_at=NOW, by=SYSTEM).first_fix_at
    with clock.at(NOW + timedelta(hours=2)):
        again = record_first_fix(device_number="G1", fixed_at=NOW + timedelta(hours=1), by=cast.he)
    assert again.first_fix_at == first and again.first_fix_source == "vendor"


def test_impossible_fixes_and_orders(cast: Cast, tracked: str, signed: Any) -> None:
    with pytest.raises(Invalid):
        order_gps(contract_number=tracked, installer=" ", appointed_on=TODAY, by=cast.he, **SAID)
    with pytest.raises(Invalid):
        order_gps(contract_number=tracked, installer="快装", appointed_on=TODAY - timedelta(days=1), by=cast.he, **SAID)
    fitted(tracked, cast)
    for at in (NOW + timedelta(minutes=1), NOW - timedelta(days=2)):
        with pytest.raises(Invalid):
            record_first_fix(device_number="G1", fixed_at=at, by=cast.he)
    with pytest.raises(NotFound):
        record_first_fix(device_number="G9", fixed_at=NOW, by=cast.he)
    Contract.objects.filter(number=tracked).update(gps_wired=0, gps_wireless=0)
    with pytest.raises(refusals.GpsNotAsked):
        order_gps(contract_number=tracked, installer="快装", appointed_on=TODAY, by=cast.he, **SAID)


def test_a_silent_device_is_replaced(cast: Cast, tracked: str) -> None:
    fitted(tracked, cast)
    record_first_fix(device_number="G1", fixed_at=NOW, by=SYSTEM)
    other = Replacement(device_number="G3", installer="快装", installed_on=TODAY)
    with pytest.raises(refusals.DeviceLocated):
        replace_gps_device(device_number="G1", replacement=other, reason="没有信号", by=cast.he, **SAID)
    for said, reason, refusal in (
        (other, " ", ReasonRequired), (replace(other, device_number="G2"), "没有信号", Invalid), (replace(other, installer=""), "没有信号", Invalid),
        (replace(other, installed_on=TODAY + timedelta(days=1)), "没有信号", errors.DayImpossible),
    ):
        with pytest.raises(refusal):
            replace_gps_device(device_number="G2", replacement=said, reason=reason, by=cast.he, **SAID)
    new = replace_gps_device(device_number="G2", replacement=other, reason="没有信号", by=cast.he, **SAID)
    assert new.device_number == "G3" and Contract.objects.get().gps_devices == "G1 G3" and not is_met(tracked)
    with pytest.raises(NotFound):
        record_first_fix(device_number="G2", fixed_at=NOW, by=SYSTEM)
    record_first_fix(device_number="G3", fixed_at=NOW, by=SYSTEM)
    assert is_met(tracked)


def test_a_device_is_in_one_car(cast: Cast, tracked: str) -> None:
    fitted(tracked, cast)
    contract = Contract.objects.get()
    GpsDevice.objects.filter(device_number="G1").update(device_number="G9")
    other = Contract(number="K26-999999-9", pk=contract.pk + 1)
    with pytest.raises(refusals.DeviceElsewhere):
        fitting._put_in(other, "G9", "", TODAY, by=cast.he)


def test_the_makers_callback(cast: Cast, tracked: str, client: Any) -> None:
    fitted(tracked, cast)
    address = reverse("contracts:gps_callback")

    def told(said: Any, secret: bytes | None = None) -> Any:
        body = json.dumps(said).encode()
        headers = signing.sign(secret or signing.secret_of(fitting.SERVICE), body, at=clock.now())
        return client.post(address, body, content_type="application/json", headers=headers)

    good = {"device_number": "G1", "fixed_at": NOW.isoformat()}
    assert told(good, b"another secret").status_code == 401
    for bad in ({}, {"device_number": "G1"}, {**good, "fixed_at": "yesterday"}, {**good, "fixed_at": "2026-09-01T10:00:00"}):
        assert told(bad).status_code == 400
    assert told({**good, "device_number": "NO"}).status_code == 404
    assert [told(good).status_code for _ in range(2)] == [200, 200]
    assert GpsDevice.objects.get(device_number="G1").first_fix_source == "vendor"


def test_devices_by_page(cast: Cast, tracked: str, browser: Any) -> None:
    page, day = reverse("contracts:gps", args=[tracked]), TODAY.isoformat()
    browser.acts_as(cast.he)

    def post(name: str, **said: Any) -> Any:
        return browser.post(reverse(f"contracts:{name}", args=[tracked]), {**said, "_once": uuid4().hex})

    assert "预约 GPS 安装" in browser.get(page).content.decode()
    assert post("order_gps", installer="", appointed_on=day).status_code == 422
    assert post("order_gps", installer="快装科技", appointed_on=day).status_code == 302
    assert post("order_gps", installer="快装科技", appointed_on=day).status_code == 422
    fitted(tracked, cast)
    assert "待首次定位" in browser.get(page).content.decode()
    for wrong in ({"fixed_time": "25:99"}, {"fixed_time": "23:59"}, {"device_number": "G9", "fixed_time": "09:30"}):
        assert post("record_first_fix", **{"device_number": "G1", "fixed_on": day, **wrong}).status_code == 422
    assert post("record_first_fix", device_number="G1", fixed_on=day, fixed_time="9:30").status_code == 302
    new = {"old_number": "G2", "device_number": "G3", "installer": "快装科技", "installed_on": day}
    assert post("replace_gps_device", **new, reason="").status_code == 422
    assert post("replace_gps_device", **new, reason="没有信号").status_code == 302
    listed = browser.get(reverse("contracts:gps_devices") + "?fix=waiting").content.decode()
    assert "G3" in listed and "functools" not in listed
    assert browser.acts_as(west("北")).get(page).status_code == 404
    assert browser.acts_as(cast.lin).get(page).status_code == 403


def test_devices_by_api(cast: Cast, tracked: str, browser: Any) -> None:
    browser.acts_as(cast.he)
    base = f"contracts/contracts/{tracked}"
    made = browser.api(f"{base}/gps-orders", {"installer": "快装科技", "appointed_on": TODAY.isoformat()})
    assert made.status_code == 201 and made.json()["status"] == "ordered"
    fitted(tracked, cast)
    assert browser.api("contracts/gps-devices/G1/first-fix", {"fixed_at": NOW.isoformat()}).json()["first_fix_source"] == "clerk"
    new = {"device_number": "G3", "installer": "快装科技", "installed_on": TODAY.isoformat(), "reason": "没有信号"}
    assert browser.api("contracts/gps-devices/G2/replace", new).json()["device_number"] == "G3"
    assert [row["device_number"] for row in browser.api("contracts/gps-devices?waiting=true").json()["items"]] == ["G3"]
    assert len(browser.api(f"{base}/gps-devices").json()["items"]) == 2


def test_who_may_not_touch_devices(cast: Cast, tracked: str) -> None:
    fitted(tracked, cast)
    for nobody in (cast.lin, cast.fang, WU):
        with pytest.raises(NotPermitted):
            record_first_fix(device_number="G1", fixed_at=NOW, by=nobody)
    with pytest.raises(NotFound):
        record_first_fix(device_number="G1", fixed_at=NOW, by=west("南"))


# ---- insurance ------------------------------------------------------------------------------------------------


@pytest.fixture
def insured(signed: Any) -> str:
    """A contract of a day on which the insurance has to be seen."""
    Parameter.objects.create(
        code="INSURANCE_BEFORE_PAYOUT", value="true", unit="flag", effective_from=date(2026, 1, 1), source="测试")
    number: str = signed()
    return number


def policy(**changes: Any) -> Policy:
    said = {"insurer": "示例财产保险股份有限公司", "policy_number": "PDAA2026001", "beneficiary": lender().name, "valid_from": TODAY,
            "valid_to": date(2027, 8, 31), "amount": Money(9_000_000), **changes}
    return Policy(**said)


def record(number: str, cast: Cast, seed: int = 71, **changes: Any) -> InsurancePolicy:
    return record_policy(contract_number=number, policy=policy(**changes), evidence=scan(seed), by=cast.he, **SAID)


def test_no_money_without_the_lender_as_first_beneficiary(cast: Cast, insured: str) -> None:
    with pytest.raises(errors.ConditionsMissing) as refused:
        prepare_disbursement(contract_number=insured, by=cast.fang, **SAID)
    assert refused.value.missing == (insuring.CONDITION,) and "第一受益人" in str(refused.value)
    standing = next(one for one in queries.standings(queries.contract(insured, SYSTEM), TODAY) if one.code == insuring.CONDITION)
    assert (standing.owner, standing.due_on, standing.may_be_waived) == ("collateral_ops", TODAY + timedelta(days=15), False)
    made = record(insured, cast)
    assert made.file.category == "insurance_policy" and is_met(insured, insuring.CONDITION)
    assert prepare_disbursement(contract_number=insured, by=cast.fang, **SAID).status == "prepared"


@pytest.mark.parametrize(("changes", "field", "word"), [
    ({"beneficiary": "王小明"}, "beneficiary", "第一受益人须为"), ({"valid_to": date(2026, 8, 31), "valid_from": date(2025, 9, 1)}, "valid_to", "不覆盖放款日"),
    ({"valid_from": date(2027, 9, 1)}, "valid_to", "不能早于起期"), ({"amount": Money(0)}, "amount", "保险金额"),
    ({"amount": Money(5_999_999)}, "amount", "低于贷款本金"), ({"insurer": " "}, "insurer", "请按保险单填写"),
    ({"policy_number": "P" * 41}, "policy_number", "请按保险单填写"),
])
def test_an_unfit_policy_is_refused_in_words(cast: Cast, insured: str, changes: dict[str, Any], field: str, word: str) -> None:
    with pytest.raises(refusals.InsuranceUnfit) as refused:
        record(insured, cast, **changes)
    assert refused.value.field == field and word in str(refused.value) and not InsurancePolicy.objects.exists()


def test_one_that_begins_after_the_payout_day_does_not_count_yet(cast: Cast, insured: str) -> None:
    record(insured, cast, valid_from=TODAY + timedelta(days=3))
    contract = queries.contract(insured, SYSTEM)
    assert insuring.standing(contract, TODAY) is False and insuring.standing(contract, TODAY + timedelta(days=3)) is True
    assert insuring.standing(contract, date(2027, 9, 1)) is False, "nor one that has run out"
    with pytest.raises(refusals.InsuranceUnfit):
        record(insured, cast, 72)


def test_every_car_is_insured(cast: Cast, insured: str) -> None:
    record(insured, cast)
    contract = Contract.objects.get()
    second = cars.vehicle(cars.ELECTRIC, contract.customer, cast.lin)
    add_vehicle(contract_number=insured, vehicle_number=second.number, evidence=scan(73), by=cast.he)
    assert not is_met(insured, insuring.CONDITION)
    with pytest.raises(refusals.InsuranceUnfit):
        record(insured, cast, 74, vehicle_number=second.number)
    record(insured, cast, 75, vehicle_number=second.number, policy_number="PDAA2026002", amount=Money(100_000))
    assert is_met(insured, insuring.CONDITION)


def test_contracts_made_before_the_duty_are_not_asked(cast: Cast, signed: Any) -> None:
    number = signed()
    assert insuring.CONDITION not in dict(queries.conditions(queries.contract(number, SYSTEM), TODAY))
    assert not insuring.is_asked(Contract.objects.select_related("product_version").get())


def test_who_may_record_a_policy_and_of_what(cast: Cast, insured: str) -> None:
    for nobody in (cast.lin, cast.fang, WU):
        with pytest.raises(NotPermitted):
            record_policy(contract_number=insured, policy=policy(), evidence=scan(76), by=nobody, **SAID)
    with pytest.raises(NotFound):
        record_policy(contract_number=insured, policy=policy(), evidence=scan(77), by=west("东"), **SAID)
    with pytest.raises(errors.EvidenceMissing):
        record_policy(contract_number=insured, policy=policy(), evidence=None, by=cast.he, **SAID)
    Contract.objects.update(status="void")
    with pytest.raises(WrongState):
        record(insured, cast)


def test_policies_by_page_and_api(cast: Cast, insured: str, browser: Any) -> None:
    browser.acts_as(cast.he)
    page, form = (reverse(f"contracts:{name}", args=[insured]) for name in ("policies", "record_policy"))
    assert "未办妥" in browser.get(page).content.decode() and browser.get(form).status_code == 200
    assert "车辆保险" in browser.get(reverse("contracts:contract", args=[insured])).content.decode()
    said = {"insurer": "示例财险", "policy_number": "P1", "beneficiary": "王小明", "valid_from": TODAY.isoformat(),
            "valid_to": "2027-08-31", "amount": "90000"}
    wrong = browser.post(form, {**said, "evidence": scan(78), "_once": uuid4().hex})
    assert wrong.status_code == 422 and "第一受益人须为" in wrong.content.decode()
    good = {**said, "beneficiary": lender().name}
    answers = [browser.post(form, {**good, "evidence": scan(79), "_once": "twice"}).status_code for _ in range(2)]
    assert answers == [302, 302] and InsurancePolicy.objects.count() == 1
    assert "已办妥" in browser.get(page).content.decode()
    address = f"/api/v1/contracts/contracts/{insured}/policies"
    refused = browser.post(address, {**said, "policy_number": "P2", "evidence": scan(80)}, headers={"Idempotency-Key": uuid4().hex})
    assert refused.status_code == 422 and refused.json()["code"] == "insurance_unfit"
    made = browser.post(address, {**good, "policy_number": "P2", "evidence": scan(81)}, headers={"Idempotency-Key": uuid4().hex})
    assert made.status_code == 201
    assert len(browser.api(f"contracts/contracts/{insured}/policies").json()["items"]) == 2
