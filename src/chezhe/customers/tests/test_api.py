from __future__ import annotations

from typing import Any

from chezhe.customers.models import Customer
from chezhe.customers.tests.filing import CARD, FLEET, OUYANG, WANG, person
from chezhe.documents.tests.people import Cast
from chezhe.kernel.models import IdempotencyKey

PERSON = {"name": WANG.name, "id_number": WANG.id_number, "mobile": WANG.mobile, "monthly_income": "12000.00"}


def test_a_person_and_a_company_are_filed_and_read_masked(cast: Cast, browser: Any) -> None:
    client = browser.acts_as(cast.lin)
    filed = client.api("customers/persons", PERSON)
    assert filed.status_code == 201 and filed.json()["name"] == "王*明" and WANG.mobile not in filed.content.decode()
    company = {"name": FLEET.name, "uscc": FLEET.uscc, "legal_representative": "赵立", "mobile": FLEET.mobile}
    assert client.api("customers/companies", company).json()["id_number"] == FLEET.uscc
    assert [row["kind"] for row in client.api("customers").json()["items"]] == ["company", "person"]
    assert client.api(f"customers/{filed.json()['number']}").json()["mobile"] == "154****5678"


def test_bad_json_is_told_by_field(cast: Cast, browser: Any) -> None:
    client = browser.acts_as(cast.lin)
    unknown = client.api("customers/persons", {**PERSON, "nick_name": "x"}).json()
    assert unknown["errors"][0] == {"field": "nick_name", "code": "extra_forbidden", "message": "没有这个字段。"}
    assert client.api("customers/persons", {"name": "王小明"}).status_code == 422
    refused = client.api("customers/persons", {**PERSON, "id_number": "110101199001010008"})
    assert (refused.status_code, refused.json()["code"], refused.json()["field"]) == (422, "id_card.check_digit", "id_number")
    assert client.api("customers/persons", {**PERSON, "monthly_income": "1.234"}).status_code == 422
    assert not Customer.objects.exists()


def test_the_same_request_twice_files_once(cast: Cast, browser: Any) -> None:
    client = browser.acts_as(cast.lin)
    headers = {"Idempotency-Key": "once-1"}
    first = client.post("/api/v1/customers/persons", PERSON, content_type="application/json", headers=headers)
    again = client.post("/api/v1/customers/persons", PERSON, content_type="application/json", headers=headers)
    other = client.post("/api/v1/customers/persons", {**PERSON, "name": "王二"}, content_type="application/json", headers=headers)
    assert first.json() == again.json() and again["Idempotent-Replay"] == "true"
    assert other.status_code == 409 and Customer.objects.count() == 1


def test_a_stale_edit_is_409(cast: Cast, browser: Any) -> None:
    customer = person(WANG, cast.lin)
    path = f"/api/v1/customers/{customer.number}"
    client = browser.acts_as(cast.lin)
    body = {"version": 1, "reason": "更正", "mobile": "15499998888"}
    assert client.patch(path, body, content_type="application/json").json()["mobile"] == "154****8888"
    stale = client.patch(path, {**body, "mobile": "15499997777"}, content_type="application/json")
    assert (stale.status_code, stale.json()["code"]) == (409, "stale_edit")
    assert client.api(f"customers/{customer.number}/history").json()["items"][0]["before"] == "154****5678"


def test_a_whole_value_needs_a_reason_and_is_kept_nowhere(cast: Cast, browser: Any) -> None:
    customer = person(WANG, cast.lin)
    client = browser.acts_as(cast.lin)
    base = f"customers/{customer.number}/fields"
    assert client.api(f"{base}/mobile/reveal", {"reason": "回访核实"}).json() == {"value": WANG.mobile}
    assert client.api(f"{base}/mobile/reveal", {}).status_code == 422
    assert client.api(f"{base}/password/reveal", {"reason": "回访核实"}).status_code == 404
    kept = IdempotencyKey.objects.get()
    assert not kept.body
    again = client.post(
        f"/api/v1/{base}/mobile/reveal", {"reason": "回访核实"}, content_type="application/json", headers={"Idempotency-Key": kept.key}
    )
    assert (again.status_code, again.json()["code"]) == (409, "shown_once") and WANG.mobile not in again.content.decode()


def test_search_accounts_and_relations(cast: Cast, browser: Any) -> None:
    customer, other = person(WANG, cast.lin), person(OUYANG, cast.lin)
    client, base = browser.acts_as(cast.lin), f"customers/{customer.number}"
    assert [hit["number"] for hit in client.api("customers/search", {"text": "wxm"}).json()] == [customer.number]
    account = client.api(f"{base}/accounts", {"card_number": CARD, "bank_name": "农业银行"})
    assert account.status_code == 201 and CARD not in account.content.decode()
    related = client.api(f"{base}/relations", {"other_number": other.number, "kind": "spouse"})
    assert related.json()["other_number"] == other.number
    assert client.api(f"{base}/accounts").json()["items"][0]["is_main"] and client.api(f"{base}/relations").json()["items"]
    assert client.api(f"{base}/relations/{related.json()['id']}/end", {"reason": "有误"}).status_code == 200
    assert client.api(f"{base}/accounts/{account.json()['id']}/close", {"reason": "挂失"}).status_code == 200


def test_scope_holds_for_every_path(cast: Cast, browser: Any) -> None:
    customer = person(WANG, cast.lin)
    client, base = browser.acts_as(cast.mei), f"customers/{customer.number}"
    for path in (base, f"{base}/history", f"{base}/accounts", f"{base}/relations"):
        assert client.api(path).status_code == 404
    assert client.api(f"{base}/accounts", {"card_number": CARD, "bank_name": "x"}).status_code == 404
    assert client.api(f"{base}/fields/name/reveal", {"reason": "好奇"}).status_code == 404
    assert client.api("customers").json()["items"] == []
