"""A takeover by pages and over REST, and the pages of its loans."""

from __future__ import annotations

import io
from random import Random
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from openpyxl import load_workbook

from chezhe.kernel import jobs
from chezhe.kernel.actor import Actor
from chezhe.kernel.testing import WU
from chezhe.servicing.models import Loan
from chezhe.servicing.tests.lending import Bank
from chezhe.takeover.models import Takeover
from chezhe.takeover.tests.bringing import taken, tried, work
from chezhe.takeover.tests.old_books import AS_OF, OldBook, add_loan
from chezhe.takeover.totals import FIGURES

pytestmark = pytest.mark.django_db


def one(**asked: Any) -> OldBook:
    book = OldBook()
    add_loan(book, 1, Random(1), **asked)
    return book


def at(name: str, *parts: Any) -> str:
    return reverse(f"takeover:{name}", args=parts)


def test_a_book_comes_by_pages(browser: Any, bank: Bank, jin: Actor) -> None:
    book = one(unpaid=1, penalty_fen=500)
    browser.acts_as(bank.fang)
    assert browser.post(at("books"), {"title": "", "as_of": "2026-01-14"}).status_code == 422
    begun = browser.post(at("books"), {"title": "老系统", "as_of": "2026-01-14"})
    assert begun.status_code == 302
    number = Takeover.objects.get().number
    with jobs.in_line():
        for name, content in book.files().items():
            assert browser.post(at("add_file", number), {"file": SimpleUploadedFile(name, content)}).status_code == 302
        assert browser.post(at("add_file", number), {}).status_code == 422
        assert browser.post(at("trial", number)).status_code == 302
        assert "试算" in browser.get(at("progress", number)).content.decode()
        work()
    page = browser.get(at("book", number)).content.decode()
    assert "控制总数" in page and "提交复核" not in page.partition("</header>")[0]
    wrong = dict(zip((
        "count_0", "principal_0", "interest_0", "fee_0", "penalty_0", "unapplied_0", "deposit_0"), ("1", "1", "0", "0", "5", "0", "0"), strict=True))
    assert browser.post(at("totals", number), wrong).status_code == 302
    assert "与文件不一致" in browser.get(at("book", number)).content.decode()
    sums = book.totals()["T01|T01"]
    right = {"count_0": "1", **{f"{name}_0": f"{sums[name] / 100:.2f}" for name in FIGURES[1:]}}
    browser.post(at("totals", number), right)
    assert "迁入时的分录" in browser.get(at("book", number)).content.decode()
    assert browser.post(at("submit", number)).status_code == 302
    assert Takeover.objects.get().status == "submitted"
    browser.post(at("approve", number))
    assert Takeover.objects.get().status == "submitted", "who prepared it may not"
    browser.acts_as(jin)
    with jobs.in_line():
        browser.post(at("approve", number))
        assert "分批迁入" in browser.get(at("progress", number)).content.decode()
        work()
    done = browser.get(at("book", number)).content.decode()
    assert "对账：原系统、本系统、总账" in done and "迁入清算余额" in done
    assert browser.post(at("fund", number), {"account": "4001", "amount": "999999999"}).status_code == 422
    assert browser.post(at("fund", number), {"account": "4001", "amount": "100"}).status_code == 302
    sheets = load_workbook(io.BytesIO(browser.get(at("report", number)).content))
    assert sheets.sheetnames == ["对账", "控制总数", "未迁入", "逐笔对账"] and sheets["逐笔对账"]["B2"].value == Loan.objects.get().number
    assert browser.get(at("report_paper", number)).content.startswith(b"%PDF")
    rows = browser.get(at("report_rows", number)).content.decode()
    assert "OLD-000001" in rows and rows.count("\r\n") == 2
    assert browser.get(at("loans", number)).status_code == 200 and browser.get(f"{at('loans', number)}?format=xlsx").status_code == 200


def test_the_pages_of_a_loan_taken_over_work(browser: Any, bank: Bank, jin: Actor) -> None:
    taken(one(unpaid=1), bank.fang, jin)
    loan = Loan.objects.get()
    browser.acts_as(bank.fang)
    for url in (
        reverse("servicing:loan", args=[loan.number]), reverse("contracts:contract", args=[loan.contract.number]),
        *(f"{reverse(f'servicing:{name}')}?subject={loan.subject}" for name in ("plan", "events", "track", "audit", "papers", "quality_of")),
        f"{reverse('contracts:contracts_of')}?subject={loan.customer.subject}", reverse("contracts:contracts"), reverse("servicing:loans"),
        reverse("servicing:repay", args=[loan.number]), reverse("servicing:settlement", args=[loan.number]),
        reverse("servicing:print_paper", args=[loan.number]),
    ):
        assert browser.get(url).status_code == 200, url
    found = browser.api(f"contracts/contracts/{loan.contract.number}").json()
    assert (found["application_number"], found["old_number"]) == (None, "HT-000001")
    assert "HT-000001" in browser.get(reverse("contracts:contract", args=[loan.contract.number])).content.decode()


