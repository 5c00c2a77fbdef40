"""Requests that are not what the operation reads: keys too many or too few, wrong kinds, no JSON, JSON without end."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from chezhe.customers.models import Customer
from chezhe.ledger import chart
from tests.bad_input.doors import CHINESE, api_refuses, beside, page_refuses, posting_refused
from tests.bad_input.watch import nothing_written
from tests.journeys.house import API, TODAY, Program, Team, fresh_key
from tests.journeys.walk import said

pytestmark = pytest.mark.django_db
LEAD = {"name": "赵六", "mobile": "15466667777", "source": "phone"}
ENTRY: dict[str, Any] = {"posted_on": TODAY.isoformat(), "memo": "更正", "transfers": [{"debit": chart.SUSPENSE, "credit": chart.BANK, "amount": "1.00"}]}


@pytest.fixture
def lin(team: Team) -> Program:
    return team.program("lin")


def test_a_key_too_many_or_too_few_is_named(team: Team, lin: Program) -> None:
    posting_refused(lin, "leads", {**LEAD, "surprise": 1}, "surprise", "extra_forbidden")
    posting_refused(lin, "leads", {**LEAD, "owner_id": 1}, "owner_id", "extra_forbidden")
    posting_refused(lin, "leads", {**LEAD, "Name": "x"}, "Name", "extra_forbidden")
    for name in LEAD:
        problem = posting_refused(lin, "leads", {key: value for key, value in LEAD.items() if key != name}, name, "missing")
        assert problem["errors"][0]["message"] == "此项必填。"
    both = posting_refused(lin, "leads", {"surprise": 1}, "name", "missing")
    assert {row["field"] for row in both["errors"]} == {*LEAD, "surprise"}, "everything is named at once"
    cai = team.program("cai")
    said(cai.step_up())
    transfer = ENTRY["transfers"][0]
    posting_refused(cai, "ledger/manual-entries", {**ENTRY, "transfers": [{**transfer, "x": 1}]}, "transfers.0.x", "extra_forbidden")
    posting_refused(cai, "ledger/manual-entries", {**ENTRY, "transfers": [transfer, {"debit": "1"}]}, "transfers.1.credit", "missing")
    posting_refused(cai, "ledger/manual-entries", {**ENTRY, "transfers": []}, "transfers", "entry_empty")
    english = lin.client.post(f"{API}leads", "{}", content_type="application/json", headers={
        "Authorization": f"Bearer {lin.token}", "Idempotency-Key": fresh_key(), "Accept-Language": "en"}).json()
    assert english["errors"][0]["message"] and not CHINESE.search(str(english))


@pytest.mark.parametrize(
    ("path", "body", "field", "code"),
    [("leads", {**LEAD, "name": 1}, "name", "string_type"), ("leads", {**LEAD, "name": None}, "name", "string_type"),
     ("leads", {**LEAD, "name": ["赵六"]}, "name", "string_type"), ("leads", {**LEAD, "is_company": "true"}, "is_company", "bool_type"),
     ("leads", {**LEAD, "is_company": 1}, "is_company", "bool_type"), ("leads", {**LEAD, "name": "王" * 101}, "name", "string_too_long"),
     ("leads", {**LEAD, "source": "moon"}, "source", None), ("leads", {**LEAD, "amount_wanted": 1000}, "amount_wanted", "money_form"),
     ("leads", {**LEAD, "name": "\ud800"}, "name", "string_unicode"), ("customers/search", {"text": 5}, "text", "string_type")],
)
def test_a_value_of_the_wrong_kind_is_never_guessed(lin: Program, path: str, body: dict[str, Any], field: str, code: str | None) -> None:
    with nothing_written():
        problem = lin.post(path, body).json()
    rows = {row.get("field"): row for row in (problem, *problem.get("errors", ()))}
    assert problem["status"] == 422 and field in rows and (code is None or rows[field]["code"] == code), problem


@pytest.mark.parametrize("version", ["1", 1.0, True, -1, 2**31, 10**30, None, [1], {}])
def test_a_whole_number_is_a_whole_number(lin: Program, wang: Customer, version: Any) -> None:
    with nothing_written():
        answer = lin.patch(f"customers/{wang.number}", {"version": version, "reason": "更正", "address": "北京"})
    assert answer.status_code == 422 and answer.json()["errors"][0]["field"] == "version", answer.content


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [("", 415, "media_type_unsupported"), (" ", 400, "bad_request"), ("{", 400, "bad_request"), ("{'a': 1}", 400, "bad_request"), ('{"name": NaN}', 400, "bad_request"),
     ('{"name": Infinity}', 400, "bad_request"), ('{"name": "a", "name": "b"}', 400, "bad_request"), ('{"a": {"b": 1, "b": 2}}', 400, "bad_request"),
     ("[" * 100_000, 400, "bad_request"), ('{"a":' * 50_000, 400, "bad_request"), ("9" * 5_000, 400, "bad_request"),
     (b"\xff\xfe{}", 400, "bad_request"), (b'{"name": "\xed\xa0\x80"}', 422, "invalid"), ("[]", 422, "invalid"), ("null", 422, "invalid"),
     ('"x"', 422, "invalid"), ("3", 422, "invalid"), ('{"name": "a\\u0000b"}', 422, "control_character"), ("name=x", 400, "bad_request")],
)
def test_what_is_no_json_object_is_refused(lin: Program, body: str | bytes, status: int, code: str) -> None:
    with nothing_written():
        answer = lin.post("leads", body)
    problem = answer.json()
    assert (answer.status_code, problem["code"]) == (status, code) and CHINESE.search(problem["detail"]), problem


def test_other_bodies_methods_and_addresses_have_their_own_codes(team: Team, lin: Program) -> None:
    client, headers = lin.client, {"Authorization": f"Bearer {lin.token}", "Idempotency-Key": "k1"}
    with nothing_written():
        for answer, status, code in (
            (client.post(f"{API}leads", LEAD, headers=headers), 415, "media_type_unsupported"),
            (client.post(f"{API}leads", "x", content_type="text/plain", headers=headers), 415, "media_type_unsupported"),
            (client.post(f"{API}documents", "{}", content_type="application/json", headers=headers), 415, "media_type_unsupported"),
            (client.post(f"{API}leads", LEAD, content_type="application/json", headers={**headers, "Idempotency-Key": ""}), 400, "idempotency_key_required"),
            (client.post(f"{API}leads", LEAD, content_type="application/json", headers={**headers, "Idempotency-Key": "k" * 256}), 400, "idempotency_key_invalid"),
            (client.delete(f"{API}leads", headers=headers), 405, "method_not_allowed"), (client.get(f"{API}nowhere", headers=headers), 404, "http_404"),
            (client.post(f"{API}leads", "x" * (6 * 1024 * 1024), content_type="application/json", headers=headers), 413, "body_too_large"),
            (client.post(f"{API}leads", LEAD, content_type="application/json", headers={**headers, "Authorization": "Bearer x"}), 401, "not_signed_in"),
            (team.program("xu").post("products/versions/P01-v1/submit", {"x": 1}), 403, "not_permitted"),
            (team.program("qin").post("products/versions/P01-v1/submit", {"x": 1}), 422, "body_not_read"),
        ):
            problem = answer.json()
            assert (answer.status_code, problem["code"]) == (status, code) and CHINESE.search(problem["detail"]), problem


def test_a_form_with_gaps_names_each_of_them(team: Team) -> None:
    """And what no list offered is refused, however it got into the form."""
    page = team.browser("lin")
    with nothing_written():
        answer = page.post("/customers/new/person/", {"address": "北京"})
    assert answer.status_code == 422 and 'value="北京"' in answer.content.decode(), "what was typed stays"
    assert {name: beside(answer, name) for name in ("name", "id_number", "mobile")} == {
        "name": "请填写姓名。", "id_number": "请填写身份证号。", "mobile": "请填写手机号。"}
    person = {"name": "王小明", "id_number": "110101199001010007", "mobile": "15412345678", "marital_status": "complicated"}
    page_refuses(page, "/customers/new/person/", person, "marital_status", "没有这个选项，请重新选择", "no such")
    long = {**person, "marital_status": "single", "employer": "王" * 101}
    page_refuses(page, "/customers/new/person/", long, "employer", "最多输入 100 个字，现在是 101 个", "101")


def test_an_unknown_filter_shows_nothing_rather_than_everything(team: Team, wang: Customer) -> None:
    """By page with a sentence beside the filter; over the API an unknown state finds nothing."""
    page: Client = team.browser("lin")
    for query, sentence in (("kind=alien", "没有这个选项"), ("created_from=2026-02-30", "日期应写成"), ("created_from=2026-03-02&created_to=2026-03-01", "开始日期不能晚于")):
        answer = page.get(f"/customers/?{query}")
        text = answer.content.decode()
        assert answer.status_code == 422 and sentence in text and wang.number not in text, query
        file = page.get(f"/customers/?{query}&export=csv")
        assert file.status_code == 400 and "未导出" in file.content.decode()
    assert team.program("gao").get("payments/payouts?status=alien").json() == {"items": [], "next_cursor": None}
    for cursor in ("x", "-1", "!!!", "OTk5OTk5OTk5OTk5OTk5OTk5OTk5OTk5OTk5OTk5", "中"):
        api_refuses(team.program("lin").get(f"customers?cursor={cursor}"), "cursor", "cursor_invalid")
    for limit in ("0", "-5", "1e9", "9" * 5_000, "x"):
        answer = team.program("lin").get(f"customers?limit={limit}")
        assert answer.status_code in (200, 422) and (answer.status_code == 422) == (limit in ("1e9", "9" * 5_000, "x")), limit
