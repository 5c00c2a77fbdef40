"""A dealer's people file a case, bring its papers, follow it, and see what was paid and earned: their own, and nothing of the decision."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from chezhe.approvals import steps as approval_steps
from chezhe.channels.models import Dealer
from chezhe.channels.tests.dealing import HARBOUR, dealer
from chezhe.compliance import steps as compliance_steps
from chezhe.contracts.models import Disbursement
from chezhe.contracts.paying.models import Leg
from chezhe.customers.models import Customer
from chezhe.customers.tests.filing import OUYANG, WANG, person
from chezhe.documents.models import StoredFile
from chezhe.documents.tests.corpus import image
from chezhe.finmath.money import Money
from chezhe.kernel import clock, handles
from chezhe.kernel.actor import Actor
from chezhe.kernel.errors import Invalid, NotFound, NotPermitted
from chezhe.kernel.models import Parameter
from chezhe.leads import steps as lead_steps
from chezhe.leads.models import Lead
from chezhe.leads.steps import LeadFacts
from chezhe.origination import owning
from chezhe.origination import queries as application_queries
from chezhe.origination.models import Application, Wanted
from chezhe.portal import dealing, filing
from chezhe.portal.actions.file_case import file_case
from chezhe.portal.filing import NewCase
from chezhe.portal.tests.outside import account_at, browser_for, dealer_actor, person_of, token_for
from chezhe.products.models import ProductVersion
from chezhe.risk.facts import queries as facts
from chezhe.servicing.models import Loan
from chezhe.servicing.tests.commissioning import AFTER, account_of, approved, brought, planned
from chezhe.servicing.tests.lending import START, Bank, days_pass
from chezhe.vehicles.errors import VinExistsElsewhere
from chezhe.vehicles.models import Vehicle
from chezhe.vehicles.tests.filing import ELECTRIC, USED, vehicle

pytestmark = pytest.mark.django_db

OTHER_MOBILE = "15488889999"
FORM = {
    "name": OUYANG.name, "id_number": OUYANG.id_number, "mobile": OUYANG.mobile, "monthly_income": "20000", "vin": ELECTRIC.vin,
    "brand": ELECTRIC.brand, "model": ELECTRIC.model, "condition": "new", "energy_type": ELECTRIC.energy_type, "price": "200000", "guide_price": "210000",
    "product_code": "T01", "purpose": "purchase", "amount": "100000", "periods": "36", "monthly_debt": "0", "consent_reference": "SQ-2026-0007",
    "has_consented": "on",
}


@pytest.fixture
def ours(bank: Bank) -> Dealer:
    return dealer(bank.cast.gao)


@pytest.fixture
def sun(bank: Bank, ours: Dealer) -> Actor:
    return dealer_actor(ours, bank.cast.gao)


@pytest.fixture
def other(bank: Bank) -> Dealer:
    return dealer(bank.cast.gao, replace(HARBOUR, uscc="91330327MATEYA4L22", name="上海另一二手车有限公司"))


def case(**more: Any) -> NewCase:
    said = {
        "person": replace(OUYANG, monthly_income=Money(2_000_000)), "car": replace(ELECTRIC, guide_price=Money(21_000_000)),
        "price": Money(20_000_000), "product_code": "T01", "purpose": "purchase", "amount": Money(10_000_000), "periods": 36,
        "consent_reference": "SQ-2026-0007",
    }
    return NewCase(**{**said, **more})


def file(by: Actor, **more: Any) -> Application:
    return file_case(case=case(**more), business_date=START, by=by)


def page_for(who: Dealer, bank: Bank, mobile: str = OTHER_MOBILE) -> Client:
    return browser_for(account_at(person_of(who, bank.cast.gao, mobile)))


def address(row: Application, more: str = "") -> str:
    return f"/d/cases/{handles.handle_of(row.subject)}/{more}"


def test_a_case_lands_with_the_dealer_its_clerk_and_the_consents(bank: Bank, ours: Dealer, sun: Actor) -> None:
    made = file(sun)
    customer = made.customer
    assert (made.dealer, made.owner_id, made.branch_id, made.status, made.filed_through) == (
        ours, ours.owner_id, ours.branch_id, "draft", "dealer")
    assert (made.amount, made.periods, made.price, made.purpose) == (Money(10_000_000), 36, Money(20_000_000), "purchase")
    assert made.vehicle is not None and made.vehicle.owner == customer and customer.source == "dealer"
    for kind in ("credit_query", "personal_info", "sensitive_info"):
        assert compliance_steps.has_consent(customer.subject, kind, START)
    assert {gap.code for gap in application_queries.gaps(made, START)} == {"document_missing"}


def test_who_is_filed_already_is_not_filed_twice_and_nothing_is_changed(bank: Bank, sun: Actor) -> None:
    before = Customer.objects.count()
    made = file(sun, person=replace(WANG, mobile="15411112222", address="别处"))
    bank.wang.refresh_from_db()
    assert made.customer == bank.wang and Customer.objects.count() == before and bank.wang.address != "别处"
    with pytest.raises(filing.CustomerOfOthers):
        file(sun, person=replace(WANG, name="王大明"))
    west = person(OUYANG, bank.cast.mei)
    with pytest.raises(filing.CustomerOfOthers):
        file(sun)
    assert not Application.objects.filter(customer=west).exists()


def test_a_car_of_somebody_elses_is_refused_and_hushed(bank: Bank, ours: Dealer, sun: Actor) -> None:
    vehicle(ELECTRIC, bank.wang, bank.cast.lin)
    with pytest.raises(VinExistsElsewhere):
        file(sun)
    assert Customer.objects.filter(name=OUYANG.name).count() == 0, "nothing is left of it"
    answer = page_for(ours, bank).post("/d/new/", FORM)
    text = answer.content.decode()
    assert answer.status_code == 409 and "王" not in text and "不能在线办理" in text


@pytest.mark.parametrize(("field", "more"), [
    ("consent_reference", {"consent_reference": " "}), ("amount", {"amount": Money(0)}), ("periods", {"periods": 0}),
    ("purpose", {"purpose": "working_capital"}), ("id_number", {"person": replace(OUYANG, id_number="123")}),
])
def test_it_refuses_what_makes_no_sense(sun: Actor, field: str, more: dict[str, Any]) -> None:
    with pytest.raises(Invalid) as refused:
        file(sun, **more)
    assert refused.value.field == field and not Application.objects.exists()


def test_nobody_else_files_by_this_form(bank: Bank) -> None:
    for nobody in (bank.cast.lin, bank.fang):
        with pytest.raises(NotPermitted):
            file(nobody)


def test_on_the_phone_it_is_filed_supplied_and_handed_in(bank: Bank, ours: Dealer) -> None:
    client = page_for(ours, bank)
    assert client.get("/d/new/").status_code == 200
    assert client.post("/d/new/", {**FORM, "has_consented": ""}).status_code == 422
    made = client.post("/d/new/", FORM)
    assert made.status_code == 302, made.context and made.context["form"].errors
    row = Application.objects.get()
    assert row.number not in made["Location"], "addresses carry handles"
    page = client.get(made["Location"]).content.decode()
    assert "还需要的资料" in page and "身份证人像面" in page and "/submit/" not in page
    for category in application_queries.documents_missing(row):
        sent = client.post(address(row, "papers/"), {"category": category.code, "file": SimpleUploadedFile(f"{category.code}.jpg", image())})
        assert sent.status_code == 302
    assert StoredFile.objects.filter(subject=row.subject).count() == len(application_queries.documents_needed(row))
    assert "/submit/" in client.get(address(row)).content.decode()
    assert client.post(address(row, "submit/")).status_code == 302
    row.refresh_from_db()
    assert row.status == "checking"
    assert facts.known([row.customer.subject], clock.now())["same_device_people"].value == 0, "the dealer's device is nobody's"
    again = client.post(address(row, "submit/"))
    assert again.status_code == 409 and "不能在线办理" in again.content.decode()


def test_what_is_wanted_is_answered(bank: Bank, ours: Dealer, sun: Actor) -> None:
    row = file(sun)
    Application.objects.filter(pk=row.pk).update(status="supplement")
    request = approval_steps.open_request(
        kind="application", subject=row.subject, title="x", stages=[{"role": "reviewer"}], maker_ids=[1], branch_id=row.branch_id,
        by=bank.cast.lin)
    Application.objects.filter(pk=row.pk).update(approval=request)
    wanted = Wanted.objects.create(
        application=row, request=request, kind="other", words="说明近三个月的大额转账", asked_at=clock.now(), asked_by_name="陈")
    client = page_for(ours, bank)
    page = client.get(address(row)).content.decode()
    assert "说明近三个月的大额转账" in page and "陈" not in page
    assert client.post(address(row, f"wanted/{wanted.pk}/"), {"answer": "装修款"}).status_code == 302
    wanted.refresh_from_db()
    assert wanted.answer == "装修款" and "已补" in client.get(address(row)).content.decode()


def test_another_dealer_finds_nothing_by_any_door(bank: Bank, ours: Dealer, other: Dealer, sun: Actor) -> None:
    row = file(sun)
    stranger, shen = page_for(other, bank), dealer_actor(other, bank.cast.gao, mobile="15499990000")
    assert stranger.get(address(row)).status_code == 404
    for more in ("submit/", "papers/", "wanted/1/"):
        assert stranger.post(address(row, more), {"answer": "x", "category": "id_front"}).status_code == 404, more
    with pytest.raises(NotFound):
        dealing.case_of(shen, row.number, START)
    assert row.number not in stranger.get("/d/").content.decode()
    assert stranger.get("/d/cases/garbage/").status_code == 404


def paid_to(ours: Dealer, loan: Loan, bank: Bank) -> Leg:
    """The whole payout of a loan went to its dealer."""
    contract = loan.contract
    disbursement = Disbursement.objects.create(
        number="DB26-000001-X", contract=contract, amount=loan.principal, account=contract.account, status="paid", paid_on=START,
        prepared_at=clock.now(), prepared_by_name="付")
    return Leg.objects.create(
        disbursement=disbursement, place=1, status="paid", payee=account_of(ours, bank), amount=loan.principal, paid_on=START)


def test_money_and_commission_are_the_dealers_own(bank: Bank, other: Dealer) -> None:
    plan = planned(bank)
    plan.dealer = Dealer.objects.exclude(pk=other.pk).first() or dealer(bank.cast.gao)
    plan.save(update_fields=["dealer"])
    loan = brought(bank, plan.dealer)
    paid_to(plan.dealer, loan, bank)
    days_pass(bank, AFTER)
    statement = approved(bank)
    mine, theirs = page_for(plan.dealer, bank), page_for(other, bank, "15499990000")
    shown = mine.get("/d/commission/").content.decode()
    assert "8,750.00" in shown and statement.number in shown
    assert "175,000.00" in mine.get("/d/payouts/").content.decode() and "2233" in mine.get("/d/payouts/").content.decode()
    assert loan.contract.application is not None
    case_page = mine.get(address(loan.contract.application)).content.decode()
    assert "8,750.00" in case_page and "175,000.00" in case_page and bank.wang.name not in case_page
    for path in ("/d/commission/", "/d/payouts/"):
        hidden = theirs.get(path).content.decode()
        assert "8,750.00" not in hidden and "175,000.00" not in hidden and statement.number not in hidden


def test_a_payout_that_came_back_is_told_and_not_called_paid(bank: Bank) -> None:
    loan = brought(bank, planned(bank).dealer)
    ours, row = loan.contract.application.dealer, loan.contract.application
    client = page_for(ours, bank)
    assert "已放款" in client.get(address(row)).content.decode()
    Loan.objects.filter(pk=loan.pk).update(status="held")
    page = client.get(address(row)).content.decode()
    assert "款项被银行退回" in page and "已放款" not in page


def api(client: Client, path: str, body: dict[str, Any] | None = None, **more: Any) -> Any:
    """A request of a dealer's program."""
    if body is None:
        return client.get(f"/api/v1/portal/d/{path}")
    return client.post(f"/api/v1/portal/d/{path}", body, content_type="application/json", headers={"Idempotency-Key": path + str(more)})


