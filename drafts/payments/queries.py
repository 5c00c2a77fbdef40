"""What the bank's files and payouts look like to people."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from chezhe.finmath.money import Money
from chezhe.kernel import tables
from chezhe.payments import rules
from chezhe.payments.models import BankLine

COLUMNS = {
    "value_on": ["交易日期", "入账日期", "日期", "Date"],
    "amount": ["金额", "收入金额", "贷方发生额", "Amount"],
    "bank_serial": ["流水号", "交易流水号", "交易序号", "Serial"],
    "payer_name": ["付款人", "对方户名", "Payer"],
    "payer_account": ["付款账号", "对方账号", "Payer account"],
    "memo": ["附言", "摘要", "用途", "Memo"],
}
REQUIRED = ("value_on", "amount", "bank_serial")


@dataclass(frozen=True, slots=True)
class Preview:
    """A dry run: what would be booked, what is wrong, and what an earlier file brought already."""

    receipts: list[rules.Receipt]
    faults: list[rules.RowFault]
    known_serials: set[str]

    @property
    def amount(self) -> Money:
        return Money(sum(receipt.amount.fen for receipt in self.receipts))


def preview(content: bytes, *, on: date) -> Preview:
    """Read a statement without writing anything. Raises TableUnreadable, TableTooLarge, ColumnsMissing (422)."""
    rows = [_raw(row) for row in tables.read(content, COLUMNS, REQUIRED)]
    receipts, faults = rules.read_rows(rows, not_after=on)
    serials = [receipt.bank_serial for receipt in receipts]
    known = set(BankLine.objects.filter(bank_serial__in=serials).values_list("bank_serial", flat=True))
    return Preview(receipts, faults, known)


def _raw(row: tables.Row) -> rules.RawRow:
    def is_number(column: str) -> bool:
        return column in row.cells and row.cells[column].is_number

    return rules.RawRow(
        number=row.number, is_serial_number=is_number("bank_serial"), is_account_number=is_number("payer_account"),
        **{column: row.text(column) for column in COLUMNS},
    )
