"""Pages and API of reconciliation."""

from __future__ import annotations

import io
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from openpyxl import load_workbook

from chezhe.finmath.money import Money
from chezhe.kernel.testing import WU
from chezhe.ledger import chart
from chezhe.ledger.tests.acting import browser  # noqa: F401
from chezhe.payments.actions.reconcile_accounts import reconcile_accounts
from chezhe.payments.models import BankFile, Tally
from chezhe.payments.reconciliation import proposing
from chezhe.payments.tests.conftest import TODAY
from chezhe.payments.tests.test_camt import ALONE, camt
from chezhe.payments.tests.test_reconciliation import book, statement

pytestmark = pytest.mark.django_db
CENTER = "payments:reconciliation"


@pytest.fixture
def charge(finance) -> None:
    """A charge that the bank took and finance booked by hand: nothing but sum and day joins them."""
    statement(finance, "2026-03-16,,3.50,-3.50,A2,某银行,,账户管理费")
    book(-350, owner="", reference="manual:1", memo="银行账户管理费")
    reconcile_accounts(by=finance)


def test_the_day_shows_both_sides_and_every_fen(browser, finance, charge) -> None:  # noqa: F811
    statement(finance, "2026-03-16,100.00,,96.50,A3,张三,6217000000000000004,房租")
    page = browser.acts_as(finance).get(reverse(CENTER)).content.decode()
    for words in ("收款户 1002.01", "****0001", "账务已付、银行未付", "勾对建议", "61 %", "金额相同；相隔 1 天", "尚未纳入对账", "待清分款项"):
        assert words in page, words
    assert "张三" not in page
    yesterday = browser.get(reverse(CENTER) + "?on=2026-03-15").content.decode()
    assert "后一日" in yesterday and "获取对账文件" in yesterday
    assert browser.get(reverse(CENTER) + "?on=never").status_code == 422
    sheet = browser.get(reverse(CENTER) + "?export=xlsx")
    lines, notes = ([[cell.value for cell in row] for row in one.iter_rows()] for one in load_workbook(io.BytesIO(sheet.content)))
    assert [(line[1], line[5]) for line in lines[1:]] == [("账务已付、银行未付", 3.5), ("银行已付、账务未付", -3.5)]
    assert ["收款户 未解释", "0.00"] in [row[:2] for row in notes] and ["收款户 尚未纳入对账", "0.00"] in [row[:2] for row in notes]
    assert browser.acts_as(WU).get(reverse(CENTER)).status_code == 403


def test_a_suggestion_is_accepted_refused_and_broken_by_page(browser, finance, charge) -> None:  # noqa: F811
    offer, = proposing.offers(TODAY)
    pair = {"first_number": offer.first.number, "second_number": offer.second.number, "on": "2026-03-16"}
    browser.acts_as(finance)
    assert browser.post(reverse("payments:accept_match"), pair).headers["Location"] == reverse(CENTER) + "?on=2026-03-16"
    tally = Tally.objects.get()
    page = browser.get(reverse("payments:tally", args=[tally.number])).content.decode()
    assert "人工采纳 61 %" in page and "金额相同" in page and "拆开" in page
    broken = reverse("payments:break_match", args=[tally.number])
    assert browser.post(broken, {"reason": ""}).status_code == 422
    assert browser.post(broken, {"reason": "看错"}).status_code == 302 and Tally.objects.count() == 2
    offer, = proposing.offers(TODAY)
    pair = {"first_number": offer.first.number, "second_number": offer.second.number}
    assert browser.post(reverse("payments:refuse_match"), pair).status_code == 302 and not proposing.offers(TODAY)
    assert browser.post(reverse("payments:accept_matches"), {"on": "2026-03-16", "confidence_min": "80"}).status_code == 302
    assert browser.post(reverse("payments:reconcile"), {"on": "2026-03-16"}).status_code == 302
    assert browser.post(reverse("payments:fetch_settlement"), {"on": "2026-03-16"}).status_code == 302


def test_an_exception_is_listed_found_explained_and_owned_by_page(browser, finance, charge) -> None:  # noqa: F811
    browser.acts_as(finance)
    listed = browser.get(reverse("payments:exceptions") + "?status=open&kind=bank_only&age=fresh&owner=none&q=A2").content.decode()
    tally = Tally.objects.get(kind="bank_only")
    assert tally.number in listed and "仅银行有" in listed and "0–1 天" in listed
    page = reverse("payments:tally", args=[tally.number])
    assert browser.post(reverse("payments:explain_tally", args=[tally.number]), {"reason": ""}).status_code == 422
    assert browser.post(reverse("payments:explain_tally", args=[tally.number]), {"reason": "已由手工分录入账"}).headers["Location"] == page
    assert "已由手工分录入账" in browser.get(page).content.decode()
    assert browser.post(reverse("payments:reopen_tally", args=[tally.number]), {"reason": "未见分录"}).status_code == 302
    assert browser.post(reverse("payments:assign_tally", args=[tally.number]), {"username": "", "note": "等银行回单"}).status_code == 302
    assert "等银行回单" in browser.get(page).content.decode()
    assert browser.get(reverse("payments:channel_lines")).status_code == 200
    assert browser.get(reverse("payments:tally", args=["T26-999999-9"])).status_code == 404


