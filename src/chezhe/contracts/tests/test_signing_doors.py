"""The doors of signing: staff pages and the API, a guest's phone, and who finds no door at all."""

from __future__ import annotations

import re
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from chezhe.contracts.actions.fail_signing import fail_signing
from chezhe.contracts.models import Contract, Signing, SigningCode, SigningLink
from chezhe.contracts.tests.conftest import live
from chezhe.contracts.tests.signing_desk import code_in, customer_of, invited, pairs, ready, signs_by_link
from chezhe.kernel import clock
from chezhe.kernel.actor import SYSTEM
from chezhe.kernel.models import AuditEntry

ROOM = "contracts"
API = f"/api/v1/{ROOM}"


@pytest.fixture
def phone() -> Client:
    """Somebody's own, with nobody signed in."""
    return Client(headers={"user-agent": "Mozilla/5.0 (Linux; Android 14) Chrome/130.0"})


def once(**said: object) -> dict[str, object]:
    return {"_once": uuid4().hex, **said}


def opened(phone: Client, token: str) -> None:
    """From the link to the papers."""
    assert phone.get(reverse("contracts:link", args=[token])).status_code == 200
    assert phone.post(reverse("contracts:guest_code"), {"token": token}).status_code == 200
    entered = phone.post(reverse("contracts:guest_enter"), {"token": token, "typed": code_in(phone)})
    assert entered.status_code == 302 and entered.headers["Location"] == reverse("contracts:guest")


def test_a_guarantor_signs_on_a_phone(cast, signed, bank, browser, phone) -> None:
    contract = ready(cast, signed, "guarantor")
    signs_by_link(cast, contract, "borrower")
    live(bank, 3)
    guarantor = customer_of(contract, "guarantor")
    page = browser.acts_as(cast.he)
    shown = page.get(reverse("contracts:signing", args=[contract.number])).content.decode()
    assert "远程链接" in shown and "未签署" in shown and guarantor.masked_name in shown and guarantor.name not in shown
    sent = page.post(reverse("contracts:invite", args=[contract.number]), once(customer_number=guarantor.number)).content.decode()
    token = re.search(r"/contracts/s/([\w-]+)/", sent)[1]
    assert token not in page.get(reverse("contracts:signing", args=[contract.number])).content.decode()
    first = phone.get(reverse("contracts:link", args=[token])).content.decode()
    assert guarantor.name not in first and "2222" in first and contract.number not in first
    opened(phone, token)
    papers = phone.get(reverse("contracts:guest"))
    assert "借款合同" in papers.content.decode() and papers.headers["Referrer-Policy"] == "no-referrer"
    codes = dict(contract.papers.values_list("kind", "code"))
    pdf = phone.get(reverse("contracts:guest_paper", args=[codes["loan_contract"]]))
    assert pdf.content.startswith(b"%PDF") and pdf.headers["Cache-Control"] == "no-store"
    assert phone.get(reverse("contracts:guest_paper", args=[codes["mortgage_contract"]])).status_code == 404
    refused = phone.post(reverse("contracts:guest_sign"), once())
    assert refused.status_code == 422 and "请先勾选同意使用电子签名" in refused.content.decode()
    assert "已提交签署" in phone.post(reverse("contracts:guest_sign"), once(agrees="on")).content.decode()
    live(bank, 6)
    assert Contract.objects.get().status == "signed"
    assert phone.get(reverse("contracts:guest")).status_code == 404
    shown = page.get(reverse("contracts:signing", args=[contract.number])).content.decode()
    assert "Chrome · Android" in shown and "未签署" not in shown and "已完成签名" in shown
    proof = page.get(reverse("contracts:signatures", args=[contract.number, "loan_contract"])).content.decode()
    assert "全部电子签名有效" in proof and proof.count("有效</span>") >= 3 and "贷款人" in proof
    assert token not in str(list(AuditEntry.objects.values()))


