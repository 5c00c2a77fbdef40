"""Figures and fixed words as the papers print them."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from chezhe.contracts.papers.facts import BORROWER, CO_BORROWER, GUARANTOR, MORTGAGOR, SPOUSE, Case, Party
from chezhe.finmath.allocation import Item
from chezhe.finmath.money import Money
from chezhe.finmath.penalty import GraceMode, PenaltyBase
from chezhe.finmath.terms import DayCount, FeeWhen, Method
from chezhe.identifiers.capital import amount_in_capitals

EDITION = "2026-1"  # of the texts: raise it when a sentence of a paper changes
ROLES = {BORROWER: "借款人", CO_BORROWER: "共同借款人", GUARANTOR: "保证人", SPOUSE: "借款人配偶", MORTGAGOR: "抵押人"}
METHODS = {
    Method.EQUAL_INSTALMENT: "等额本息", Method.EQUAL_PRINCIPAL: "等额本金", Method.INTEREST_ONLY_BULLET: "先息后本",
    Method.BULLET: "一次性还本付息", Method.FLAT_EQUAL: "等本等息", Method.BALLOON: "气球贷（末期一次归还尾款）",
    Method.STEPPED: "阶梯还款", Method.RENT_IN_ADVANCE: "期初还款",
}
DAY_COUNTS = {
    DayCount.THIRTY_360: "每月按 30 天、每年按 360 天", DayCount.ACT_360: "按实际天数、每年按 360 天",
    DayCount.ACT_365: "按实际天数、每年按 365 天", DayCount.ACT_ACT: "按实际天数、当年实际天数",
}
ITEMS = {Item.FEE: "费用", Item.PENALTY: "罚息", Item.COMPOUND: "复利", Item.INTEREST: "利息", Item.PRINCIPAL: "本金"}
FEE_WHEN = {FeeWhen.UPFRONT: "放款前一次支付", FeeWhen.MONTHLY: "每月随期供支付"}
GRACE = {GraceMode.RETROACTIVE: "超过宽限期仍未付清的，自到期日次日起计收", GraceMode.FROM_END_OF_GRACE: "只对宽限期届满后的天数计收"}
BASES = {PenaltyBase.PRINCIPAL: "逾期本金", PenaltyBase.PRINCIPAL_AND_INTEREST: "逾期本金与利息之和"}


def figure(amount: Money) -> str:
    """`100,000.00`."""
    return amount.format(grouped=True)


def yuan(fen: int) -> str:
    """`100,000.00` of fen."""
    return figure(Money(fen))


def both(amount: Money) -> str:
    """The figure with its capital characters, as contracts name a sum."""
    return f"{figure(amount)} 元（大写：{amount_in_capitals(amount.fen)}）"


def percent(rate: Decimal | None) -> str:
    """`11.88%`, with up to four decimals; a dash when there is no rate."""
    if rate is None:
        return "—"
    text = f"{(rate * 100).quantize(Decimal('0.0001'), rounding=ROUND_HALF_UP):f}"
    whole, _, decimals = text.partition(".")
    return f"{whole}.{decimals.rstrip('0').ljust(2, '0')}%"


def day(value: date | None) -> str:
    """`2026年3月5日`."""
    return f"{value.year}年{value.month}月{value.day}日" if value else "—"


def party_row(party: Party) -> dict[str, str]:
    """A party's box."""
    return {
        "role": ROLES[party.role], "name": party.name, "paper": "身份证号" if party.is_person else "统一社会信用代码",
        "paper_number": party.paper_number, "phone": party.phone or "—", "address": party.address or "—",
    }


def lender_row(case: Case, role: str) -> dict[str, str]:
    """The lender's box under its name in this paper."""
    return {"role": role, "name": case.lender.name, "paper": "统一社会信用代码", "paper_number": case.lender.uscc,
            "phone": "见营业场所公示", "address": "见营业执照住所"}


def signature(party: Party) -> dict[str, str]:
    """A place to sign."""
    return {"role": ROLES[party.role], "name": party.name, "hint": "签字、捺印" if party.is_person else "盖章及法定代表人签字"}


def lender_signature(case: Case, role: str) -> dict[str, str]:
    """The lender's place."""
    return {"role": role, "name": case.lender.name, "hint": "盖章及授权代表签字"}


def schedule_rows(case: Case) -> list[list[str]]:
    """The plan's lines and their sums."""
    rows = [
        [str(row.period), row.due_date.isoformat(), yuan(row.principal_fen), yuan(row.interest_fen), yuan(row.fee_fen),
         yuan(row.total_fen), yuan(row.balance_fen)]
        for row in case.quote.rows
    ]
    totals = case.quote.totals
    sums = ["合计", "", yuan(totals.principal_fen), yuan(totals.interest_fen), yuan(totals.fee_fen), yuan(totals.total_fen), ""]
    return [*rows, sums]


def sealed(data: Mapping[str, Any]) -> dict[str, Any]:
    """The data with its verification code: a digest of everything the paper says, 16 digits in groups of four."""
    said = json.dumps(data, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    code = hashlib.sha256(said.encode()).hexdigest()[:16].upper()
    return {**data, "code": "-".join(code[at : at + 4] for at in range(0, 16, 4))}
