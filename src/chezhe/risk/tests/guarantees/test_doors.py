"""Securities and coverage by page and by program."""

from __future__ import annotations

import re
from typing import Any

import pytest

from chezhe.finmath.money import Money
from chezhe.kernel.testing import WU
from chezhe.risk.guarantees.models import CoverageCheck, Security
from chezhe.risk.tests.guarantees.desk import CASE, Desk

PANEL = f"/risk/panel/guarantees/?subject={CASE}"
GUARANTOR = {"amount": "60,000", "liability": "joint", "income_monthly": "8,000"}


def text(response: Any) -> str:
    return response.content.decode()


def offer(client: Any, kind: str, **given: str) -> Any:
    return client.post(f"/risk/guarantees/new/{kind}/?subject={CASE}", given)


def test_a_guarantor_is_offered_accepted_and_counted_by_page(desk: Desk, browser: Any) -> None:
    client = browser.acts_as(desk.lin)
    assert "没有车辆以外的担保" in text(client.get(PANEL)) and "还没有测算" in text(client.get(PANEL))
    assert offer(client, "guarantor", **GUARANTOR).status_code == 422
    assert "借款人、共借人不能为自己担保" in text(offer(client, "guarantor", **GUARANTOR, guarantor_number=desk.wang.number))
    assert offer(client, "guarantor", **GUARANTOR, guarantor_number=desk.friend.number).status_code == 302
    number = Security.objects.get().number
    assert "最迟主张日" in text(client.get(f"/risk/guarantees/{number}/"))
    assert client.post(f"/risk/guarantees/{number}/accept/").status_code == 403
    reviewer = browser.acts_as(desk.chen)
    assert reviewer.post(f"/risk/guarantees/{number}/accept/").status_code == 302
    assert reviewer.post(f"/risk/guarantees/{number}/accept/").status_code == 302, "pressed twice: told, not done again"
    assert Security.objects.get().status == "accepted"
    assert reviewer.post(f"/risk/coverage/?subject={CASE}").status_code == 302
    page = text(reviewer.get(PANEL))
    assert "担保不足" in page and "¥8,571.51" in page and "coverage-data" in page and "forward-ltv-data" in page
    assert desk.friend.name not in page
    assert number in text(reviewer.get("/risk/guarantees/deadlines/")) and number in text(reviewer.get("/risk/guarantees/?status=accepted"))


@pytest.mark.parametrize(("kind", "given"), [
    ("pledge", {"thing": "库存车 2 辆", "holder": "监管仓", "proof_number": "CZ-1"}), ("deposit", {"holder": "保证金专户", "proof_number": "BZJ 1"}),
    ("insurance", {"holder": "人保财险", "policy_number": "PD-1", "covered_share": "80", "valid_to": "2029-12-31"}),
])
def test_every_kind_has_its_own_form(desk: Desk, browser: Any, kind: str, given: dict[str, str]) -> None:
    client = browser.acts_as(desk.lin)
    assert client.get(f"/risk/guarantees/new/{kind}/?subject={CASE}").status_code == 200
    assert offer(client, kind, amount="0", **given).status_code == 422
    assert offer(client, kind, amount="20,000", **given).status_code == 302
    assert Security.objects.get().kind == kind


def test_a_claim_a_refusal_and_a_release_by_page(desk: Desk, browser: Any) -> None:
    offer(browser.acts_as(desk.lin), "guarantor", **GUARANTOR, guarantor_number=desk.friend.number)
    offer(browser, "deposit", amount="1,000", holder="专户", proof_number="BZJ-1")
    first, second = Security.objects.all()
    browser.acts_as(desk.chen)
    browser.post(f"/risk/guarantees/{first.number}/accept/")
    browser.post(f"/risk/guarantees/{second.number}/refuse/", {"reason": "没有到账"})
    claim = {"claimed_on": "2026-03-10", "reason": "律师函 EMS 1"}
    assert browser.acts_as(desk.zhao).post(f"/risk/guarantees/{first.number}/claim/", {**claim, "claimed_on": "2026-04-01"}).status_code == 422
    assert browser.post(f"/risk/guarantees/{first.number}/claim/", claim).status_code == 302
    browser.acts_as(desk.ke).post(f"/risk/guarantees/{first.number}/release/", {"reason": "已履行"})
    first.refresh_from_db(), second.refresh_from_db()
    assert (first.status, second.status) == ("released", "refused")
    assert browser.post(f"/risk/guarantees/{first.number}/explode/").status_code == 404
    assert browser.acts_as(desk.lin).get(f"/risk/guarantees/new/promise/?subject={CASE}").status_code == 404


