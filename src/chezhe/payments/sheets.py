"""The template that people fill in, and the rows they must correct."""

from __future__ import annotations

import io
from typing import Any

from django.utils.translation import gettext as _
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter

from chezhe.payments.queries import Preview
from chezhe.payments.vendors.bank.statement import COLUMNS
from chezhe.payments.vocabulary import COLUMN_LABELS, fault_sentence
from chezhe.ui import exports
from chezhe.ui.columns import Column

EMPTY_ROWS = 200


def template() -> bytes:
    """An XLSX whose columns are text already, so that no long number loses its last digits."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet(_("银行流水"))
    headings = [accepted[0] for accepted in COLUMNS.values()]
    for place in range(1, len(headings) + 1):
        sheet.column_dimensions[get_column_letter(place)].width = 24
    sheet.append([_text(sheet, heading, bold=True) for heading in headings])
    for _row in range(EMPTY_ROWS):
        sheet.append([_text(sheet, "") for _heading in headings])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _text(sheet: Any, text: str, *, bold: bool = False) -> WriteOnlyCell:
    cell = WriteOnlyCell(sheet, value=text)
    cell.number_format = "@"
    cell.font = Font(bold=bold)
    return cell


def error_rows(preview: Preview) -> bytes:
    """The rows that could not be read, with what is wrong, as CSV: correct them and import them again."""
    columns = [
        Column("number", _("行号")), *(Column(name, COLUMN_LABELS[name], kind="identifier") for name in COLUMNS),
        Column("fault", _("错误")),
    ]
    rows = []
    for fault in preview.faults:
        raw = preview.rows[fault.row_number]
        rows.append({"number": raw.number, **{name: getattr(raw, name) for name in COLUMNS}, "fault": fault_sentence(fault)})
    return exports.as_csv(columns, rows)
