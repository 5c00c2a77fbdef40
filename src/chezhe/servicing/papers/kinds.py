"""The papers themselves: the data of each sheet, ready to print."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from enum import StrEnum
from typing import Any

from chezhe.contracts.papers.words import METHODS
from chezhe.documents.papers.figures import both, day, percent, sealed, yuan
from chezhe.finmath.money import Money
from chezhe.finmath.settlement import Settlement
from chezhe.servicing.papers import EDITION
from chezhe.servicing.papers.facts import LoanFacts, Stretch
from chezhe.servicing.papers.lines import Moved, moved
from chezhe.servicing.position import LinePosition, Position

ACTUAL_DAYS = "利息按实际使用天数计收（民法典第六百七十七条）。"
PLAN_HEAD = ["期数", "到期日", "本金（元）", "利息（元）", "费用（元）", "应还合计（元）", "已还（元）", "剩余本金（元）", "状态"]


class PaperKind(StrEnum):
    """The value is the paper's category among the documents."""

    STATEMENT = "loan_statement"
    PAYOFF = "payoff_letter"
    PLAN = "repayment_schedule"
    INTEREST = "interest_certificate"
    SETTLED = "settlement_certificate"


def statement(loan: LoanFacts, over: Stretch) -> dict[str, Any]:
    """对账单: how the loan stood at both ends of a time, and every due and payment between."""
    lines = moved(over.effects)
    rows = [
        [line.on.isoformat(), line.what, _or_dash(line.amount_fen), _or_dash(line.principal_fen), _or_dash(line.interest_fen),
         _or_dash(line.fee_fen), _or_dash(line.penalty_fen)]
        for line in lines
    ]
    stands = [
        [label, yuan(before), yuan(after)] for label, before, after in (
            ("剩余本金", over.before.principal_fen, over.after.principal_fen),
            ("到期未还", _due(over.before), _due(over.after)), ("溢缴款", over.before.unapplied_fen, over.after.unapplied_fen),
        )
    ]
    return _sheet(
        "对账单", "DZ", loan, facts=[["对账期间", f"{day(over.first)} 至 {day(over.last)}"]],
        tables=[
            _table("余额", ["项目（元）", "期初", "期末"], stands, [0, 30, 30], [1, 2]),
            _table("明细", ["日期", "事项", "收款", "归还本金", "归还利息", "归还费用", "罚息复利"], [*rows, _sums(lines)],
                   [13, 0, 13, 13, 12, 11, 11], [2, 3, 4, 5, 6]),
        ],
        closing=_next(over.after),
        sentences=["已冲正的款项不在本单列示。如对本单有异议，请在收到之日起三十日内与贷款人联系。"],
    )


def payoff_letter(loan: LoanFacts, figure: Settlement, unapplied: Money) -> dict[str, Any]:
    """提前结清函: exactly what closes the loan on one day, for which alone it holds."""
    drawn = min(figure.total_fen, unapplied.fen)
    items = [
        ("剩余本金", figure.principal_fen), ("利息", figure.interest_fen), ("费用", figure.fee_fen), ("罚息", figure.penalty_fen),
        ("复利", figure.compound_fen), ("提前结清违约金", figure.early_settlement_fee_fen), ("结清金额", figure.total_fen),
        ("以溢缴款冲抵", -drawn), ("应付", figure.total_fen - drawn),
    ]
    shown = [[label, yuan(fen)] for label, fen in items if fen or label in ("结清金额", "应付")]
    return _sheet(
        "提前结清函", "JQ", loan, facts=[["结清日（本函仅在当日有效）", day(figure.settled_on)]],
        tables=[_table("", ["项目", "金额（元）"], shown, [0, 40], [1])], closing=[["应付金额", both(Money(figure.total_fen - drawn))]],
        sentences=[
            f"贵方于 {day(figure.settled_on)} 付清上列应付金额的，本笔贷款即告结清，贷款人随即申请解除车辆抵押。",
            "当日之前另有还款、扣款或费用变动的，以贷款人重新出具的函件为准。" + (ACTUAL_DAYS if loan.annual_rate is not None else ""),
        ],
    )


def plan(loan: LoanFacts, position: Position) -> dict[str, Any]:
    """还款计划表: the plan as it stands today, with what was paid on each instalment."""
    rows = [_plan_row(held, position, at) for at, held in enumerate(position.lines)]
    return _sheet(
        "还款计划表", "JH", loan, facts=[],
        tables=[_table("", PLAN_HEAD, rows, [7, 14, 0, 0, 0, 0, 0, 0, 11], [2, 3, 4, 5, 6, 7])],
        closing=_next(position), sentences=["计划因提前还款、展期等变更的，以最近一次出具的计划表为准。"],
    )


