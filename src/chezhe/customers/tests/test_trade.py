"""The trade of a sole trader: written down, corrected, found, and shown no more than may be shown."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from random import Random
from typing import Any

import pytest

from chezhe.customers import queries
from chezhe.customers.actions.record_trade import record_trade
from chezhe.customers.actions.reveal_field import reveal_field
from chezhe.customers.errors import TradeExists, TradeOfCompany
from chezhe.customers.models import Customer, Trade
from chezhe.customers.tests.filing import FLEET, OUYANG, TODAY, WANG, company, person
from chezhe.customers.values import TradeFacts
from chezhe.documents.tests.people import Cast
from chezhe.identifiers.synthetic import invent_uscc
from chezhe.kernel.editing import StaleEdit
from chezhe.kernel.errors import Invalid, NotFound, NothingChanged, NotPermitted
from chezhe.kernel.models import AuditEntry

CODE, OTHER = invent_uscc(Random(3), kind="92"), invent_uscc(Random(4), kind="92")
HARDWARE = TradeFacts(
    uscc=CODE, registered_on=date(2021, 5, 6), name="明记五金店", premises="北京市朝阳区光华路9号", scope="五金零售", industry="零售")
FORM = {
    "version": "1", "name": HARDWARE.name, "uscc": CODE, "registered_on": "2021-05-06", "premises": HARDWARE.premises, "scope": "五金零售",
    "industry": "零售", "status": "active",
}


def keep(customer: Customer, by: Any, facts: TradeFacts = HARDWARE, version: int = 1, **more: Any) -> Trade:
    return record_trade(customer_number=customer.number, version=version, facts=facts, business_date=TODAY, by=by, **more)


def test_a_person_with_a_trade_in_force_may_borrow_as_a_sole_trader(cast: Cast) -> None:
    wang = person(WANG, cast.lin)
    assert queries.borrower_kinds(wang) == ("person",)
    keep(wang, cast.lin)
    wang = Customer.objects.get()
    assert queries.borrower_kinds(wang) == ("person", "sole_trader") and wang.version == 2
    assert AuditEntry.objects.filter(subject=wang.subject, verb="customers.record_trade").count() == 1
    keep(wang, cast.lin, replace(HARDWARE, status="revoked"), version=2, reason="被吊销")
    assert queries.borrower_kinds(Customer.objects.get()) == ("person",)


def test_what_stood_there_before_is_in_the_history_and_the_premises_are_masked(cast: Cast) -> None:
    wang = person(WANG, cast.lin)
    keep(wang, cast.lin)
    keep(wang, cast.lin, replace(HARDWARE, name="明记建材店", premises="北京市朝阳区光华路11号", status="suspended"), version=2)
    shown = [(str(line.label), line.before, line.after) for line in queries.history(wang) if line.version == 3]
    assert ("字号", "明记五金店", "明记建材店") in shown and ("个体工商户状态", "存续", "停业") in shown
    assert "光华路" not in str(queries.history(wang))


def test_it_is_found_by_its_code_and_by_its_name(cast: Cast) -> None:
    wang, other = person(WANG, cast.lin), person(OUYANG, cast.lin)
    keep(wang, cast.lin)
    for text in (CODE, "五金", "明记五金店"):
        assert [hit.number for hit in queries.search(cast.lin, text)] == [wang.number], text
    assert [hit.number for hit in queries.search(cast.lin, "修远")] == [other.number]
    assert not queries.search(cast.lin, "建材") and not queries.search(cast.mei, CODE)
    keep(wang, cast.lin, replace(HARDWARE, name="明记建材店"), version=2)
    assert queries.search(cast.lin, "建材") and not queries.search(cast.lin, "五金") and queries.search(cast.lin, "小明")


@pytest.mark.parametrize(("changes", "field", "code"), [
    ({"uscc": FLEET.uscc}, "uscc", "trade.code"), ({"uscc": CODE[:-1] + ("0" if CODE[-1] != "0" else "1")}, "uscc", "uscc.check_digit"),
    ({"registered_on": date(2026, 3, 17)}, "registered_on", "trade.registered_later"), ({"name": "店"}, "name", "company_name.form"),
])
def test_a_licence_that_cannot_be_is_refused_beside_its_field(cast: Cast, changes: dict[str, Any], field: str, code: str) -> None:
    wang = person(WANG, cast.lin)
    with pytest.raises(Invalid) as refused:
        keep(wang, cast.lin, replace(HARDWARE, **changes))
    assert (refused.value.field, refused.value.code) == (field, code)
    wang.refresh_from_db()
    assert wang.version == 1 and not Trade.objects.exists()


def test_a_company_has_none_and_one_code_belongs_to_one_file(cast: Cast) -> None:
    with pytest.raises(TradeOfCompany):
        keep(company(FLEET, cast.lin), cast.lin)
    keep(person(WANG, cast.lin), cast.lin)
    with pytest.raises(TradeExists):
        keep(person(OUYANG, cast.lin), cast.lin)
    company(replace(FLEET, uscc=OTHER), cast.lin)
    with pytest.raises(TradeExists):
        keep(Customer.objects.get(name=OUYANG.name), cast.lin, replace(HARDWARE, uscc=OTHER))
    with pytest.raises(TradeExists):
        company(replace(FLEET, uscc=CODE), cast.lin)
    assert Trade.objects.count() == 1


def test_the_same_again_a_stale_form_another_branch_and_a_reader_change_nothing(cast: Cast) -> None:
    wang = person(WANG, cast.lin)
    keep(wang, cast.lin)
    for refusal, by, version in (
        (NothingChanged, cast.lin, 2), (StaleEdit, cast.lin, 1), (NotFound, cast.mei, 2), (NotPermitted, cast.xu, 2),
    ):
        with pytest.raises(refusal):
            keep(wang, by, version=version)
    assert Customer.objects.get().version == 2


def test_the_premises_are_shown_in_full_for_a_reason_only(cast: Cast) -> None:
    wang = person(WANG, cast.lin)
    keep(wang, cast.lin)
    said = reveal_field(customer_number=wang.number, field_code="trade_premises", reason="上门核实", by=cast.lin)
    assert said.value == HARDWARE.premises


def test_it_is_recorded_shown_and_corrected_by_page(cast: Cast, browser: Any) -> None:
    wang = person(WANG, cast.lin)
    page, lin = f"/customers/{wang.number}/trade/", browser.acts_as(cast.lin)
    assert "登记个体工商户" in lin.get(f"/customers/{wang.number}/").content.decode()
    assert lin.post(page, {**FORM, "uscc": FLEET.uscc}).status_code == 422
    assert lin.post(page, FORM).status_code == 302
    shown = lin.get(f"/customers/panel/profile/?subject={wang.subject}").content.decode()
    assert "明记五金店" in shown and CODE in shown and "光华路" not in shown
    form = lin.get(page).content.decode()
    assert "光华路" not in form and 'name="reason"' in form
    assert lin.post(page, {**FORM, "version": "2", "premises": "", "status": "revoked"}).status_code == 422  # a reason is wanted
    assert lin.post(page, {**FORM, "version": "2", "premises": "", "status": "revoked", "reason": "被吊销"}).status_code == 302
    assert (Trade.objects.get().status, Trade.objects.get().premises) == ("revoked", HARDWARE.premises)
    assert "登记个体工商户" not in lin.get(f"/customers/{wang.number}/").content.decode()


def test_the_page_and_its_words_are_english_too(cast: Cast, browser: Any) -> None:
    wang = person(WANG, cast.lin)
    keep(wang, cast.lin)
    shown = browser.acts_as(cast.lin).get(f"/customers/panel/profile/?subject={wang.subject}", headers={"accept-language": "en"})
    assert "Sole trader" in shown.content.decode() and "Registration status" in shown.content.decode()


def test_it_is_recorded_and_read_over_the_api(cast: Cast, browser: Any) -> None:
    path, client = f"/api/v1/customers/{person(WANG, cast.lin).number}/trade", browser.acts_as(cast.lin)
    assert client.get(path).status_code == 404
    body = {"version": 1, "uscc": CODE, "registered_on": "2021-05-06", "name": HARDWARE.name, "premises": HARDWARE.premises}
    kept = client.put(path, body, content_type="application/json").json()
    assert (kept["uscc"], kept["status"], kept["version"]) == (CODE, "active", 2) and "光华路9" not in kept["premises"]
    assert client.get(path).json() == kept
    assert client.put(path, body, content_type="application/json").status_code == 409
    wrong = client.put(path, {**body, "version": 2, "uscc": FLEET.uscc}, content_type="application/json")
    assert (wrong.status_code, wrong.json()["code"], wrong.json()["field"]) == (422, "trade.code", "uscc")