def program_of(who: Dealer, bank: Bank, mobile: str = OTHER_MOBILE) -> Client:
    token = token_for(account_at(person_of(who, bank.cast.gao, mobile)), is_program=True)
    return Client(headers={"Authorization": f"Bearer {token}"})


def test_a_dealers_program_does_the_same(bank: Bank, ours: Dealer, other: Dealer) -> None:
    ask, strange = program_of(ours, bank), program_of(other, bank, "15499990000")
    body = {name: value for name, value in FORM.items() if name != "has_consented"} | {"periods": 36}
    made = api(ask, "cases", body)
    assert made.status_code == 201, made.content.decode()
    number = made.json()["number"]
    seen = api(ask, f"cases/{number}").json()
    assert "id_front" in seen["papers"] and not seen["may_submit"] and seen["who"] == "欧阳*远"
    assert OUYANG.id_number not in str(seen) and api(strange, f"cases/{number}").status_code == 404
    assert api(ask, f"cases/{number}/submit", {"version": seen["version"]}).status_code == 422
    for path, body in ((f"cases/{number}/submit", {"version": 1}), (f"cases/{number}/wanted/1", {"answer": "已补交"})):
        assert api(strange, path, body).status_code == 404, path
    for path in ("payouts", "commission-lines", "commission-statements"):
        assert api(ask, path).json()["items"] == []
    assert api(ask, "commission").json() == dict.fromkeys(("accrued", "payable", "paid", "clawed", "owed"), "0.00")