def test_everything_wrong_about_a_link_is_one_and_the_same_404(cast, signed, bank, browser, phone) -> None:
    contract = ready(cast, signed)
    _link, token = invited(cast, contract, "borrower")
    link = reverse("contracts:link", args=[token])
    # Who is signed in finds what everybody finds: the door knows nobody.
    assert browser.acts_as(cast.he).get(link).status_code == 200
    bodies = set()
    for address in ("x" * 43, "0", token[:-1]):
        answer = phone.get(reverse("contracts:link", args=[address]))
        assert answer.status_code == 404
        bodies.add(re.sub(r'(nonce|csrf|X-CSRFToken)[^>]*', "", answer.content.decode()))
    for name in ("guest_code", "guest_enter"):
        assert phone.post(reverse(f"contracts:{name}"), {"token": "x" * 43, "typed": "123456"}).status_code == 404
    for name in ("guest", "guest_sign", "guest_refuse"):
        address = reverse(f"contracts:{name}")
        assert (phone.get(address) if name == "guest" else phone.post(address, once(agrees="on", reason="x"))).status_code == 404
        assert (browser.get(address) if name == "guest" else browser.post(address, once(agrees="on", reason="x"))).status_code == 404
    opened(phone, token)
    used = Client().get(link)
    assert used.status_code == 404
    bodies.add(re.sub(r'(nonce|csrf|X-CSRFToken)[^>]*', "", used.content.decode()))
    assert len(bodies) == 1
    clock.tick(3600)
    assert phone.get(reverse("contracts:guest")).status_code == 404


def test_a_guest_finds_no_other_door(cast, signed, bank, phone) -> None:
    contract = ready(cast, signed)
    opened(phone, invited(cast, contract, "borrower")[1])
    for address in (reverse("contracts:contract", args=[contract.number]), reverse("contracts:contracts"), "/m/", "/"):
        assert phone.get(address).status_code in (302, 404)
    assert phone.get(f"{API}/contracts/{contract.number}").status_code == 401
    assert phone.get(reverse("contracts:guest")).status_code == 200


def test_wrong_codes_are_counted_although_they_are_refused(cast, signed, bank, phone) -> None:
    _link, token = invited(cast, ready(cast, signed), "borrower")
    said = {"token": token}
    assert phone.post(reverse("contracts:guest_code"), said).status_code == 200
    soon = phone.post(reverse("contracts:guest_code"), said)
    assert soon.status_code == 429 and "秒后再获取" in soon.content.decode() and SigningCode.objects.count() == 1
    wrong = "000000" if code_in(phone) != "000000" else "000001"
    assert phone.post(reverse("contracts:guest_enter"), {**said, "typed": ""}).status_code == 422
    assert phone.post(reverse("contracts:guest_enter"), {**said, "typed": wrong, "_once": uuid4().hex}).status_code == 400
    for left in (4, 3, 2, 1):
        answer = phone.post(reverse("contracts:guest_enter"), {**said, "typed": wrong})
        assert answer.status_code == 422 and f"还可尝试 {left} 次" in answer.content.decode()
    last = phone.post(reverse("contracts:guest_enter"), {**said, "typed": wrong})
    assert last.status_code == 422 and "链接已失效" in last.content.decode()
    assert phone.post(reverse("contracts:guest_enter"), {**said, "typed": code_in(phone)}).status_code == 404
    assert SigningLink.objects.get().tries == 5


def test_somebody_refuses_on_the_phone_and_the_staff_reads_why(cast, signed, bank, browser, phone) -> None:
    contract = ready(cast, signed)
    _link, token = invited(cast, contract, "borrower")
    opened(phone, token)
    assert phone.post(reverse("contracts:guest_refuse"), once(reason="")).status_code == 422
    assert "已拒绝签署" in phone.post(reverse("contracts:guest_refuse"), once(reason="利率不对")).content.decode()
    assert "利率不对" in SigningLink.objects.get().ended_reason


def test_links_and_failed_signatures_on_the_staffs_page(cast, signed, bank, browser) -> None:
    contract = ready(cast, signed)
    page, number = browser.acts_as(cast.he), contract.number
    nobody = page.post(reverse("contracts:invite", args=[number]), once(customer_number="C26-999999-9"))
    assert nobody.status_code == 422
    page.post(reverse("contracts:invite", args=[number]), once(customer_number=contract.customer.number))
    key = SigningLink.objects.get().key
    end = reverse("contracts:end_link", args=[number, key])
    assert page.post(end, once(reason="")).status_code == 422
    assert page.post(end, once(reason="发错")).status_code == 302 and SigningLink.objects.get().ended_at
    row = signs_by_link(cast, contract, "borrower")
    fail_signing(signing_number=row.number, attempt=1, failure_code="no_answer", by=SYSTEM)
    shown = page.get(reverse("contracts:signing", args=[number])).content.decode()
    assert "签名服务超过一天没有答复" in shown and "重试签名" in shown
    assert page.post(reverse("contracts:retry_signing", args=[number, row.number]), once()).status_code == 302
    assert Signing.objects.get(pk=row.pk).status == "asked"
    assert browser.acts_as(cast.fang).post(reverse("contracts:retry_signing", args=[number, row.number]), once()).status_code == 403


