"""Pages and API of the payments room."""

from __future__ import annotations

import time
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from chezhe.finmath.money import Money
from chezhe.kernel.actor import SYSTEM
from chezhe.kernel.testing import WU
from chezhe.ledger.tests.acting import browser  # noqa: F401
from chezhe.payments.actions.import_bank_file import import_bank_file
from chezhe.payments.actions.report_refused_callback import report_refused_callback
from chezhe.payments.models import BankFile, BankLine, BankNotice, Payout
from chezhe.payments.steps import Notice, Payee, keep_notice, request_payout
from chezhe.payments.tests.conftest import live
from chezhe.payments.tests.test_bank_files import HEAD, ROWS, csv
from chezhe.payments.vendors.bank.simulator import account_with_fate
from chezhe.ui import navigation

pytestmark = pytest.mark.django_db


def file_of(content: bytes, name: str = "流水.csv") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


@pytest.fixture
def failed(branch, bank) -> Payout:
    payout = request_payout(
        reference="disbursement:R1", amount=Money(500_000), payee=Payee("张三丰", account_with_fate("903")), memo="K26-000001-5",
        branch_id=branch.pk, by=SYSTEM,
    )
    live(bank, 10)
    return payout


def test_every_page_opens_for_who_may_see_it_and_for_nobody_else(browser, finance, failed) -> None:  # noqa: F811
    done = import_bank_file(content=csv(), name="三月.csv", by=finance)
    trouble = keep_notice(Notice(notice_id="N1", bank_reference="Y1", outcome="paid", amount=Money(1)), "unknown", None)
    seen = {
        reverse("payments:payouts"): failed.number, reverse("payments:payout", args=[failed.number]): "放款账户余额不足",
        reverse("payments:notices"): "N1", reverse("payments:notices") + "?open=yes": "N1",
        reverse("payments:notice", args=[trouble.notice_id]): "查无此付款", reverse("payments:files"): "三月.csv",
        reverse("payments:file", args=[done.file.number]): "20260314000017", reverse("payments:import"): "试算",
        reverse("payments:lines"): "每一分钱都有去处", reverse("payments:lines") + "?export=csv": "20260315000018",
    }
    for url, words in seen.items():
        page = browser.acts_as(finance).get(url)
        assert page.status_code == 200 and words in page.content.decode(), url
        assert "6217000000000000004" not in page.content.decode() and "张三丰" not in page.content.decode()
        assert browser.acts_as(WU).get(url).status_code == 403, url
    assert browser.acts_as(finance).get(reverse("payments:template")).content[:2] == b"PK"
    assert browser.get(reverse("payments:payout", args=["Y26-999999-9"])).status_code == 404
    assert not [name for name in navigation.broken() if name.startswith("payments:")]


def test_a_failed_payout_is_sent_again_by_page_and_by_api(browser, funding, finance, failed, bank) -> None:  # noqa: F811
    browser.acts_as(funding)
    url = reverse("payments:retry", args=[failed.number])
    assert browser.post(url, {"reason": ""}).status_code == 422
    assert browser.post(url, {"reason": "余额已补足", "_once": "k1"}).status_code == 302
    assert browser.post(url, {"reason": "余额已补足", "_once": "k1"}).status_code == 302, "the same form again"
    assert Payout.objects.get().attempt == 2
    live(bank, 10)
    assert browser.api(f"payments/payouts/{failed.number}/retry", {"reason": "再试"}).json()["attempt"] == 3
    refused = browser.api(f"payments/payouts/{failed.number}/retry", {"reason": "再试"})
    assert refused.status_code == 409 and refused.json()["code"] == "wrong_state"
    assert browser.acts_as(finance).api(f"payments/payouts/{failed.number}/retry", {"reason": "x"}).status_code == 403


def test_a_statement_is_tried_then_confirmed_with_the_same_form(browser, finance) -> None:  # noqa: F811
    browser.acts_as(finance)
    url = reverse("payments:import")
    tried = browser.post(url, {"file": file_of(csv()), "dry_run": "yes"}, headers={"HX-Request": "true"})
    shown = tried.context["shown"]
    assert tried.status_code == 200 and "确认导入 2 行" in tried.content.decode() and "<html" not in tried.content.decode()
    assert not BankFile.objects.exists()
    other = browser.post(url, {"file": file_of(csv(ROWS + "2026-03-16,5.00,S9,王,,\n")), "confirm": shown.digest})
    assert other.status_code == 422 and "请重新试算" in other.content.decode() and not BankFile.objects.exists()
    sent = {"file": file_of(csv()), "confirm": shown.digest, "_once": shown.once}
    done = browser.post(url, sent)
    assert done.status_code == 302 and BankLine.objects.count() == 2
    again = browser.post(url, {**sent, "file": file_of(csv())})
    assert again.headers["Location"] == done.headers["Location"] and BankLine.objects.count() == 2
    known = browser.post(url, {"file": file_of(csv()), "dry_run": "yes"})
    assert "以前导入过" in known.content.decode() and "<html" in known.content.decode()


