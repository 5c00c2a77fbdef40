"""What moved on a loan, as lines of a statement: amounts in fen by item, in the order of value dates."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from chezhe.documents.papers.figures import yuan
from chezhe.finmath.allocation import Due, Item
from chezhe.ledger import chart
from chezhe.servicing.position import (
    Accelerated,
    Aged,
    Applied,
    Charged,
    Closed,
    Deposited,
    Effect,
    FellDue,
    Prepaid,
    Refunded,
    RefundPaid,
    Replanned,
    Restructured,
    TakenOver,
    Undone,
    Waived,
    WentOffBook,
    WrittenOff,
)

# What makes a loan older or leaves our books moves no money of the borrower's: the claim stays as it was.
SILENT = (Aged, Undone, WentOffBook, WrittenOff)
_SOURCES = {chart.DEPOSITS_HELD: "以保证金冲抵", chart.SUBSIDY_RECEIVABLE: "财政贴息", chart.DEBITS_COLLECTED: "代扣"}
_ITEMS = {Item.FEE: "费用", Item.PENALTY: "罚息", Item.COMPOUND: "复利", Item.INTEREST: "利息", Item.PRINCIPAL: "本金"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Moved:
    """`what` happened on `on`: `amount_fen` of money (none for a due), and how it settled principal, interest, fees and penalties."""

    on: date
    what: str
    amount_fen: int = 0
    principal_fen: int = 0
    interest_fen: int = 0
    fee_fen: int = 0
    penalty_fen: int = 0

    @property
    def settled_fen(self) -> int:
        return self.principal_fen + self.interest_fen + self.fee_fen + self.penalty_fen


def moved(effects: Iterable[Effect]) -> list[Moved]:
    """The lines of a fold's effects."""
    return [_line(effect) for effect in effects if not isinstance(effect, SILENT)]


def _line(effect: Effect) -> Moved:
    match effect:
        case TakenOver():
            return Moved(on=effect.on, what=f"自原系统迁入，本金 {yuan(effect.principal_fen)}")
        case FellDue():
            line = effect.line
            owed = line.principal_fen + line.interest_fen + line.fee_fen
            return Moved(on=effect.on, what=f"第 {line.period} 期应还 {yuan(owed)}")
        case Applied():
            what = _SOURCES.get(effect.source, "还款") if effect.amount_fen else "以溢缴款冲抵"
            return _of_dues(effect.on, what, effect.amount_fen, effect.allocation.paid)
        case Closed():
            figure = effect.settlement
            return Moved(
                on=effect.on, what="提前结清", amount_fen=effect.amount_fen, principal_fen=figure.principal_fen,
                interest_fen=figure.interest_fen,
                fee_fen=figure.fee_fen + figure.early_settlement_fee_fen, penalty_fen=figure.penalty_fen + figure.compound_fen,
            )
        case Prepaid():
            return Moved(on=effect.on, what="部分提前还款", amount_fen=effect.amount_fen, principal_fen=effect.amount_fen)
        case Charged():
            return Moved(on=effect.on, what=f"收取费用 {yuan(effect.amount_fen)} 元")
        case Waived():
            return Moved(on=effect.on, what=f"减免{_ITEMS[effect.item]} {yuan(effect.amount_fen)} 元")
        case Refunded():
            whose = "保证金" if effect.is_deposit else "溢缴款"
            return Moved(on=effect.on, what=f"申请退还{whose} {yuan(effect.amount_fen)} 元")
        case Deposited():
            return Moved(on=effect.on, what=f"存入保证金 {yuan(effect.amount_fen)} 元")
        case RefundPaid():
            return Moved(on=effect.on, what="退款付出", amount_fen=-effect.amount_fen)
        case Replanned():
            return Moved(on=effect.on, what="还款计划变更")
        case Restructured():
            return Moved(on=effect.on, what="贷款重组")
        case Accelerated():
            return Moved(on=effect.on, what="全部贷款提前到期")
    raise TypeError(f"a statement has no line for {type(effect).__name__}")


def _of_dues(on: date, what: str, amount_fen: int, paid: Iterable[Due]) -> Moved:
    parts = list(paid)
    return Moved(
        on=on, what=what, amount_fen=amount_fen, principal_fen=sum(part.principal_fen for part in parts),
        interest_fen=sum(part.interest_fen for part in parts), fee_fen=sum(part.fee_fen for part in parts),
        penalty_fen=sum(part.penalty_fen + part.compound_fen for part in parts),
    )