def test_who_may_not_and_who_is_elsewhere(desk: Desk, browser: Any) -> None:
    offer(browser.acts_as(desk.lin), "deposit", amount="1,000", holder="专户", proof_number="BZJ-1")
    number = Security.objects.get().number
    for url in (PANEL, f"/risk/guarantees/{number}/"):
        assert browser.acts_as(desk.mei).get(url).status_code == 404
        assert browser.acts_as(WU).get(url).status_code == 403
    assert browser.acts_as(desk.mei).post(f"/risk/coverage/?subject={CASE}").status_code == 404
    assert browser.acts_as(desk.chen).get(f"/risk/guarantees/new/deposit/?subject={CASE}").status_code == 403
    assert number not in text(browser.acts_as(desk.mei).get("/risk/guarantees/"))


@pytest.mark.parametrize("url", [PANEL, "/risk/guarantees/", "/risk/guarantees/deadlines/", f"/risk/guarantees/new/guarantor/?subject={CASE}"])
def test_english_pages_are_english(desk: Desk, browser: Any, url: str) -> None:
    browser.acts_as(desk.shen).post(f"/risk/coverage/?subject={CASE}")
    page = text(browser.get(url, headers={"Accept-Language": "en"}))
    body = page[page.index("<main"):page.index("</main>")] if "<main" in page else page
    assert not re.findall(r"[\u4e00-\u9fff]+", body.replace("沈", ""))


def test_everything_is_there_over_the_api(desk: Desk, browser: Any) -> None:
    client = browser.acts_as(desk.lin)
    made = client.api("risk/securities", {
        "subject": CASE, "kind": "guarantor", "amount": "60000.00", "guarantor_number": desk.friend.number, "liability": "joint",
        "income_monthly": "8000.00"})
    assert made.status_code == 201 and made.json()["claim_until"] == "2029-09-16"
    number = made.json()["number"]
    twice = client.api("risk/securities", {
        "subject": CASE, "kind": "guarantor", "amount": "1.00", "guarantor_number": desk.friend.number, "liability": "general"})
    assert (twice.status_code, twice.json()["code"]) == (409, "guarantor_twice")
    lacking = client.api("risk/securities", {"subject": CASE, "kind": "pledge", "amount": "1.00"})
    assert (lacking.status_code, lacking.json()["code"]) == (422, "security_incomplete")
    browser.acts_as(desk.chen)
    assert browser.api(f"risk/securities/{number}/accept", {}).json()["status"] == "accepted"
    measured = browser.api("risk/coverage", {"subject": CASE})
    assert measured.status_code == 201 and measured.json()["missing"] == "8571.51" and measured.json()["rate"] == "0.928315"
    assert browser.api(f"risk/coverage?subject={CASE}").json()["lines"][0]["amount_fen"] == 30_000_00
    assert browser.api(f"risk/securities?subject={CASE}").json()["items"][0]["number"] == number
    assert browser.api("risk/securities?due_within_days=10").json()["items"] == []
    assert browser.api(f"risk/securities/{number}").json()["guarantor"] == desk.friend.number
    claimed = browser.acts_as(desk.zhao).api(f"risk/securities/{number}/claim", {"claimed_on": "2026-03-16", "reason": "律师函"})
    assert claimed.json()["status"] == "claimed"
    assert browser.acts_as(desk.ke).api(f"risk/securities/{number}/release", {"reason": "已履行"}).json()["status"] == "released"
    other = browser.acts_as(desk.lin).api("risk/securities", {"subject": CASE, "kind": "deposit", "amount": "5.00", "holder": "专户", "proof_number": "BZJ-2"}).json()
    assert browser.api(f"risk/securities/{other['number']}/withdraw", {"reason": "不需要"}).json()["status"] == "withdrawn"
    third = browser.api("risk/securities", {"subject": CASE, "kind": "deposit", "amount": "5.00", "holder": "专户", "proof_number": "BZJ-2"}).json()
    assert browser.acts_as(desk.chen).api(f"risk/securities/{third['number']}/refuse", {"reason": "未到账"}).json()["status"] == "refused"
    assert browser.acts_as(desk.mei).api(f"risk/coverage?subject={CASE}").status_code == 404
    assert CoverageCheck.objects.get().missing == Money(8_571_51)
