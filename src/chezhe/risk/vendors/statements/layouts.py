"""How large banks lay out a statement: which heading stands over what. A statement is recognised by its headings alone."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final


@dataclass(frozen=True, slots=True)
class Layout:
    """`signs` are the headings that together only this bank prints; `columns` maps our name of a column to its headings.

    Our names: date, time, amount (signed), income, expense, balance, party, party_account, party_both (number and name in one cell),
    summary, note, direction. `bank` is the bank's name as Chinese papers have it.
    """

    code: str
    bank: str
    signs: frozenset[str]
    columns: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


ICBC: Final = Layout("icbc", "中国工商银行", frozenset({"交易日期", "储种", "收入/支出金额"}), {
    "date": ("交易日期",), "amount": ("收入/支出金额",), "balance": ("余额",), "party": ("对方户名",),
    "party_account": ("对方账号", "对方帐号"), "summary": ("摘要",), "note": ("渠道",), "account": ("账号", "帐号"),
})
ABC: Final = Layout("abc", "中国农业银行", frozenset({"交易日期", "交易金额", "本次余额"}), {
    "date": ("交易日期",), "time": ("交易时间",), "amount": ("交易金额",), "balance": ("本次余额",), "party_both": ("对手信息",),
    "party": ("对方户名",), "party_account": ("对方账号",), "summary": ("摘要", "交易摘要"), "note": ("交易附言", "附言"),
})
BOC: Final = Layout("boc", "中国银行", frozenset({"记账日期", "金额", "余额", "交易名称"}), {
    "date": ("记账日期",), "time": ("记账时间",), "amount": ("金额",), "balance": ("余额",), "party": ("对方账户名", "对方户名"),
    "party_account": ("对方卡号/账号", "对方账号"), "summary": ("交易名称",), "note": ("附言",),
})
CCB: Final = Layout("ccb", "中国建设银行", frozenset({"交易日期", "交易金额", "账户余额"}), {
    "date": ("交易日期",), "time": ("交易时间",), "amount": ("交易金额",), "balance": ("账户余额",), "party_both": ("对方账号与户名",),
    "party": ("对方户名",), "party_account": ("对方账号",), "summary": ("摘要",), "note": ("交易地点/附言", "交易地点"),
})
LAYOUTS: Final = (ICBC, ABC, BOC, CCB)
HEADER_SEARCH: Final = 30
# How remarks below the table begin.
CLOSING: Final = ("合计", "总计", "小计", "打印", "第", "共", "本页", "注", "说明", "温馨提示", "以上")
_LABELS: Final = {
    "holder": ("账户名称", "客户姓名", "客户名称", "账户名", "户名", "姓名"),
    "account": ("账号/卡号", "卡号/账号", "客户账号", "借记卡号", "交易卡号", "账号", "帐号", "卡号"),
    "from": ("起始日期", "开始日期"), "to": ("截止日期", "终止日期", "结束日期"),
    "period": ("查询起止日期", "交易日期范围", "查询时间段", "起止日期", "起止时间", "查询日期", "交易区间", "时间段"),
}
_LABEL: Final = re.compile(r"(?:^|(?<=\s))(" + "|".join(label for labels in _LABELS.values() for label in labels) + r")(?=[:：\s])")
_NAMED: Final = {label: name for name, labels in _LABELS.items() for label in labels}


def bare(text: str) -> str:
    """A heading without blanks, as it is compared."""
    return re.sub(r"\s", "", text)


def find_header(grid: Sequence[Sequence[str]]) -> tuple[Layout, int] | None:
    """The bank's layout and the place of its heading line; None when no bank is recognised."""
    for at, line in enumerate(grid[:HEADER_SEARCH]):
        headings = {bare(cell) for cell in line}
        for layout in LAYOUTS:
            if layout.signs <= headings:
                return layout, at
    return None


def places_of(layout: Layout, headings: Sequence[str]) -> dict[str, int]:
    """In which column each of our names stands."""
    at = {bare(cell): place for place, cell in reversed(list(enumerate(headings))) if cell.strip()}
    return {name: at[heading] for name, accepted in layout.columns.items() for heading in reversed(accepted) if heading in at}


def letterhead(lines: Sequence[Sequence[str]]) -> dict[str, str]:
    """What stands above the table: a known label and what follows it up to the next one, in one cell or in several."""
    found: dict[str, str] = {}
    for line in lines:
        _before, *parts = _LABEL.split("  ".join(line) + " ")
        for label, value in zip(parts[::2], parts[1::2], strict=True):
            words = re.split(r"\s{2,}", value.strip(" :：\t\u3000"))
            found.setdefault(_NAMED[label], words[0] if _NAMED[label] in ("holder", "account") else " ".join(words))
    return found