def test_bad_rows_are_named_and_handed_back(browser, finance) -> None:  # noqa: F811
    browser.acts_as(finance)
    content = csv(ROWS + "2026-03-99,1.00,S3,,,\n2026-03-01,-3,S4,,,\n")
    tried = browser.post(reverse("payments:import"), {"file": file_of(content), "dry_run": "yes"}).content.decode()
    assert "第 5 行“交易日期”（2026-03-99）不是有效日期" in tried and "第 6 行“金额”（-3）须大于 0" in tried
    assert "name=\"confirm\"" not in tried and "下载错误行" in tried
    rows = browser.post(reverse("payments:import"), {"file": file_of(content), "errors": "yes"})
    assert rows.headers["Content-Disposition"].startswith("attachment") and "2026-03-99" in rows.content.decode("utf-8-sig")
    forced = browser.post(reverse("payments:import"), {"file": file_of(content), "confirm": tried.split("x" * 99)[0][:64]})
    assert forced.status_code == 422
    no_table = browser.post(reverse("payments:import"), {"file": file_of(b"MZ\x90", "a.xlsx"), "dry_run": "yes"})
    assert no_table.status_code == 422 and "EXE" in no_table.content.decode()
    assert browser.post(reverse("payments:import"), {"dry_run": "yes"}).status_code == 422


def test_the_api_tries_imports_and_lists(browser, finance) -> None:  # noqa: F811
    browser.acts_as(finance)

    def send(**fields: object):
        return browser.post("/api/v1/payments/bank-files", {"file": file_of(csv()), **fields}, headers={"Idempotency-Key": uuid4().hex})

    tried = send(dry_run="true")
    assert tried.status_code == 200 and tried.json()["new_amount"] == "3274.39" and tried.json()["rows"][0]["loan_number"] == "L26-000123-7"
    done = send()
    assert done.status_code == 201 and done.json()["new_lines"] == 2 and send().json()["new_lines"] == 0
    number = done.json()["file"]["number"]
    assert browser.api("payments/bank-files").json()["items"][0]["number"] == number
    assert browser.api(f"payments/bank-files/{number}").json()["amount"] == "3274.39"
    lines = browser.api(f"payments/bank-lines?file_number={number}&status=open").json()["items"]
    assert [line["payer"] for line in lines] == ["李*", "张*"]
    assert browser.post("/api/v1/payments/bank-files", {"file": file_of(csv())}).status_code == 400, "the key is missing"


def test_a_notice_is_cleared_up_by_page_and_by_api(browser, finance) -> None:  # noqa: F811
    for name in ("N1", "N2"):
        keep_notice(Notice(notice_id=name, bank_reference="Y1", outcome="paid", amount=Money(1)), "unknown", None)
    browser.acts_as(finance)
    assert len(browser.api("payments/notices?only_open=true").json()["items"]) == 2
    assert browser.post(reverse("payments:notice", args=["N1"]), {"resolution": "银行发错"}).status_code == 302
    assert browser.api("payments/notices/N2/resolve", {"resolution": "银行发错"}).json()["resolution"] == "银行发错"
    assert browser.post(reverse("payments:notice", args=["N1"]), {"resolution": "再次"}).status_code == 422
    assert not BankNotice.objects.filter(resolved_at=None).exists()


def test_a_refused_callback_is_reported(branch) -> None:
    assert report_refused_callback(service="bank", reason_code="wrong", by=SYSTEM).subject == "callback:bank"


@pytest.mark.long
def test_twenty_thousand_rows_are_imported_while_one_waits(browser, finance) -> None:  # noqa: F811
    rows = "".join(f"2026-03-{1 + n % 16:02d},{n}.50,S{n:08d},张三,6217000000000000004,还款\n" for n in range(1, 20_001))
    started = time.perf_counter()
    done = import_bank_file(content=(HEAD + rows).encode(), name="a.csv", by=finance)
    assert done.new_lines == 20_000 and time.perf_counter() - started < 60


def test_failed_payouts_are_sent_again_together_after_their_sum_was_typed(browser, funding, finance, failed, bank) -> None:  # noqa: F811
    browser.acts_as(funding)
    url = reverse("payments:payouts")
    preview = browser.post(url, {"bulk": "retry", "rows": [failed.pk]}).content.decode()
    assert 'data-typed="5000.00"' in preview and "处理 1 条" in preview
    answer = browser.post(url, {"bulk": "retry", "step": "one", "row": failed.pk, "reason": "余额已补足"}).json()
    assert answer["outcome"] == "done" and Payout.objects.get().attempt == 2
    again = browser.post(url, {"bulk": "retry", "step": "one", "row": failed.pk, "reason": "余额已补足"}).json()
    assert again["outcome"] == "refused" and Payout.objects.get().attempt == 2
    assert browser.acts_as(finance).post(url, {"bulk": "retry", "rows": [failed.pk]}).status_code == 404
