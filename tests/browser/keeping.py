"""The loan in the hands of finance: days, money at the counter and from the bank's file, settlement, and the books."""

from __future__ import annotations

import re
from datetime import date, timedelta
from pathlib import Path

from chezhe.kernel import clock, jobs
from chezhe.ui.tests.browser import Window
from tests.browser import papers

HEAD = "交易日期,金额,流水号,付款人,付款账号,附言\n"
PAID, BALANCE = 6, 8


def loan_of(window: Window, contract: str) -> str:
    """From the contract's page to its loan; the loan's number."""
    window.go(f"/contracts/{contract}/?tab=loans").follow("L26", within="#tab-panel", exact=False)
    return window.arrives("/servicing/loans/L26-*/").split("/")[3]


def fen(text: str) -> int:
    """¥1,234.50 as 123450."""
    return int(re.sub(r"[¥,.\s]", "", text.replace("−", "-")))


def plan(window: Window, loan: str) -> list[list[str]]:
    """The rows of the plan as they stand on the page: period, due date, principal, interest, fee, total, paid, penalty, balance."""
    window.go(f"/servicing/loans/{loan}/?tab=plan")
    rows = window.page.locator("#tab-panel table[class*=data] tbody tr")
    return [row for row in rows.evaluate_all("rows => rows.map(r => [...r.children].map(c => c.innerText.trim()))") if len(row) > BALANCE]


def balance_stands_everywhere(window: Window, loan: str) -> int:
    """The head of the page, the plan and the ledger say the same, to the fen."""
    rows = plan(window, loan)
    head = fen(window.text("[data-balance]"))
    paid = [row for row in rows if row[-1] == "已还"]
    planned = fen(paid[-1][BALANCE]) if paid else sum(fen(row[2]) for row in rows)
    window.go(f"/servicing/loans/{loan}/?tab=journal")
    booked = fen(window.page.locator("#tab-panel .stat", has_text="贷款本金").locator(".stat-value").inner_text())
    assert head == planned == booked, (head, planned, booked)
    return head


def open_day(cai: Window, day: date) -> None:
    """The days before it are closed from the page, by the worker."""
    cai.go("/servicing/day/").fill(until=(day - timedelta(days=1)).isoformat()).press("开始日终").settle()
    while jobs.run_due():
        clock.tick(1)
    assert cai.go("/servicing/day/").text(".chip-date time") == day.isoformat()


def take_at_the_counter(cai: Window, loan: str) -> int:
    """What is due is in the box already; the preview shows what will be booked. Returns the fen."""
    cai.go(f"/servicing/loans/{loan}/").follow("收款")
    amount = fen(cai.page.input_value("[name=amount]"))
    cai.fill(reference="HD-1").press("预览").sees("将记的分录", "贷款本金").press("确认收款").sees("已登记还款").settle()
    return amount


def statement(folder: Path, *rows: str) -> Path:
    path = folder / "流水.csv"
    path.write_text(HEAD + "".join(f"{row}\n" for row in rows), encoding="utf-8-sig")
    return path


def import_statement(cai: Window, folder: Path, loan: str, yuan: str, day: date) -> None:
    """One bad row keeps the whole file out and comes back as a file; corrected it goes in; once more it brings nothing."""
    ours, theirs = f"{day},{yuan},S-1,王小明,,{loan}", f"{day},88.00,S-2,某人,,房租"
    cai.go("/payments/files/import/").page.set_input_files("input[name=file]", statement(folder, ours, "2026-13-01,5.00,S-3,,,"))
    cai.press("试算（不入账）").sees("不能入账").settle()
    assert "2026-13-01" in cai.text("#preview") and not cai.page.get_by_role("button", name="确认导入").count()
    with cai.page.expect_download() as waiting:
        cai.press("下载错误行")
    wrong = Path(waiting.value.path()).read_text(encoding="utf-8-sig")
    assert "2026-13-01" in wrong and loan not in wrong
    cai.page.set_input_files("input[name=file]", statement(folder, ours, theirs))
    cai.press("试算（不入账）").press("确认导入 2 行").arrives("/payments/files/F26-*/")
    cai.go("/payments/files/import/").page.set_input_files("input[name=file]", statement(folder, ours, theirs))
    cai.press("试算（不入账）").sees("没有可导入的").settle()
    assert not cai.page.get_by_role("button", name="确认导入").count()


def post_statement(cai: Window) -> None:
    """The line that names its loan is booked; the other waits for somebody who knows whose it is."""
    cai.go("/servicing/bank-files/").page.locator("#list-body .row-link").first.click()
    cai.follow("预览入账").sees("附言中没有贷款编号").press("确认入账").sees("已入账 1 行，挂账 1 行").settle()


def settle(cai: Window, loan: str) -> int:
    """The sum quoted is the sum booked. Returns the fen."""
    cai.go(f"/servicing/loans/{loan}/").follow("试算结清").settle()
    quoted = fen(cai.page.locator("main tfoot tr", has_text="应付").locator("td").inner_text())
    assert fen(cai.page.input_value("[name=amount]")) == quoted
    cai.fill(reference="JQ-1").press("预览").sees("将记的分录").press("确认结清").settle()
    cai.go(f"/servicing/loans/{loan}/?tab=events")
    row = cai.page.locator("#tab-panel tbody tr", has_text="提前结清").first
    assert fen(row.locator("td.num").first.inner_text()) == quoted and "已结清" in cai.text(".page-header")
    return quoted


def release_mortgage(he: Window, contract: str, folder: Path) -> None:
    he.go(f"/contracts/{contract}/").follow("登记解押")
    he.fill(receipt_number="JY-1", evidence=papers.scan(folder, "release")).press("登记").arrives(f"/contracts/{contract}/")
    he.sees("抵押已解除")


def books_balance(cai: Window, loans: int) -> None:
    """The trial balance differs by nothing, and every loan agrees with its ledger."""
    cai.go("/ledger/trial-balance/")
    assert fen(cai.page.locator(".stat", has_text="差额").locator(".stat-value").inner_text()) == 0
    cai.go("/servicing/proof/").press("核对").sees(f"已核对 {loans} 笔贷款，全部一致")
