"""The file for the bank, and reading the bank's answer: every row is an answer to one order, or a named fault."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from dataclasses import dataclass

from chezhe.finmath.money import Money, parse
from chezhe.ui.exports import harmless

HEADINGS = ("批次号", "订单号", "收款户名", "收款账号", "金额", "附言")
# Our column, and the headings accepted for it in the bank's answer.
COLUMNS = {
    "reference": ["订单号", "付款凭据", "Reference"],
    "amount": ["金额", "交易金额", "Amount"],
    "outcome": ["处理结果", "状态", "Status"],
    "bank_serial": ["银行流水号", "流水号", "Serial"],
    "failure_code": ["失败代码", "Code"],
}
REQUIRED = ("reference", "amount", "outcome")
WORDS = {
    "成功": "paid", "paid": "paid", "失败": "failed", "failed": "failed", "退回": "returned", "returned": "returned",
    "处理中": "processing", "processing": "processing",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderRow:
    """One line of the file: what the bank is to pay."""

    reference: str
    payee_name: str
    payee_account: str
    amount: Money
    memo: str


def compose(batch_number: str, rows: Iterable[OrderRow]) -> bytes:
    """The file as the bank takes it; the same rows give the same bytes."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(HEADINGS)
    for row in rows:
        writer.writerow([batch_number, row.reference, harmless(row.payee_name), row.payee_account, str(row.amount), harmless(row.memo)])
    return out.getvalue().encode("utf-8-sig")


@dataclass(frozen=True, slots=True, kw_only=True)
class RawAnswer:
    """A row of the bank's answer as the file has it."""

    number: int
    reference: str
    amount: str
    outcome: str
    bank_serial: str
    failure_code: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What the bank says of one order."""

    row_number: int
    reference: str
    amount: Money
    outcome: str
    bank_serial: str
    failure_code: str


@dataclass(frozen=True, slots=True)
class Fault:
    """A row that cannot be read: `code` says why."""

    row_number: int
    code: str
    given: str


def read(rows: Iterable[RawAnswer]) -> tuple[list[Answer], list[Fault]]:
    """Every row as an answer or a fault; an order that is answered twice in one file is a fault."""
    answers: list[Answer] = []
    faults: list[Fault] = []
    seen: set[str] = set()
    for row in rows:
        fault = _fault_of(row, seen)
        if fault:
            faults.append(fault)
            continue
        seen.add(row.reference)
        answers.append(Answer(
            row_number=row.number, reference=row.reference, amount=parse(_digits(row.amount)), outcome=WORDS[row.outcome.lower()],
            bank_serial=row.bank_serial[:64], failure_code=row.failure_code[:40],
        ))
    return answers, faults


def _fault_of(row: RawAnswer, seen: set[str]) -> Fault | None:
    if not row.reference or len(row.reference) > 60:
        return Fault(row.number, "reference_invalid", row.reference[:60])
    if row.reference in seen:
        return Fault(row.number, "reference_twice", row.reference)
    if row.outcome.lower() not in WORDS:
        return Fault(row.number, "outcome_unknown", row.outcome[:60])
    try:
        is_positive = parse(_digits(row.amount)).fen > 0
    except ValueError:
        is_positive = False
    return None if is_positive else Fault(row.number, "amount_invalid", row.amount[:60])


def _digits(text: str) -> str:
    return text.replace(",", "").strip()
