"""Reading the rows of a bank's statement: every row is either money in, money out, or a named fault."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from chezhe.finmath.money import Money, parse
from chezhe.identifiers import bank_card, excel
from chezhe.payments.vendors.bank.statement import OUT_WORDS

LOAN_NUMBER = re.compile(r"L\d{2}-\d{6,12}-\d")
# 2026-03-14, 2026/3/14, 20260314, and with the characters for year, month and day.
_DATE = re.compile(r"(\d{4})[-/.\u5e74]?(\d{1,2})[-/.\u6708]?(\d{1,2})\u65e5?")
# A number used again after a reversal, a receipt of an earlier day, and the mirror of either.
_COUNTER = re.compile(r"counter/bank/(.+?)(?:/again-\d+)?(?:/replay)?(?:/reversal)?")
MEMO_MAX, SERIAL_MAX = 200, 64
# When a silent bank is asked for the truth; the last pause repeats. A lost callback is found in two minutes.
QUERY_AFTER_SECONDS = (120, 180, 300, 600, 1800, 3600, 10800)
SILENT_TIMES = 6  # after so many unanswered questions (some 100 minutes) people are told


def split_reference(bank_reference: str) -> tuple[str, int]:
    """`Y26-000123-7.2` is attempt 2 of payout Y26-000123-7; anything else has attempt 0."""
    number, dot, attempt = bank_reference.rpartition(".")
    is_ours = bool(dot) and attempt.isascii() and attempt.isdigit() and len(attempt) <= 4
    return (number, int(attempt)) if is_ours else (bank_reference, 0)


def counter_reference(channel: str, number: str) -> str:
    """How the books name money that a clerk registers, by the slip's number or the bank's serial."""
    return f"counter/{channel}/{number.strip()}"


def counter_serial(reference: str) -> str:
    """The bank's serial under which a clerk registered a transfer, also when its entry is a later one of the same money; else ""."""
    found = _COUNTER.fullmatch(reference)
    return found[1] if found else ""


def query_pause(times: int) -> int:
    """Seconds to the question after `times` unanswered ones."""
    return QUERY_AFTER_SECONDS[min(times, len(QUERY_AFTER_SECONDS) - 1)]


@dataclass(frozen=True, slots=True)
class RawRow:
    """A row as the file has it; two flags tell cells that the spreadsheet holds as numbers, `takes_back` a receipt undone.

    Money out stands in `amount_out`, or in `amount` under a `direction` that says so; `balance` is what the bank had after it.
    """

    number: int
    value_on: str
    amount: str
    bank_serial: str
    payer_name: str
    payer_account: str
    memo: str
    is_serial_number: bool = False
    is_account_number: bool = False
    amount_out: str = ""
    direction: str = ""
    balance: str = ""
    takes_back: bool = False

    @property
    def is_out(self) -> bool:
        """Whether the row tells of money that left."""
        written = self.amount.strip().lstrip("0.,")
        return self.direction.strip().upper() in OUT_WORDS or bool(self.amount_out.strip().lstrip("0.,")) and not written

    @property
    def sum_text(self) -> str:
        """The amount, from whichever column holds it."""
        return self.amount_out if self.is_out and self.amount_out.strip() else self.amount


@dataclass(frozen=True, slots=True)
class Receipt:
    """A row that can be taken in; `amount` is above nothing on either side."""

    row_number: int
    value_on: date
    amount: Money
    bank_serial: str
    payer_name: str
    payer_account: str
    memo: str
    is_out: bool = False
    takes_back: bool = False
    balance: Money | None = None

    @property
    def signed(self) -> Money:
        """Positive into the account."""
        return -self.amount if self.is_out else self.amount

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
    """Rows and faults, in the file's order; a serial that stands twice on one side of a file is a fault of the second row.

    `not_after` is the business date: a bank cannot have received money tomorrow.
    """
    receipts: list[Receipt] = []
    faults: list[RowFault] = []
    seen: set[tuple[str, bool]] = set()
    for row in rows:
        fault = _fault(row, seen, not_after)
        if fault:
            faults.append(fault)
            continue
        seen.add((row.bank_serial, row.is_out))
        day, amount = _day(row.value_on), _amount(row.sum_text)
        assert day is not None and amount is not None
        receipts.append(Receipt(
            row.number, day, amount, row.bank_serial, row.payer_name, row.payer_account, row.memo[:MEMO_MAX], row.is_out,
            row.takes_back, _amount(row.balance) if row.balance.strip() else None,
        ))
    return receipts, faults