def test_the_api_says_and_does_the_same(browser, finance, charge) -> None:  # noqa: F811
    browser.acts_as(finance)
    day = browser.api("payments/reconciliation/days/2026-03-16").json()["accounts"][0]
    assert (day["bank_closing"], day["ledger_closing"], day["difference"], day["unexplained"]) == ("-3.50", "-3.50", "0.00", "0.00")
    assert [(row["reason"], row["amount"]) for row in day["differences"] if row["count"]] == [("bank_out", "-3.50"), ("books_out", "3.50")]
    said = browser.api("payments/reconciliation/suggestions").json()["items"][0]
    assert (said["confidence"], said["reasons"]) == (61, ["金额相同", "相隔 1 天"])
    pair = {name: said[name] for name in ("first_number", "second_number")}
    joined = browser.api("payments/reconciliation/matches", pair).json()
    assert (joined["kind"], joined["how"]) == ("", "accepted")
    one = browser.api(f"payments/reconciliation/tallies/{joined['number']}").json()
    assert sorted(item["side"] for item in one["sides"]) == ["bank", "ledger"]
    assert browser.api(f"payments/reconciliation/tallies/{joined['number']}/break", {"reason": "看错"}).status_code == 200
    open_ones = browser.api("payments/reconciliation/tallies?only_open=true").json()["items"]
    assert len(open_ones) == 2
    first, second = (row["number"] for row in open_ones)
    assert browser.api("payments/reconciliation/refusals", {"first_number": first, "second_number": second}).status_code == 201
    pair = {"first_number": first, "second_number": second}
    assert browser.api("payments/reconciliation/matches", pair).status_code == 201  # a person may still say so
    assert browser.api("payments/reconciliation/matches/bulk", {"on": "2026-03-16", "confidence_min": 10}).status_code == 422
    assert browser.api("payments/reconciliation/matches/bulk", {"on": "2026-03-16", "confidence_min": 90}).json() == {"numbers": []}
    assert browser.api("payments/reconciliation/runs", {}).json()["new_items"] == 0
    assert browser.api("payments/reconciliation/channel-files", {"day": "2026-03-15"}).status_code == 202
    refused = browser.api(f"payments/reconciliation/tallies/{joined['number']}/explain", {"reason": "没有差异"})
    assert refused.status_code == 409 and refused.json()["code"] == "tally_agrees"
    assert browser.acts_as(WU).api("payments/reconciliation/suggestions").status_code == 403


def test_a_statement_must_be_of_one_of_our_accounts(browser, finance) -> None:  # noqa: F811
    def send(content: bytes, **fields: str):
        file = SimpleUploadedFile("a.xml", content)
        return browser.post("/api/v1/payments/bank-files", {"file": file, **fields}, headers={"Idempotency-Key": uuid4().hex})

    browser.acts_as(finance)
    whole = camt(ALONE, closing="4174.39")
    foreign = send(whole.replace(b"6228480000000001", b"6228480000009999"))
    assert foreign.status_code == 422 and foreign.json()["code"] == "statement_account_foreign" and "9999" in foreign.json()["detail"]
    assert send(whole, account=chart.BANK_PAYOUT).json()["code"] == "statement_account_other"
    nameless = whole.replace(b"<Acct><Id><Othr><Id>6228480000000001</Id></Othr></Id></Acct>", b"")
    assert send(nameless).json()["code"] == "statement_account_foreign" and not BankFile.objects.exists()
    payout = send(whole.replace(b"6228480000000001", b"6228480000000002"))
    assert payout.status_code == 201 and (payout.json()["new_lines"], payout.json()["new_others"]) == (0, 1)
    assert BankFile.objects.get().account == chart.BANK_PAYOUT and not BankFile.objects.get().amount
    assert send(whole).json()["new_lines"] == 1
    assert Money(317_439) == BankFile.objects.get(account=chart.BANK).amount


def test_a_camt_closing_balance_is_kept_and_shown(browser, finance) -> None:  # noqa: F811
    dated = camt(ALONE.replace("2026-03-14", "2026-03-16"), closing="4174.39").replace(b"<CdtDbtInd>CRDT</CdtDbtInd></Bal>",
                                                                                    b"<CdtDbtInd>CRDT</CdtDbtInd><Dt><Dt>2026-03-16</Dt></Dt></Bal>")
    browser.acts_as(finance)
    file = SimpleUploadedFile("a.xml", dated)
    assert browser.post("/api/v1/payments/bank-files", {"file": file}, headers={"Idempotency-Key": uuid4().hex}).status_code == 201
    day = browser.api("payments/reconciliation/days/2026-03-16").json()["accounts"][0]
    assert (day["stated_closing"], day["bank_closing"], day["before_first_statement"]) == ("4174.39", "4174.39", "1000.00")
