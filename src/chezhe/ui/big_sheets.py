"""Workbooks of any length: rows go to the file as they come, so that a hundred thousand need no more memory than ten.

XlsxWriter lets go of each row when the next one begins; openpyxl makes an object of every cell.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, time
from typing import IO, Any

from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from chezhe.ui.exports import harmless

ROWS_MAX = 1_000_000
"""Lines of one sheet; a spreadsheet takes 1,048,576."""
TEXT, MONEY, DAY = "text", "money", "date"
_WIDTHS = {TEXT: 24, MONEY: 16, DAY: 16}


@dataclass(frozen=True, slots=True)
class Sheet:
    """A titled sheet: heads with the kind of their cells (money in fen), and rows of as many values; None leaves a cell empty."""

    title: str
    heads: Sequence[tuple[str, str]]
    rows: Iterable[Sequence[Any]]


def write(sheets: Iterable[Sheet]) -> IO[bytes]:
    """The workbook as a file to be read from its beginning; it is gone when it is closed."""
    out, names = tempfile.TemporaryFile(), list[str]()
    with Workbook(out, {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}) as book:
        bold = book.add_format({"bold": True})
        forms = {TEXT: None, MONEY: book.add_format({"num_format": "#,##0.00"}), DAY: book.add_format({"num_format": "yyyy-mm-dd"})}
        for sheet in sheets:
            names.append(_sheet_name(sheet.title, names))
            _fill(book.add_worksheet(names[-1]), sheet, forms, bold)
    out.seek(0)
    return out


def _fill(page: Worksheet, sheet: Sheet, forms: dict[str, Format | None], bold: Format) -> None:
    kinds = [kind for _, kind in sheet.heads]
    page.freeze_panes(1, 0)
    for at, (label, kind) in enumerate(sheet.heads):
        page.set_column(at, at, _WIDTHS[kind])
        page.write_string(0, at, str(label), bold)
    for number, row in enumerate(sheet.rows, start=1):
        for at, (kind, value) in enumerate(zip(kinds, row, strict=True)):
            if value is None:
                continue
            if kind == MONEY:
                page.write_number(number, at, value / 100, forms[kind])
            elif kind == DAY:
                page.write_datetime(number, at, datetime.combine(value, time()), forms[kind])
            else:
                page.write_string(number, at, harmless(str(value)))


def _sheet_name(title: str, taken: Sequence[str]) -> str:
    plain = "".join(c for c in title if c not in "[]:*?/\\'")[:31] or "1"
    return plain if plain not in taken else f"{plain[:27]} {len(taken) + 1}"