def test_nothing_of_the_decision_is_told(bank: Bank, ours: Dealer, sun: Actor) -> None:
    row = file(sun)
    Application.objects.filter(pk=row.pk).update(
        status="rejected", opinion="多头借贷严重", tier="D", score=412, dti="0.87", snapshot={"dti": "0.87"})
    page = page_for(ours, bank).get(address(row)).content.decode()
    for secret in ("多头借贷", "412", "0.87", OUYANG.id_number, OUYANG.mobile):
        assert secret not in page, secret
    assert "没有通过" in page


def test_the_cars_and_products_of_the_form_are_ours(bank: Bank, ours: Dealer) -> None:
    page = page_for(ours, bank).get("/d/new/").content.decode()
    for version in ProductVersion.objects.filter(status="published"):
        fits = "person" in version.terms.borrower_kinds
        assert (f'value="{version.product.code}"' in page) is fits or not fits
    assert USED.vin not in page and not Vehicle.objects.filter(vin=USED.vin).exists()


def test_whom_one_of_ours_follows_is_not_filed_by_a_dealer_who_hears_nothing_of_it(bank: Bank, sun: Actor, ours: Dealer) -> None:
    Parameter.objects.create(code=owning.DAYS, value="30", unit="days", effective_from=START.replace(day=1), source="测试")
    lin = bank.cast.lin
    found = lead_steps.create(
        LeadFacts(name=OUYANG.name, mobile=OUYANG.mobile, source="phone"), branch_id=lin.branch_id, owner_id=lin.user_id, on=START, by=lin)
    with pytest.raises(filing.CustomerOfOthers):
        file_case(case=case(), business_date=START, by=sun)
    assert not Customer.objects.filter(name=OUYANG.name).exists() and not Application.objects.filter(customer__name=OUYANG.name).exists()
    Lead.objects.filter(pk=found.pk).update(dealer=ours)
    assert file_case(case=case(), business_date=START, by=sun).dealer == ours
