"""Read a table that somebody made in Excel, WPS or a bank's export: CSV (UTF-8 or GB18030) or XLSX."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.utils.translation import gettext_lazy as _
from python_calamine import CalamineError, CalamineWorkbook

from chezhe.kernel.errors import BusinessError

ROWS_MAX = 20_000
BYTES_MAX = 20 * 1024 * 1024
_HEADER_SEARCH = 20  # banks put their own letterhead above the table


class TableUnreadable(BusinessError):
    code = "table_unreadable"
    http_status = 422
    field = "file"
    sentence = _("无法读取这个文件：须为 .xlsx，或 UTF-8、GB18030 编码的 .csv。")


class TableTooLarge(BusinessError):
    code = "table_too_large"
    http_status = 422
    field = "file"
    sentence = _("文件超过 %(limit)s，请拆分后分次导入。")


class ColumnsMissing(BusinessError):
    code = "columns_missing"
    http_status = 422
    field = "file"
    sentence = _("没有找到表头列：%(missing)s。请使用下载的模板，不要改动表头。")


@dataclass(frozen=True, slots=True)
class Cell:
    """`is_number` tells that the file holds a number, so that long identifiers may have lost digits."""

    text: str
    is_number: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table; `number` is the line as the spreadsheet shows it."""

    number: int
    cells: Mapping[str, Cell]

    def text(self, column: str) -> str:
        return self.cells[column].text if column in self.cells else ""


def read(content: bytes, columns: Mapping[str, Sequence[str]], required: Iterable[str]) -> list[Row]:
    """The rows under the header line, by our column names.

    `columns` maps our name to the headings accepted for it. Raises TableUnreadable, TableTooLarge or
    ColumnsMissing (all 422); an empty table gives an empty list.
    """
    cells = grid(content)
    header_at, places = _find_header(cells, columns, set(required))
    rows = [
        Row(number, {name: line[place] for name, place in places.items() if place < len(line)})
        for number, line in enumerate(cells[header_at + 1 :], start=header_at + 2)
        if any(cell.text for cell in line)
    ]
    if len(rows) > ROWS_MAX:
        raise TableTooLarge(limit=_("%(rows)s 行") % {"rows": f"{ROWS_MAX:,}"})
    return rows


def grid(content: bytes) -> list[list[Cell]]:
    """Every cell of the first sheet or of a CSV, line by line. Raises TableUnreadable or TableTooLarge (422)."""
    if len(content) > BYTES_MAX:
        raise TableTooLarge(limit="20 MB")
    return _xlsx(content) if content[:2] == b"PK" else _csv(content)


def _xlsx(content: bytes) -> list[list[Cell]]:
    try:
        workbook = CalamineWorkbook.from_filelike(io.BytesIO(content))
        lines = workbook.get_sheet_by_index(0).to_python(skip_empty_area=False)
    except (CalamineError, IndexError, ValueError) as failure:
        raise TableUnreadable() from failure
    return [[_cell(value) for value in line] for line in lines]


def _cell(value: object) -> Cell:
    if isinstance(value, bool):
        return Cell(str(value))
    if isinstance(value, int | float):
        whole = isinstance(value, float) and value.is_integer()
        return Cell(str(int(value)) if whole else repr(value), is_number=True)
    if isinstance(value, datetime | date):
        return Cell(value.isoformat()[:10])
    return Cell(str(value).strip())


def _csv(content: bytes) -> list[list[Cell]]:
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            text = content.decode(encoding)
            break
        except UnicodeDecodeError:
            continue
    else:
        raise TableUnreadable()
    if "\x00" in text:
        raise TableUnreadable()
    try:
        # Banks end an account number with a tab so that Excel leaves it alone.
        return [[Cell(field.strip().lstrip("\t'")) for field in line] for line in csv.reader(io.StringIO(text))]
    except csv.Error as failure:
        raise TableUnreadable() from failure


def _find_header(
    grid: list[list[Cell]], columns: Mapping[str, Sequence[str]], required: set[str]
) -> tuple[int, dict[str, int]]:
    best: dict[str, int] = {}
    for at, line in enumerate(grid[:_HEADER_SEARCH]):
        headings = {cell.text.replace(" ", ""): place for place, cell in enumerate(line)}
        places = {name: headings[h] for name, accepted in columns.items() for h in accepted if h in headings}
        if required <= set(places):
            return at, places
        best = places if len(places) > len(best) else best
    raise ColumnsMissing(missing="、".join(columns[name][0] for name in columns if name in required - set(best)))
