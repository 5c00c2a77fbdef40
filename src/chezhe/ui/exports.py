"""A list as CSV or XLSX. No cell can become a formula (TRUST.md T17); numbers of people and cars stay text."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter

from chezhe.ui import formats
from chezhe.ui.columns import Column

# A spreadsheet reads a cell that begins so as a formula; also behind blanks, and as full-width twins.
_DANGEROUS = tuple("=+-@\t\r\n\uff1d\uff0b\uff0d\uff20")
_BLANK = " \u00a0\u3000\u200b\ufeff"
_CONTROL = dict.fromkeys([c for c in range(32) if c not in (9, 10, 13)], None)
_FORMATS = {"money": "#,##0.00", "rate": "0.00%", "number": "#,##0", "date": "yyyy-mm-dd", "moment": "yyyy-mm-dd hh:mm"}


def harmless(text: str) -> str:
    """The same words with an apostrophe before anything a spreadsheet could run, in every line of the cell."""
    text = text.translate(_CONTROL)
    if text.startswith(("\t", "\r", "\n")):
        text = "'" + text
    lines = text.splitlines(keepends=True)
    return "".join("'" + line if line.lstrip(_BLANK).startswith(_DANGEROUS) else line for line in lines)


def as_csv(columns: Sequence[Column], rows: Iterable[Any]) -> bytes:
    """UTF-8 with a byte-order mark, so that Excel and WPS read the Chinese; amounts as plain decimals."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow([harmless(str(c.label)) for c in columns])
    for row in rows:
        writer.writerow([_csv_cell(c, c.raw(row)) for c in columns])
    return ("\ufeff" + out.getvalue()).encode()


def _csv_cell(column: Column, raw: Any) -> str:
    if raw is None or raw == "":
        return ""
    if column.kind == "money":
        return formats.yuan(raw)
    if column.kind in ("number", "rate"):
        return f"{Decimal(str(raw)):f}"
    text = column.text(raw)
    if column.kind == "identifier" and text.isdigit() and len(text) > 11:
        # Excel keeps 15 digits of a number; a leading tab-free ="…" would be a formula, so the apostrophe it is.
        return "'" + text
    return harmless(text)


def as_xlsx(columns: Sequence[Column], rows: Iterable[Any], *, title: str, notes: Sequence[tuple[str, str]]) -> bytes:
    """One sheet of rows and one that says who exported what, when, with which filter."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet(_sheet_name(title))
    sheet.freeze_panes = "A2"
    for position, column in enumerate(columns, start=1):
        sheet.column_dimensions[get_column_letter(position)].width = 18 if column.kind != "text" else 24
    sheet.append([_head_cell(sheet, str(c.label)) for c in columns])
    for row in rows:
        sheet.append([_cell(sheet, c, c.raw(row)) for c in columns])
    about = book.create_sheet(_("导出说明"))
    about.column_dimensions["A"].width, about.column_dimensions["B"].width = 16, 80
    for name, text in notes:
        about.append([_text_cell(about, name), _text_cell(about, text)])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _cell(sheet: Any, column: Column, raw: Any) -> Any:
    if raw is None or raw == "":
        return None
    value = _number(column.kind, raw)
    if value is None:
        return _text_cell(sheet, column.text(raw))
    cell = WriteOnlyCell(sheet, value=value)
    cell.number_format = _FORMATS[column.kind]
    return cell


def _number(kind: str, raw: Any) -> Any:
    """What a spreadsheet may calculate with; None for everything that is words."""
    if kind == "money":
        return Decimal(formats.yuan(raw))
    if kind in ("rate", "number"):
        return Decimal(str(raw))
    if kind == "moment" and isinstance(raw, datetime):
        return datetime.fromisoformat(formats.moment(raw))
    if kind == "date" and isinstance(raw, date):
        return date.fromisoformat(formats.day(raw))
    return None


def _text_cell(sheet: Any, text: str) -> Any:
    cell = WriteOnlyCell(sheet, value=harmless(text))
    cell.data_type = "s"
    cell.number_format = "@"
    return cell


def _head_cell(sheet: Any, text: str) -> Any:
    cell = _text_cell(sheet, text)
    cell.font = Font(bold=True)
    cell.alignment = Alignment(vertical="center")
    return cell


def _sheet_name(title: str) -> str:
    return "".join(c for c in title if c not in "[]:*?/\\'")[:31] or "1"