def test_faults_are_listed_and_templates_are_there(browser: Any, bank: Bank) -> None:
    book = one()
    book.loans[0]["branch"] = "NOPE"
    begun = tried(book, bank.fang)
    browser.acts_as(bank.fang)
    page = browser.get(at("book", begun.number)).content.decode()
    assert "第 2 行“门店代码”（NOPE）" in page
    assert "NOPE" in browser.get(at("faults", begun.number)).content.decode()
    assert browser.get(at("template")).status_code == 200 and browser.get(at("template_sheet")).status_code == 200
    assert browser.get(f"{at('template_sheet')}?sheet=nothing").status_code == 404
    key = begun.files.first().file.key
    assert browser.post(at("drop_file", begun.number, key)).status_code == 302
    assert browser.post(at("discard", begun.number), {"reason": ""}).status_code == 422
    assert browser.post(at("discard", begun.number), {"reason": "换系统"}).status_code == 302
    assert browser.get(at("book", begun.number)).status_code == 200


def test_a_book_comes_over_rest(browser: Any, bank: Bank, jin: Actor) -> None:
    book = one()
    browser.acts_as(bank.fang)
    begun = browser.api("takeover/books", {"title": "老系统", "as_of": "2026-01-14"})
    assert begun.status_code == 201
    path = f"takeover/books/{begun.json()['number']}"
    with jobs.in_line():
        for name, content in book.files().items():
            upload = {"file": SimpleUploadedFile(name, content)}
            kept = browser.post(f"/api/v1/{path}/files", upload, headers={"Idempotency-Key": name})
            assert kept.status_code == 201, kept.content
        assert browser.api(f"{path}/trial", {}).status_code == 202
        work()
    assert browser.api(f"{path}/faults").json()["items"] == []
    assert browser.api(f"{path}/submit", {}).status_code == 409
    row = {"branch": "T01", "product": "T01", "count": 1, "principal": "73148.41", "interest": "0.00", "fee": "0.00", "penalty": "0.00",
           "unapplied": "0.00", "deposit": "0.00"}
    assert browser.api(f"{path}/totals", {"totals": [{**row, "count": 2}]}).json()["differences"][0]["figure"] == "count"
    assert browser.api(f"{path}/totals", {"totals": [row]}).json()["differences"] == []
    assert browser.api(f"{path}/submit", {}).json()["status"] == "submitted"
    browser.acts_as(jin)
    assert browser.api(f"{path}/return", {"reason": "再看看"}).json()["status"] == "tried"
    browser.acts_as(bank.fang).api(f"{path}/submit", {})
    browser.acts_as(jin)
    with jobs.in_line():
        assert browser.api(f"{path}/approve", {}).status_code == 202
        work()
    found = browser.api(path).json()
    assert found["status"] == "taken" and found["clearing"] == "73879.89"
    assert [row["difference"] for row in found["compared"]] == ["0.00"] * 6
    assert browser.api(f"{path}/loans").json()["items"][0]["stated"]["principal"] == "73148.41"
    said = browser.api(f"{path}/fund/preview", {"account": "4001", "amount": "73879.89"}).json()
    assert [(b["event"], [t["amount"] for t in b["transfers"]]) for b in said["bookings"]] == [("taken_over_funding", ["73879.89"])]
    assert browser.api(path).json()["clearing"] == "73879.89", "looked at only"
    assert browser.api(f"{path}/fund", {"account": "4001", "amount": "73879.89"}).json()["clearing"] == "0.00"
    assert browser.api(f"{path}/resume", {}).status_code == 202
    assert browser.api("takeover/books").json()["items"][0]["chunks"] == 1


def test_wu_sees_nothing(browser: Any, bank: Bank) -> None:
    begun = tried(one(), bank.fang)
    browser.acts_as(WU)
    assert browser.get(at("book", begun.number)).status_code in (403, 404)
    browser.acts_as(bank.cast.lin)
    assert browser.get(at("books")).status_code == 403
    assert AS_OF