def _plan_row(held: LinePosition, position: Position, at: int) -> list[str]:
    line, total = held.line, held.line.principal_fen + held.line.interest_fen + held.line.fee_fen
    if not held.instalment_left_fen:
        status = "已还"
    elif position.settled_on:
        status = "已结清"
    else:
        status = "未到期" if at >= position.recognised else "未还"
    return [
        str(line.period), line.due_date.isoformat(), yuan(line.principal_fen), yuan(line.interest_fen), yuan(line.fee_fen), yuan(total),
        yuan(total - held.instalment_left_fen - held.waived_fen), yuan(line.opening_fen - line.principal_fen), status,
    ]


def interest_certificate(loan: LoanFacts, over: Stretch) -> dict[str, Any]:
    """利息证明: interest, penalties and fees that were paid, month by month."""
    months: defaultdict[str, list[Moved]] = defaultdict(list)
    for line in moved(over.effects):
        months[f"{line.on:%Y-%m}"].append(line)
    rows = [[month, *_paid(lines)] for month, lines in sorted(months.items()) if any(line.settled_fen for line in lines)]
    everything = [line for lines in months.values() for line in lines]
    interest = Money(sum(line.interest_fen for line in everything))
    return _sheet(
        "利息证明", "LX", loan, facts=[["证明期间", f"{day(over.first)} 至 {day(over.last)}"]],
        tables=[_table("", ["月份", "已付利息（元）", "已付罚息及复利（元）", "已付费用（元）", "归还本金（元）"],
                       [*rows, ["合计", *_paid(everything)]], [18, 0, 0, 0, 0], [1, 2, 3, 4])],
        closing=[["已付利息合计", both(interest)]],
        sentences=["兹证明借款人在上述期间就本笔贷款向贷款人支付了上列款项。本证明不代替发票。"],
    )


def settlement_certificate(loan: LoanFacts) -> dict[str, Any]:
    """结清证明: nothing is owed any more, and the mortgage is given up."""
    assert loan.settled_on is not None
    return _sheet(
        "结清证明", "ZM", loan, facts=[["结清日", day(loan.settled_on)]], tables=[], closing=[],
        sentences=[
            f"兹证明借款人{loan.borrower}与我公司签订的编号为 {loan.contract_number} 的借款合同项下贷款，本金 {both(loan.principal)}，"
            f"已于 {day(loan.settled_on)} 全部结清，双方在该合同项下不再有债权债务。",
            "我公司同意解除该合同项下的车辆抵押，并配合办理抵押登记注销手续。",
        ],
    )


# ---- what all of them share -----------------------------------------------------------------------------------


def _sheet(
    title: str, mark: str, loan: LoanFacts, *, facts: list[list[str]], tables: list[dict[str, Any]], closing: list[list[str]],
    sentences: list[str],
) -> dict[str, Any]:
    rate = percent(loan.annual_rate) if loan.annual_rate is not None else "等本等息，按合同约定收取"
    said = {
        "title": title, "made_on": loan.made_on.isoformat(), "edition": EDITION,
        "lender": {"name": loan.lender}, "issued": day(loan.made_on),
        "facts": [
            ["借款人", loan.borrower], [loan.paper_label, loan.paper_number], ["借款合同编号", loan.contract_number],
            ["贷款编号", loan.number], ["贷款本金", both(loan.principal)], ["还款方式与年利率", f"{METHODS[loan.method]}，{rate}"],
            ["放款日至到期日", f"{day(loan.paid_out_on)} 至 {day(loan.matures_on)}"], *facts,
        ],
        "tables": tables, "closing": closing, "sentences": sentences,
    }
    # Two papers that say different things never bear the same number, though they are of one day.
    return sealed({**said, "number": f"{loan.number}-{mark}-{loan.made_on:%Y%m%d}-{sealed(said)['code'][:4]}"})


def _table(title: str, head: list[str], rows: list[list[str]], widths: list[int], numbers: list[int]) -> dict[str, Any]:
    """`widths` in per cent, 0 for what shares the rest; `numbers` are the columns set to the right."""
    return {"title": title, "head": head, "rows": rows, "widths": widths, "numbers": numbers}


def _sums(lines: Iterable[Moved]) -> list[str]:
    columns = ("amount_fen", "principal_fen", "interest_fen", "fee_fen", "penalty_fen")
    return ["合计", "", *_totals(list(lines), columns)]


def _paid(lines: list[Moved]) -> list[str]:
    return _totals(lines, ("interest_fen", "penalty_fen", "fee_fen", "principal_fen"))


def _totals(lines: list[Moved], columns: tuple[str, ...]) -> list[str]:
    return [yuan(sum(getattr(line, column) for line in lines)) for column in columns]


def _next(position: Position) -> list[list[str]]:
    if position.settled_on:
        return [["结清日", day(position.settled_on)]]
    line = position.next_line
    if line is None:
        return []
    return [["下次应还", f"{day(line.due_date)}，{yuan(line.principal_fen + line.interest_fen + line.fee_fen)} 元"]]


def _due(position: Position) -> int:
    return 0 if position.settled_on else position.due_total_fen


def _or_dash(fen: int) -> str:
    return yuan(fen) if fen else "—"
