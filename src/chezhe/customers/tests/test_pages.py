from __future__ import annotations

from typing import Any

import pytest
from django.urls import reverse

from chezhe.customers import queries, steps
from chezhe.customers.models import Customer
from chezhe.customers.tests.filing import CARD, FLEET, OUYANG, WANG, company, person
from chezhe.documents.tests.people import Cast
from chezhe.kernel.models import AuditEntry
from chezhe.kernel.testing import WU

SECRETS = ("王小明", WANG.id_number, WANG.mobile, "光华路", CARD)
PERSON_FORM = {"name": WANG.name, "id_number": WANG.id_number, "mobile": WANG.mobile, "marital_status": "single"}


def text(response: Any) -> str:
    return response.content.decode()


def test_the_list_shows_only_what_is_masked_and_in_reach(cast: Cast, browser: Any) -> None:
    person(WANG, cast.lin)
    page = browser.acts_as(cast.lin).get("/customers/")
    assert page.status_code == 200 and "王*明" in text(page) and "154****5678" in text(page)
    assert not [secret for secret in SECRETS if secret in text(page)]
    assert "王*明" not in text(browser.acts_as(cast.mei).get("/customers/"))
    assert browser.acts_as(WU).get("/customers/").status_code == 403


def test_the_files_of_the_list_are_masked_too(cast: Cast, browser: Any) -> None:
    person(WANG, cast.lin)
    body = browser.acts_as(cast.lin).get("/customers/?export=csv").content.decode("utf-8-sig")
    assert "王*明" in body and not [secret for secret in SECRETS if secret in body]


def test_the_list_is_searched_by_what_people_type(cast: Cast, browser: Any) -> None:
    person(WANG, cast.lin)
    person(OUYANG, cast.lin)
    page = text(browser.acts_as(cast.lin).get("/customers/?q=oyxy"))
    assert "欧阳*远" in page and "王*明" not in page and 'name="q"' in page


def test_a_list_of_many_asks_as_few_questions_as_a_list_of_one(cast: Cast, browser: Any, django_assert_max_num_queries: Any) -> None:
    for facts in (WANG, OUYANG):
        person(facts, cast.lin)
    company(FLEET, cast.lin)
    with django_assert_max_num_queries(12):
        browser.acts_as(cast.lin).get("/customers/")


def test_a_person_is_filed_by_page(cast: Cast, browser: Any) -> None:
    answer = browser.acts_as(cast.lin).post("/customers/new/person/", PERSON_FORM)
    customer = Customer.objects.get()
    assert answer.status_code == 302 and answer["Location"] == reverse("customers:customer", args=[customer.number])


def test_every_mistake_stands_beside_its_field_and_nothing_is_kept(cast: Cast, browser: Any) -> None:
    wrong = {"name": "John", "id_number": "110101199001010008", "mobile": "123", "marital_status": "single", "monthly_income": "1.234"}
    page = browser.acts_as(cast.lin).post("/customers/new/person/", wrong)
    assert page.status_code == 422 and not Customer.objects.exists()
    for sentence in ("姓名应为 2 至 20 个汉字", "校验码不符", "手机号应为 11 位数字", "金额最多两位小数"):
        assert sentence in text(page)
    assert 'value="110101199001010008"' in text(page)


def test_a_twin_is_told_beside_the_number(cast: Cast, browser: Any) -> None:
    known = person(WANG, cast.lin)
    page = browser.acts_as(cast.lin).post("/customers/new/person/", PERSON_FORM)
    assert page.status_code == 422 and known.number in text(page) and 'aria-invalid="true"' in text(page)


def test_a_company_is_filed_by_page(cast: Cast, browser: Any) -> None:
    form = {"name": FLEET.name, "uscc": FLEET.uscc, "legal_representative": "赵立", "mobile": FLEET.mobile, "registered_capital": "5,000,000"}
    assert browser.acts_as(cast.lin).post("/customers/new/company/", form).status_code == 302
    assert Customer.objects.get().registered_capital.fen == 500_000_000


def test_the_page_and_its_panels_are_masked_and_composed(cast: Cast, browser: Any) -> None:
    customer = person(WANG, cast.lin)
    steps.add_account(customer, kind="card", card_number=CARD, bank_name="农业银行")
    client = browser.acts_as(cast.lin)
    page = text(client.get(f"/customers/{customer.number}/"))
    assert 'class="watermark"' in page, "whoever looks is named on it"
    assert "王*明" in page and "documents/panel" in page
    for panel in ("profile", "relations", "history"):
        part = client.get(f"/customers/panel/{panel}/?subject={customer.subject}")
        assert part.status_code == 200 and not [secret for secret in SECRETS if secret in text(part)]
    papers = client.get(f"/documents/panel/?subject={customer.subject}&required=id_front,id_back")
    assert papers.status_code == 200 and "身份证人像面" in text(papers)


