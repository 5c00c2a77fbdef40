"""Statements as four large banks export them: CSV (GBK or UTF-8), XLSX and PDF, for whoever tries the product and for its tests.

| bank | order | day | sign | the other party | between title and table |
|---|---|---|---|---|---|
| icbc | newest first | 2026-03-16 | `+` and `-`, thousands grouped | name and account apart | 卡号, 户名, 起止日期 in one line |
| abc | oldest first | 20260316, time 101500 | `+` and `-` | `name account` in 对手信息 | 户名, 账号, 币种; 起止日期 |
| boc | newest first | 2026/03/16, time 10:15:00 | `-` only, grouped | name and account apart | 交易区间; 客户姓名, 借记卡号 |
| ccb | oldest first | 20260316 | `-` only | `account/name` in one cell | 卡号/账号, 客户名称; 起止日期 |

A cell of long digits carries a tab in CSV, as banks do it against spreadsheets; below the table stands a closing remark.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Literal

import xlsxwriter

from chezhe.documents.papers import press
from chezhe.invented.statements import Entry

Form = Literal["csv", "xlsx", "pdf"]
Row = Sequence[str]
TEMPLATE = Path(__file__).with_name("statement.typ")
OUR_CURRENCY = "人民币"


@dataclass(frozen=True, slots=True)
class Holder:
    """Whose account a statement is of, and from which day to which (both included)."""

    name: str
    account: str
    first: date
    last: date


@dataclass(frozen=True, slots=True)
class Bank:
    """How one bank writes: headings, the cells of a line by its number, what stands above, and whether the newest line comes first."""

    title: str
    headings: tuple[str, ...]
    row: Callable[[int, Entry, Holder], Row]
    above: Callable[[Holder], list[Row]]
    is_newest_first: bool
    encoding: str


def write(bank: str, holder: Holder, lines: Sequence[Entry], form: Form = "csv", *, encoding: str = "") -> bytes:
    """The file of a statement. `encoding` overrules what the bank's CSV is written in (gbk or utf-8-sig)."""
    how = BANKS[bank]
    grid = grid_of(bank, holder, lines)
    if form == "csv":
        return _csv(grid, encoding or how.encoding)
    return _xlsx(grid) if form == "xlsx" else _pdf(how, holder, lines)


def grid_of(bank: str, holder: Holder, lines: Sequence[Entry]) -> list[list[str]]:
    """All cells from the top of the page to its foot."""
    how = BANKS[bank]
    above = [[how.title], *(list(row) for row in how.above(holder))]
    return [*above, list(how.headings), *_rows(how, holder, lines), [f"合计 {len(lines)} 笔"]]


def _rows(how: Bank, holder: Holder, lines: Sequence[Entry]) -> list[list[str]]:
    shown = list(reversed(lines)) if how.is_newest_first else list(lines)
    return [list(how.row(number, entry, holder)) for number, entry in enumerate(shown, start=1)]


def _csv(grid: Sequence[Row], encoding: str) -> bytes:
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerows([f"{cell}\t" if cell.isdigit() and len(cell) > 11 else cell for cell in row] for row in grid)
    return out.getvalue().encode(encoding, errors="replace")


def _xlsx(grid: Sequence[Row]) -> bytes:
    """Every cell as text: banks do so, and digits survive."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_numbers": False}) as book:
        sheet = book.add_worksheet("交易明细")
        for number, row in enumerate(grid):
            sheet.write_row(number, 0, list(row))
    return out.getvalue()


def _pdf(how: Bank, holder: Holder, lines: Sequence[Entry]) -> bytes:
    """A printed table, its heading on every page."""
    return press.print_paper(TEMPLATE, {
        "made_on": holder.last.isoformat(), "title": how.title, "above": ["    ".join(row) for row in how.above(holder)],
        "headings": list(how.headings), "rows": _rows(how, holder, lines), "below": f"合计 {len(lines)} 笔"})


def _signed(fen: int, *, plus: str = "", grouped: bool = True) -> str:
    text = f"{abs(fen) // 100:,}" if grouped else str(abs(fen) // 100)
    return f"{'-' if fen < 0 else plus}{text}.{abs(fen) % 100:02d}"


def _icbc(number: int, entry: Entry, holder: Holder) -> Row:
    return (
        f"{entry.on:%Y-%m-%d}", holder.account, "活期", f"{number:05d}", OUR_CURRENCY, "钞", entry.summary, "1202",
        _signed(entry.amount_fen, plus="+"), _signed(entry.balance_fen), entry.party, entry.party_account, "网上银行")


def _abc(number: int, entry: Entry, holder: Holder) -> Row:
    return (
        f"{entry.on:%Y%m%d}", entry.time.replace(":", ""), entry.summary, _signed(entry.amount_fen, plus="+", grouped=False),
        _signed(entry.balance_fen, grouped=False), f"{entry.party} {entry.party_account}".strip(), entry.serial, "超级网银", "")


def _boc(number: int, entry: Entry, holder: Holder) -> Row:
    return (
        f"{entry.on:%Y/%m/%d}", entry.time, OUR_CURRENCY, _signed(entry.amount_fen), _signed(entry.balance_fen), entry.summary, "手机银行",
        "示例支行", "", entry.party, entry.party_account, "")


def _ccb(number: int, entry: Entry, holder: Holder) -> Row:
    both = f"{entry.party_account}/{entry.party}" if entry.party else ""
    return (
        str(number), entry.summary, OUR_CURRENCY, "钞", f"{entry.on:%Y%m%d}", _signed(entry.amount_fen, grouped=False),
        _signed(entry.balance_fen, grouped=False), "", both)


BANKS = {
    "icbc": Bank(
        "中国工商银行借记账户历史明细（电子版）",
        ("交易日期", "账号", "储种", "序号", "币种", "钞汇", "摘要", "地区", "收入/支出金额", "余额", "对方户名", "对方账号", "渠道"),
        _icbc, lambda holder: [[f"卡号：{holder.account}", f"户名：{holder.name}", f"起止日期：{holder.first} — {holder.last}"]],
        True, "gbk"),
    "abc": Bank(
        "中国农业银行账户活期交易明细清单",
        ("交易日期", "交易时间", "交易摘要", "交易金额", "本次余额", "对手信息", "日志号", "交易渠道", "交易附言"),
        _abc, lambda holder: [
            [f"户名：{holder.name}", f"账号：{holder.account}", "币种：人民币"], [f"起止日期：{holder.first:%Y%m%d}-{holder.last:%Y%m%d}"]],
        False, "gbk"),
    "boc": Bank(
        "中国银行交易流水明细清单",
        ("记账日期", "记账时间", "币别", "金额", "余额", "交易名称", "渠道", "网点名称", "附言", "对方账户名", "对方卡号/账号",
         "对方开户行"),
        _boc, lambda holder: [
            [f"交易区间：{holder.first} 至 {holder.last}"], [f"客户姓名：{holder.name}", f"借记卡号：{holder.account}"]],
        True, "utf-8-sig"),
    "ccb": Bank(
        "中国建设银行个人活期账户全部交易明细",
        ("序号", "摘要", "币别", "钞汇", "交易日期", "交易金额", "账户余额", "交易地点/附言", "对方账号与户名"),
        _ccb, lambda holder: [
            [f"卡号/账号：{holder.account}", f"客户名称：{holder.name}"], [f"起止日期：{holder.first:%Y%m%d}-{holder.last:%Y%m%d}"]],
        False, "utf-8-sig"),
}
