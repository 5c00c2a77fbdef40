"""Asking for a loan on the phone: a customer's application, a stranger's enquiry, and nothing twice."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from chezhe.compliance import steps as compliance
from chezhe.customers.tests.filing import OUYANG, person
from chezhe.finmath.money import Money
from chezhe.kernel.models import Parameter
from chezhe.leads.models import Lead
from chezhe.origination import duplicates, queries
from chezhe.origination.models import Application
from chezhe.origination.tests.asking import TODAY, House, submitted
from chezhe.portal.models import Account
from chezhe.portal.tests.outside import Visitor, token_for
from chezhe.portal.tests.pages import at, field, in_english, phone, text_of
from chezhe.vehicles.models import Vehicle

pytestmark = pytest.mark.django_db
ASKED = {"product_code": "P03", "purpose": "consumption", "amount": "50,000", "periods": "24", "monthly_income": "12,500", "monthly_debt": "1,200"}
AGREED = {f"consent_{kind}": "on" for kind in ("credit_query", "personal_info", "sensitive_info")}
NEW = {
    "vehicle": "new", "vin": "LFV3A23C9L3000005", "plate": "沪B54321", "condition": "used", "brand": "奥迪", "model": "A4L",
    "energy_type": "petrol", "first_registered_on": "2021-05-01", "mileage_km": "40000",
}


def test_a_customer_applies_with_a_car_on_file_and_each_agreement_by_itself(house: House) -> None:
    client = phone(house.wang)
    page = client.get(at("apply"))
    assert page.status_code == 200 and text_of(page).count("我已阅读并单独同意") == 3
    form: dict[str, Any] = {**ASKED, **AGREED, "vehicle": house.car.number, "_once": field(page, "_once")}
    unsaid = client.post(at("apply"), {**form, "consent_sensitive_info": "", "_once": "11111111-1111-4111-8111-111111111111"})
    assert unsaid.status_code == 422 and "敏感信息" in text_of(unsaid) and not Application.objects.exists()
    assert not compliance.has_consent(house.wang.subject, "credit_query", TODAY), "one refusal undoes everything"
    for _time in range(2):
        assert client.post(at("apply"), form).status_code == 302
    made = Application.objects.get()
    assert (made.status, made.filed_through, made.vehicle, made.branch_id) == ("draft", "online", house.car, house.wang.branch_id)
    assert (made.monthly_income, made.monthly_debt) == (Money(12_500_00), Money(1_200_00))
    assert "income_missing" not in {gap.code for gap in queries.gaps(made, TODAY)}
    for unsaid in ("monthly_income", "monthly_debt"):
        assert client.post(at("apply"), {**ASKED, "vehicle": house.car.number, unsaid: ""}).status_code == 422, "not said is not nothing"
    assert made.owner_id == house.wang.owner_id and made.periods == 24 and "客户" in made.changed_by_name
    assert all(compliance.has_consent(house.wang.subject, kind, TODAY) for kind in ("credit_query", "personal_info", "sensitive_info"))
    again = client.post(at("apply"), {**ASKED, "vehicle": house.car.number})
    assert again.status_code == 409 and "已有一笔办理中的申请" in text_of(again) and Application.objects.count() == 1


def test_a_new_car_is_put_on_file_once_and_anothers_is_not_said_to_be_there(house: House) -> None:
    client = phone(house.wang)
    half = client.post(at("apply"), {**ASKED, **AGREED, "vehicle": "new", "vin": NEW["vin"]})
    assert half.status_code == 422 and "请填写品牌" in text_of(half)
    odd = client.post(at("apply"), {**ASKED, **AGREED, **NEW, "vin": "ABC"})
    assert odd.status_code == 422 and not Application.objects.exists()
    assert client.post(at("apply"), {**ASKED, **AGREED, **NEW}).status_code == 302
    assert Application.objects.get().vehicle.vin == NEW["vin"] and Vehicle.objects.filter(vin=NEW["vin"]).count() == 1
    assert client.post(at("apply"), {**ASKED, **NEW}).status_code == 409
    others = person(OUYANG, house.lin)
    stranger = phone(others)
    taken = stranger.post(at("apply"), {**ASKED, **AGREED, **NEW})
    assert taken.status_code == 409 and "目前不能在线办理" in text_of(taken) and "王" not in text_of(taken).replace("浏览", "")
    assert stranger.post(at("apply"), {**ASKED, **AGREED, "vehicle": house.car.number}).status_code == 422
    assert Application.objects.count() == 1


def test_who_has_one_under_way_is_told_its_number_and_applies_for_no_second_car(house: House) -> None:
    Parameter.objects.create(code=duplicates.MOST, value="1", unit="count", effective_from=TODAY, source="测试")
    first = submitted(house)
    again = phone(house.wang).post(at("apply"), {**ASKED, **AGREED, **NEW})
    assert again.status_code == 409 and first.number in text_of(again)
    assert Application.objects.count() == 1 and not Vehicle.objects.filter(vin=NEW["vin"]).exists(), "nothing half done"


@pytest.mark.parametrize(("changed", "said"), [
    ({"amount": "1"}, "金额须在"), ({"periods": "119"}, "期限须在"), ({"purpose": "working_capital"}, "不用于所选的用途"), ({"product_code": "P99"}, "没有这个选项"),
])
def test_what_the_product_does_not_lend_is_said_at_once(changed: dict[str, str], said: str, house: House) -> None:
    answer = phone(house.wang).post(at("apply"), {**ASKED, **AGREED, "vehicle": house.car.number, **changed})
    assert answer.status_code == 422 and said in text_of(answer) and not Application.objects.exists()


def test_a_stranger_leaves_an_enquiry_at_the_branch_chosen_and_only_one(house: House) -> None:
    visitor = Visitor("15400005555")
    visitor.comes_in()
    assert visitor.client.get(at("apply"))["Location"] == at("enquire")
    form = {"name": "钱先生", "branch_code": house.cast.east.code, "product_interest": "P03", "amount_wanted": "30000", "periods": "12",
            "plate": "沪A88888", "agrees": "on"}
    assert visitor.client.post(at("enquire"), {**form, "agrees": ""}).status_code == 422
    assert visitor.client.post(at("enquire"), {**form, "branch_code": "NONE"}).status_code == 422
    assert visitor.client.post(at("enquire"), form).status_code == 302
    lead = Lead.objects.get()
    assert (lead.mobile, lead.source, lead.branch, lead.owner) == ("15400005555", "website", house.cast.east, None)
    assert "沪A88888" in lead.note and compliance.has_consent(lead.subject, "personal_info", TODAY)
    again = visitor.client.post(at("enquire"), form)
    assert again.status_code == 409 and "不必重复提交" in text_of(again) and Lead.objects.count() == 1
    assert "Apply for a loan" in in_english(visitor.client, at("enquire"))


def test_programs_apply_and_enquire(house: House) -> None:
    phone(house.wang)
    head = {"Authorization": f"Bearer {token_for(Account.objects.get(), is_program=True)}"}
    body = {"product_code": "P03", "purpose": "consumption", "amount": "50000.00", "periods": 24, "monthly_debt": "0.00", "vehicle_number": house.car.number,
            "consents": ["credit_query", "personal_info", "sensitive_info"], "device": "DV1c82689a8da96282"}
    made = Client().post(
        "/api/v1/portal/m/applications", body, content_type="application/json", headers={**head, "Idempotency-Key": "a1"})
    assert made.status_code == 201 and made.json()["status"] == "draft"
    assert (Application.objects.get().device, Application.objects.get().monthly_debt) == ("DV1c82689a8da96282", Money(0))
    odd = Client().post(
        "/api/v1/portal/m/applications", {**body, "device": "--- a1 ---"}, content_type="application/json",
        headers={**head, "Idempotency-Key": "a3"})
    assert odd.status_code == 422 and odd.json()["code"] == "device_unreadable"
    asked = {"name": "王先生", "branch_code": house.cast.east.code, "agrees": True}
    enquiry = Client().post("/api/v1/portal/m/enquiries", asked, content_type="application/json", headers={**head, "Idempotency-Key": "a2"})
    assert enquiry.status_code == 201 and Lead.objects.count() == 1


def test_the_page_speaks_english_too(house: House) -> None:
    assert "separately agree" in in_english(phone(house.wang), at("apply"))