def contradicting(receipts: Iterable[Receipt], known: Mapping[str, Money]) -> list[RowFault]:
    """Receipts whose serial an earlier file (`known`) brought with another amount: one of the two is wrong."""
    return [
        RowFault(receipt.row_number, "amount", "amount_contradicts", str(receipt.amount))
        for receipt in receipts if known.get(receipt.bank_serial, receipt.amount) != receipt.amount
    ]


def _fault(row: RawRow, seen: set[tuple[str, bool]], not_after: date) -> RowFault | None:
    day, amount = _day(row.value_on), _amount(row.sum_text)
    checks = [
        (day is None, "value_on", "date_invalid", row.value_on),
        (day is not None and day > not_after, "value_on", "date_in_future", row.value_on),
        (_has_both(row), "amount", "amount_both", f"{row.amount} / {row.amount_out}"),
        (amount is None, "amount", "amount_invalid", row.sum_text),
        (amount is not None and amount.fen <= 0, "amount", "amount_not_positive", row.sum_text),
        (bool(row.balance.strip()) and _amount(row.balance) is None, "balance", "amount_invalid", row.balance),
        (not row.bank_serial, "bank_serial", "serial_missing", ""),
        (len(row.bank_serial) > SERIAL_MAX, "bank_serial", "serial_too_long", row.bank_serial[:20]),
        (bool(excel.judge_cell(row.bank_serial, row.is_serial_number)), "bank_serial", "number_rounded", row.bank_serial),
        (_is_spoiled_account(row), "payer_account", "number_rounded", ""),
        ((row.bank_serial, row.is_out) in seen, "bank_serial", "serial_twice", row.bank_serial),
    ]
    return next((RowFault(row.number, column, code, given) for wrong, column, code, given in checks if wrong), None)


def _has_both(row: RawRow) -> bool:
    sums = [_amount(text) for text in (row.amount, row.amount_out) if text.strip()]
    return len([found for found in sums if found]) == 2


def _is_spoiled_account(row: RawRow) -> bool:
    """A number cell, scientific notation, or (in a CSV that a spreadsheet saved) a card rounded to fifteen digits."""
    is_rounded = row.payer_account.startswith(bank_card.UNIONPAY) and bank_card.EXCEL_ROUNDED in bank_card.judge(row.payer_account).errors
    return is_rounded or bool(excel.judge_cell(row.payer_account, row.is_account_number))


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


@dataclass(frozen=True, slots=True)
class DayBalance:
    """What stood on an account before and after one day of a statement."""

    on: date
    opening: Money
    closing: Money


def day_balances(rows: list[Receipt]) -> list[DayBalance]:
    """From the balance column, day by day; a file that lists the newest first is read from its end. None without the column."""
    if not rows or any(row.balance is None for row in rows):
        return []
    ordered = rows[::-1] if _is_newest_first(rows) else rows
    days: dict[date, list[Receipt]] = {}
    for row in ordered:
        days.setdefault(row.value_on, []).append(row)
    return [
        DayBalance(day, found[0].balance - found[0].signed, found[-1].balance)  # type: ignore[operator, arg-type]
        for day, found in sorted(days.items())
    ]


def _is_newest_first(rows: list[Receipt]) -> bool:
    first, last = rows[0], rows[-1]
    if first.value_on != last.value_on:
        return first.value_on > last.value_on
    pairs = list(zip(rows, rows[1:], strict=False))
    def follow(a: Receipt, b: Receipt) -> bool:
        return a.balance is not None and a.balance + b.signed == b.balance

    return sum(follow(b, a) for a, b in pairs) > sum(follow(a, b) for a, b in pairs)