@pytest.mark.parametrize("path", [
    "/customers/{n}/", "/customers/{n}/edit/", "/customers/panel/profile/?subject=customer:{n}",
    "/customers/panel/relations/?subject=customer:{n}", "/customers/panel/history/?subject=customer:{n}",
    "/documents/panel/?subject=customer:{n}", "/customers/{n}/accounts/new/", "/customers/{n}/relations/new/",
])
def test_another_branch_finds_no_page_and_no_panel(cast: Cast, browser: Any, path: str) -> None:
    customer = person(WANG, cast.lin)
    page = browser.acts_as(cast.mei).get(path.format(n=customer.number))
    assert page.status_code == 404 and "王*明" not in text(page)


def test_the_edit_form_holds_nothing_personal_and_keeps_what_is_left_empty(cast: Cast, browser: Any) -> None:
    customer = person(WANG, cast.lin)
    client = browser.acts_as(cast.lin)
    page = text(client.get(f"/customers/{customer.number}/edit/"))
    assert "110***********0007" in page and not [secret for secret in SECRETS if secret in page]
    form = {"version": "1", "reason": "客户更名", "name": "王大明", "marital_status": "married"}
    assert client.post(f"/customers/{customer.number}/edit/", form).status_code == 302
    customer.refresh_from_db()
    assert (customer.name, customer.id_number, customer.marital_status) == ("王大明", WANG.id_number, "married")


def test_a_stale_form_is_answered_with_409_and_keeps_what_was_typed(cast: Cast, browser: Any) -> None:
    customer = person(WANG, cast.lin)
    form = {"version": "1", "reason": "搬家", "address": "上海市浦东新区1号", "marital_status": "single"}
    assert browser.acts_as(cast.chen).post(f"/customers/{customer.number}/edit/", form).status_code == 302
    page = browser.acts_as(cast.lin).post(f"/customers/{customer.number}/edit/", {**form, "address": "北京市海淀区2号"})
    assert page.status_code == 409 and "陈 已在" in text(page) and "北京市海淀区2号" in text(page)


def test_a_value_is_revealed_for_a_reason_only(cast: Cast, browser: Any) -> None:
    customer = person(WANG, cast.lin)
    client = browser.acts_as(cast.lin)
    shown = client.post(f"/customers/{customer.number}/reveal/id_number/", {"reason": "面谈核对"})
    assert (shown.status_code, text(shown)) == (200, WANG.id_number) and shown["Cache-Control"] == "no-store"
    assert client.post(f"/customers/{customer.number}/reveal/id_number/", {"reason": ""}).status_code == 422
    assert AuditEntry.objects.filter(verb="customers.reveal_field", outcome="refused").count() == 1


def test_an_account_and_a_relation_are_made_and_ended_by_page(cast: Cast, browser: Any) -> None:
    customer, other = person(WANG, cast.lin), person(OUYANG, cast.lin)
    client, base = browser.acts_as(cast.lin), f"/customers/{customer.number}"
    account = {"kind": "card", "card_number": CARD, "bank_name": "农业银行"}
    assert client.post(f"{base}/accounts/new/", account).status_code == 302
    assert client.post(f"{base}/accounts/new/", {**account, "card_number": "62"}).status_code == 422
    assert client.post(f"{base}/relations/new/", {"other_number": other.number, "kind": "spouse"}).status_code == 302
    assert client.post(f"{base}/relations/{customer.relations.get().pk}/end/", {"reason": "登记有误"}).status_code == 302
    assert client.post(f"{base}/accounts/{customer.accounts.get().pk}/close/", {"reason": "挂失"}).status_code == 302
    assert queries.main_account(customer) is None and not queries.relations_of(customer, cast.lin)


def test_english_pages_are_english(cast: Cast, browser: Any) -> None:
    import re

    person(WANG, cast.lin)
    page = text(browser.acts_as(cast.lin).get("/customers/new/person/", headers={"Accept-Language": "en"}))
    main = page[page.index("<main"):page.index("</main>")]
    assert not re.findall(r"[\u4e00-\u9fff]+", main)
