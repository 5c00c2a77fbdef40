"""迁入对账报告: old system, our loans and the opening entries side by side, for the folder and the two who sign it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from chezhe.documents.papers.figures import day, sealed, yuan
from chezhe.takeover.reconciling import Compared
from chezhe.takeover.totals import COUNT, Totals

EDITION = "2026-1"  # of the text: raise it when a sentence changes
ITEMS = {
    COUNT: "笔数", "principal": "剩余本金", "interest": "到期未还利息", "fee": "到期未还费用", "penalty": "罚息及复利",
    "unapplied": "暂收款", "deposit": "保证金",
}
FAILED_MAX = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Reconciliation:
    """What the report says of a book that was taken over; `failed` are old loan numbers with the reason why they did not come."""

    number: str
    title: str
    lender: str
    as_of: date
    made_on: date
    begun_by: str
    approved_by: str
    taken: int
    compared: Sequence[Compared]
    totals: Totals
    failed: Sequence[tuple[str, str]]
    clearing_fen: int
    funded: Sequence[tuple[str, str, int]]


def report(book: Reconciliation) -> dict[str, Any]:
    """The data of the sheet, ready to print."""
    said = {
        "title": "存量迁入对账报告", "made_on": book.made_on.isoformat(), "edition": EDITION, "lender": {"name": book.lender},
        "issued": day(book.made_on), "number": book.number,
        "facts": [
            ["迁入来源", book.title], ["迁入编号", book.number], ["截至日（营业终了）", day(book.as_of)], ["发起人", book.begun_by],
            ["复核人", book.approved_by], ["已迁入", f"{book.taken} 笔"], ["未迁入", f"{len(book.failed)} 笔"],
        ],
        "tables": [_by_item(book.compared), _by_branch(book.totals), *_funding(book.funded), *_not_taken(book.failed)],
        "closing": [["迁入清算余额", f"{yuan(book.clearing_fen)} 元"]],
        "sentences": [_judgement(book), "罚息及复利在收到之前不入账，因此没有期初分录。"],
    }
    return sealed(said)


def _judgement(book: Reconciliation) -> str:
    differs = any(one.difference or one.ledger_difference for one in book.compared)
    if differs:
        return "上列项目存在差额，须查明原因并更正。"
    cleared = "迁入清算已为 0.00" if not book.clearing_fen else "迁入清算尚有余额，须登记资金来源直至 0.00"
    return f"原系统、本系统贷款与总账期初分录逐项一致，{cleared}。"


def _by_item(compared: Sequence[Compared]) -> dict[str, Any]:
    rows = [
        [ITEMS[one.item], yuan(one.stated), yuan(one.ours), yuan(one.difference),
         "—" if one.ledger is None else yuan(one.ledger), "—" if one.ledger is None else yuan(one.ledger_difference)]
        for one in compared
    ]
    head = ["项目", "原系统", "本系统", "差额", "总账期初分录", "差额"]
    return _table("一、逐项对账（元）", head, rows, [20, 0, 0, 13, 0, 13], [1, 2, 3, 4, 5])


def _by_branch(totals: Totals) -> dict[str, Any]:
    rows = []
    for key, figures in totals.items():
        branch, _bar, product = key.partition("|")
        amounts = [yuan(figures.get(name, 0)) for name in ITEMS if name != COUNT]
        rows.append([branch, product, str(figures.get(COUNT, 0)), *amounts])
    head = ["门店", "产品", *ITEMS.values()]
    return _table("二、控制总数（元）", head, rows, [8, 8, 8, 0, 12, 10, 11, 11, 12], list(range(2, 9)))


def _funding(funded: Sequence[tuple[str, str, int]]) -> list[dict[str, Any]]:
    rows = [[on, account, yuan(fen)] for on, account, fen in funded]
    return [_table("三、资金来源（元）", ["记账日", "科目", "金额"], rows, [20, 0, 25], [2])] if rows else []


def _not_taken(failed: Sequence[tuple[str, str]]) -> list[dict[str, Any]]:
    """The first of them: all of them are in the workbook."""
    rows = [list(one) for one in failed[:FAILED_MAX]]
    return [_table("未迁入的贷款", ["原贷款号", "原因"], rows, [28, 0], [])] if rows else []


def _table(title: str, head: list[str], rows: list[list[str]], widths: list[int], numbers: list[int]) -> dict[str, Any]:
    return {"title": title, "head": head, "rows": rows, "widths": widths, "numbers": numbers}
