"""The journal line by line and every account's statement, read back from the workbooks."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from openpyxl import load_workbook

from chezhe.finmath.transfers import Transfer
from chezhe.kernel.actor import SYSTEM
from chezhe.kernel.errors import Invalid
from chezhe.ledger import chart, daybook, queries, steps
from chezhe.ledger.daybook import DaybookTooLong
from chezhe.ui import big_sheets
from chezhe.ui.big_sheets import DAY, MONEY, TEXT, Sheet

FIRST, LAST = date(2026, 5, 1), date(2026, 5, 31)


def post(on: date, reference: str, *moved: tuple[str, str, int], memo: str = "") -> None:
    transfers = [Transfer(debit, credit, fen, "loan:L26-000001-6") for debit, credit, fen in moved]
    steps.post(event="repayment", reference=reference, transfers=transfers, on=on, branch_id=None, memo=memo, by=SYSTEM)


@pytest.fixture
def books(db: Any) -> None:
    post(date(2026, 4, 30), "a", (chart.BANK, chart.LOAN_PRINCIPAL, 100_00))
    post(date(2026, 5, 2), "b", (chart.BANK, chart.LOAN_PRINCIPAL, 234_05), (chart.BANK, chart.INTEREST_RECEIVABLE, 1), memo="=HYPERLINK(1)")
    post(date(2026, 5, 31), "c", (chart.LOAN_PRINCIPAL, chart.BANK, 50_00), memo="退回 <b>&")
    post(date(2026, 6, 1), "d", (chart.BANK, chart.LOAN_PRINCIPAL, 999_00))


def rows_of(book: Any, at: int = 0) -> list[tuple[Any, ...]]:
    return list(book.worksheets[at].iter_rows(values_only=True))


def test_every_line_of_the_period_stands_in_posting_order_and_both_sides_agree(books: None) -> None:
    made = daybook.daybook(FIRST, LAST, SYSTEM)
    heads, *lines, total = rows_of(load_workbook(made.file))
    assert made.lines == len(lines) == 6 and heads[:2] == ("记账日期", "凭证号")
    assert [(row[0].date(), row[4], row[7], row[8]) for row in lines[:2]] == [
        (date(2026, 5, 2), chart.BANK, 234.05, None), (date(2026, 5, 2), chart.LOAN_PRINCIPAL, None, 234.05)]
    assert lines[0][3] == "'=HYPERLINK(1)" and lines[-1][3] == "退回 <b>&" and lines[0][6] == "loan:L26-000001-6"
    debit, credit = (sum(Decimal(str(row[side] or 0)) for row in lines) for side in (7, 8))
    assert debit == credit == Decimal(str(total[7])) == Decimal(str(total[8])) == Decimal("284.06")


def test_each_account_that_moved_has_a_sheet_from_opening_to_closing(books: None) -> None:
    book = load_workbook(daybook.statements(FIRST, LAST, SYSTEM).file)
    by_code = {sheet.title.split()[0]: list(sheet.iter_rows(min_row=2, values_only=True)) for sheet in book.worksheets}
    assert set(by_code) == {chart.BANK, chart.LOAN_PRINCIPAL, chart.INTEREST_RECEIVABLE}
    for code, rows in by_code.items():
        assert rows[-1][9] == pytest.approx(float(queries.balance(code, on=LAST).fen) / 100)
    bank = by_code[chart.BANK]
    assert [row[9] for row in bank] == [100, 334.05, 334.06, 284.06, 284.06] and bank[-1][7:9] == (234.06, 50)


def test_what_is_refused_and_a_period_of_nothing(books: None, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(Invalid):
        daybook.daybook(LAST, FIRST, SYSTEM)
    empty = daybook.statements(date(2027, 1, 1), date(2027, 1, 31), SYSTEM)
    assert len(load_workbook(empty.file).worksheets) == 1
    monkeypatch.setattr(big_sheets, "ROWS_MAX", 5)
    with pytest.raises(DaybookTooLong):
        daybook.statements(FIRST, LAST, SYSTEM)


def test_a_hundred_thousand_rows_go_through() -> None:
    rows = ((FIRST, f"J26-{at}", at * 100 + 5) for at in range(100_000))
    book = load_workbook(big_sheets.write([Sheet("序时账", [("日", DAY), ("号", TEXT), ("额", MONEY)], rows)]), read_only=True)
    *_rows, last = book.worksheets[0].iter_rows(values_only=True)
    assert (last[0].date(), last[1], last[2]) == (FIRST, "J26-99999", 99999.05)
