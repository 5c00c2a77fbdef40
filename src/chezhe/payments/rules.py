"""Reading the rows of a bank's statement: every row is either a receipt or a named fault."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from chezhe.finmath.money import Money, parse
from chezhe.identifiers import excel

LOAN_NUMBER = re.compile(r"L\d{2}-\d{6,12}-\d")
_DATE = re.compile(r"(\d{4})[-/年.]?(\d{1,2})[-/月.]?(\d{1,2})日?")
MEMO_MAX = 200


@dataclass(frozen=True, slots=True)
class RawRow:
    """A row as the file has it; the two flags tell cells that the spreadsheet holds as numbers."""

    number: int
    value_on: str
    amount: str
    bank_serial: str
    payer_name: str
    payer_account: str
    memo: str
    is_serial_number: bool = False
    is_account_number: bool = False


@dataclass(frozen=True, slots=True)
class Receipt:
    """A row that can be booked."""

    row_number: int
    value_on: date
    amount: Money
    bank_serial: str
    payer_name: str
    payer_account: str
    memo: str

    @property
    def loan_number(self) -> str:
        """The loan number that the payer wrote into the memo, or empty."""
        found = LOAN_NUMBER.search(self.memo.upper().replace(" ", ""))
        return found[0] if found else ""


@dataclass(frozen=True, slots=True)
class RowFault:
    """What is wrong with a row: `column` is our name of the column, `code` is stable."""

    row_number: int
    column: str
    code: str
    given: str = ""


def read_rows(rows: Iterable[RawRow], *, not_after: date) -> tuple[list[Receipt], list[RowFault]]:
    """Receipts and faults, in the file's order; a serial that stands twice in one file is a fault of the second row.

    `not_after` is the business date: a bank cannot have received money tomorrow.
    """
    receipts: list[Receipt] = []
    faults: list[RowFault] = []
    seen: set[str] = set()
    for row in rows:
        fault = _fault(row, seen, not_after)
        if fault:
            faults.append(fault)
            continue
        seen.add(row.bank_serial)
        day, amount = _day(row.value_on), _amount(row.amount)
        assert day is not None and amount is not None
        receipts.append(Receipt(row.number, day, amount, row.bank_serial, row.payer_name, row.payer_account, row.memo[:MEMO_MAX]))
    return receipts, faults


def _fault(row: RawRow, seen: set[str], not_after: date) -> RowFault | None:
    day, amount = _day(row.value_on), _amount(row.amount)
    checks = [
        (day is None, "value_on", "date_invalid", row.value_on),
        (day is not None and day > not_after, "value_on", "date_in_future", row.value_on),
        (amount is None, "amount", "amount_invalid", row.amount),
        (amount is not None and amount.fen <= 0, "amount", "amount_not_positive", row.amount),
        (not row.bank_serial, "bank_serial", "serial_missing", ""),
        (bool(excel.judge_cell(row.bank_serial, row.is_serial_number)), "bank_serial", "number_rounded", row.bank_serial),
        (bool(excel.judge_cell(row.payer_account, row.is_account_number)), "payer_account", "number_rounded", ""),
        (row.bank_serial in seen, "bank_serial", "serial_twice", row.bank_serial),
    ]
    return next((RowFault(row.number, column, code, given) for wrong, column, code, given in checks if wrong), None)


def _day(text: str) -> date | None:
    found = _DATE.fullmatch(text.strip()[:10].rstrip())
    try:
        return date(int(found[1]), int(found[2]), int(found[3])) if found else None
    except ValueError:
        return None


def _amount(text: str) -> Money | None:
    try:
        return parse(text.replace(",", "").replace("¥", "").strip())
    except ValueError:
        return None