def test_the_staff_over_rest(cast, signed, bank, browser) -> None:
    contract = ready(cast, signed, "guarantor")
    page = browser.acts_as(cast.he)
    shown = page.get(f"{API}/contracts/{contract.number}/signing").json()
    assert {(row["role"], row["is_next"]) for row in shown["pending"]} == {("borrower", True), ("guarantor", False)}
    assert [row["role"] for row in shown["pending"]][-1] == "guarantor" and "guarantee_contract" in {row["paper"] for row in shown["pending"]}
    early = page.api(f"{ROOM}/contracts/{contract.number}/signing-links", {"customer_number": customer_of(contract, "guarantor").number})
    assert (early.status_code, early.json()["code"]) == (409, "signing_order")
    made = page.api(f"{ROOM}/contracts/{contract.number}/signing-links", {"customer_number": contract.customer.number})
    assert made.status_code == 201 and "/contracts/s/" in made.json()["address"] and made.json()["is_sent"]
    ended = page.api(f"{ROOM}/signing-links/{made.json()['key']}/end", {"reason": "发错"})
    assert ended.status_code == 200 and ended.json()["ended_at"]
    row = signs_by_link(cast, contract, "borrower")
    fail_signing(signing_number=row.number, attempt=1, failure_code="no_answer", by=SYSTEM)
    assert page.api(f"{ROOM}/signings/{row.number}/retry", {}).json()["status"] == "asked"
    live(bank, 3)
    shown = page.get(f"{API}/contracts/{contract.number}/signing").json()
    assert {row["paper"] for row in shown["signatures"]} >= {"loan_contract", "mortgage_contract"}
    assert all(row["document_id"] and row["certificate_serial"] for row in shown["signatures"])
    proof = page.get(f"{API}/contracts/{contract.number}/papers/loan_contract/signatures").json()
    assert proof["holds"] and proof["is_unaltered"] and [one["holds"] for one in proof["signatures"]] == [True]


def test_a_guest_over_rest(cast, signed, bank) -> None:
    contract = ready(cast, signed)
    _link, token = invited(cast, contract, "borrower")
    program = Client()

    def send(path: str, said: object, bearer: str = "", key: bool = True) -> Any:
        headers = {"Authorization": f"Bearer {bearer}"} if bearer else {}
        headers |= {"Idempotency-Key": uuid4().hex} if key else {}
        return program.post(f"{API}/guest/{path}", said, content_type="application/json", headers=headers)

    assert send("codes", {"token": "x" * 43}).status_code == 404
    asked = send("codes", {"token": token})
    assert asked.status_code == 202 and len(asked.json()["mobile_tail"]) == 4
    assert send("sessions", {"token": token, "typed": "x"}).json()["code"] == "code_wrong"
    entered = send("sessions", {"token": token, "typed": code_in(program)})
    assert entered.status_code == 201
    bearer = entered.json()["session_token"]
    for nobody in ("", "x" * 43, token):
        assert program.get(f"{API}/guest/papers", headers={"Authorization": f"Bearer {nobody}"}).status_code in (401, 404)
    papers = program.get(f"{API}/guest/papers", headers={"Authorization": f"Bearer {bearer}"}).json()
    assert papers["contract_number"] == contract.number and len(papers["papers"]) == pairs(contract) and not papers["papers"][0]["is_signed"]
    assert send("signature", {"agrees": True}, bearer, key=False).status_code == 400
    assert send("signature", {"agrees": False}, bearer).status_code == 422
    assert send("signature", {"agrees": True}, bearer).json() == {"status": "asked"}
    assert program.get(f"{API}/contracts/{contract.number}", headers={"Authorization": f"Bearer {bearer}"}).status_code == 401
    assert send("refusal", {"reason": "doch nicht"}, bearer).status_code == 204
    live(bank, 6)
    assert Contract.objects.get().status == "signed"
