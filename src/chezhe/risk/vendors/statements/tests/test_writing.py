"""Files of four banks: each in its own order and hand, none losing a fen."""

from __future__ import annotations

import csv
import io
from datetime import date

import pytest
from pypdf import PdfReader
from python_calamine import CalamineWorkbook

from chezhe.invented import person
from chezhe.invented.statements import account_number, lines
from chezhe.risk.vendors.statements.writing import BANKS, Holder, grid_of, write

LIFE = person("440305197808080026")
FIRST, LAST = date(2025, 12, 1), date(2026, 2, 28)
AMOUNTS = {"icbc": 8, "abc": 3, "boc": 3, "ccb": 5}
every_bank = pytest.mark.parametrize("bank", BANKS)


def _holder(bank: str) -> Holder:
    return Holder(LIFE.name, account_number(LIFE, bank), FIRST, LAST)


def _fen(cell: str) -> int:
    return int(cell.strip().replace(",", "").replace(".", "").replace("+", ""))


@every_bank
def test_every_line_stands_there_once_to_the_fen(bank: str) -> None:
    found = lines(LIFE, account_number(LIFE, bank), FIRST, LAST)
    grid = grid_of(bank, _holder(bank), found)
    at = grid.index(list(BANKS[bank].headings))
    shown = [_fen(row[AMOUNTS[bank]]) for row in grid[at + 1 : -1]]
    assert sorted(shown) == sorted(entry.amount_fen for entry in found)
    assert shown == [entry.amount_fen for entry in (reversed(found) if BANKS[bank].is_newest_first else found)]
    assert all(len(row) == len(BANKS[bank].headings) for row in grid[at + 1 : -1])


@every_bank
@pytest.mark.parametrize("encoding", ["gbk", "utf-8-sig", "utf-8"])
def test_a_csv_reads_back_in_both_writings(bank: str, encoding: str) -> None:
    found = lines(LIFE, account_number(LIFE, bank), FIRST, LAST)
    data = write(bank, _holder(bank), found, "csv", encoding=encoding)
    rows = [[cell.strip("\t") for cell in row] for row in csv.reader(io.StringIO(data.decode(encoding), newline=""))]
    assert rows == grid_of(bank, _holder(bank), found)


@every_bank
def test_a_workbook_keeps_long_digits(bank: str) -> None:
    found = lines(LIFE, account_number(LIFE, bank), FIRST, LAST)
    sheet = CalamineWorkbook.from_filelike(io.BytesIO(write(bank, _holder(bank), found, "xlsx"))).get_sheet_by_index(0).to_python()
    cells = {str(cell) for row in sheet for cell in row}
    assert any(account_number(LIFE, bank) in cell for cell in cells) and len(sheet) == len(grid_of(bank, _holder(bank), found))


@every_bank
def test_a_pdf_prints_every_page_with_its_heading(bank: str) -> None:
    found = lines(LIFE, account_number(LIFE, bank), FIRST, LAST)
    reader = PdfReader(io.BytesIO(write(bank, _holder(bank), found, "pdf")))
    assert len(reader.pages) > 1
    assert all(BANKS[bank].headings[0] in page.extract_text() for page in reader.pages)


def test_the_four_differ_in_order_day_and_sign() -> None:
    found = lines(LIFE, account_number(LIFE, "icbc"), FIRST, LAST)
    written = {bank: grid_of(bank, _holder(bank), found) for bank in BANKS}
    assert len({tuple(grid[-2]) for grid in written.values()}) == 4
    assert {how.is_newest_first for how in BANKS.values()} == {True, False} and {how.encoding for how in BANKS.values()} == {"gbk", "utf-8-sig"}


def test_an_empty_statement_is_still_a_statement() -> None:
    assert "合计 0 笔" in write("icbc", _holder("icbc"), []).decode("gbk")
