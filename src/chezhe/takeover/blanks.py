"""The templates that people fill in: a workbook with every sheet, or a CSV each, with one loan as an example."""

from __future__ import annotations

import csv
import io
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter

from chezhe.takeover.layout import SHEETS, Sheet
from chezhe.takeover.seeds import SAMPLES

EMPTY_ROWS = 100


def workbook() -> bytes:
    """Columns are text already, so that no long number loses its last digits; needed ones have a star."""
    book = Workbook(write_only=True)
    for sheet in SHEETS.values():
        page = book.create_sheet(str(sheet.title))
        page.freeze_panes = "A2"
        for place in range(1, len(sheet.columns) + 1):
            page.column_dimensions[get_column_letter(place)].width = 20
        page.append([_text(page, heading, bold=True) for heading in _headings(sheet)])
        page.append([_text(page, cell) for cell in _sample(sheet)])
        for _row in range(EMPTY_ROWS):
            page.append([_text(page, "") for _column in sheet.columns])
    about = book.create_sheet(pgettext("sheet", "说明"))
    about.column_dimensions["A"].width, about.column_dimensions["B"].width = 16, 100
    for sheet in SHEETS.values():
        about.append([_text(about, str(sheet.title)), _text(about, str(sheet.about))])
    about.append([_text(about, "*"), _text(about, _("带星号的列必填。第二行是示例，请删除。"))])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def table(name: str) -> bytes:
    """One sheet as CSV; KeyError for a sheet that is not there."""
    sheet, out = SHEETS[name], io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(_headings(sheet))
    writer.writerow(_sample(sheet))
    return ("\ufeff" + out.getvalue()).encode()


def _headings(sheet: Sheet) -> list[str]:
    return [f"{column.label}{'*' if column.is_required else ''}" for column in sheet.columns]


def _sample(sheet: Sheet) -> list[str]:
    return [SAMPLES[sheet.name].get(column.name, "") for column in sheet.columns]


def _text(page: Any, text: str, *, bold: bool = False) -> WriteOnlyCell:
    cell = WriteOnlyCell(page, value=text)
    cell.number_format = "@"
    cell.font = Font(bold=bold)
    return cell
