"""Files of an old book as rows: a workbook with a sheet each, or a CSV each, told apart by their headings."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from python_calamine import CalamineError, CalamineWorkbook

from chezhe.takeover.layout import SHEETS, headings
from chezhe.takeover.rules import Fault, Line

_NO_NUMBERS: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Raw:
    """A row of a table as it stands in the file, and which of its cells are numbers."""

    number: int
    cells: Sequence[str]
    numbers: frozenset[int] = _NO_NUMBERS


def lines_of(content: bytes, name: str, faults: list[Fault]) -> Iterator[Line]:
    """The rows of every table in the file that we know; what is wrong with a table as a whole is a fault of row 1."""
    if content[:2] == b"PK":
        tables = _workbook(content)
    else:
        tables = [(name, _csv(content))]
    known = 0
    for title, rows in tables:
        rest = iter(rows)
        first = next(rest, None)
        sheet = _sheet_of(first) if first else None
        if first is None or sheet is None:
            if first is not None and len([cell for cell in first.cells if cell]) > 2:
                faults.append(Fault("file", 1, "", "table_unknown", title[:60]))
            continue
        known += 1
        yield from _lines(sheet, first, rest, faults)
    if not known:
        faults.append(Fault("file", 1, "", "file_without_table", name[:60]))


def _sheet_of(first: Raw) -> str | None:
    """The sheet most of whose needed headings stand in the first row; none when fewer than half do."""
    given = [_heading(cell) for cell in first.cells]

    def fit(name: str) -> float:
        found = {headings(name)[cell] for cell in given if cell in headings(name)}
        needed = SHEETS[name].required
        return len(found & set(needed)) / len(needed)

    best = max(SHEETS, key=fit)
    return best if fit(best) > 0.5 else None


def _lines(sheet: str, first: Raw, rest: Iterable[Raw], faults: list[Fault]) -> Iterator[Line]:
    known = headings(sheet)
    places = [(place, known[_heading(cell)]) for place, cell in enumerate(first.cells) if _heading(cell) in known]
    found = {name for _place, name in places}
    for name in SHEETS[sheet].required:
        if name not in found:
            faults.append(Fault(sheet, 1, name, "column_missing"))
    for row in rest:
        width = len(row.cells)
        texts = {name: row.cells[place] for place, name in places if place < width}
        if any(texts.values()):
            numbers = frozenset(name for place, name in places if place in row.numbers) if row.numbers else frozenset()
            yield Line(sheet, row.number, texts, numbers)


def _heading(cell: str) -> str:
    return cell.replace(" ", "").replace("*", "").lower()


def _workbook(content: bytes) -> list[tuple[str, Iterable[Raw]]]:
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(content))
    except (CalamineError, ValueError):
        return []
    return [(name, _rows(book.get_sheet_by_name(name).to_python(skip_empty_area=False))) for name in book.sheet_names]


def _rows(lines: Iterable[Sequence[object]]) -> Iterator[Raw]:
    for number, line in enumerate(lines, start=1):
        numbers = frozenset(place for place, value in enumerate(line) if isinstance(value, int | float) and not isinstance(value, bool))
        yield Raw(number, [_text(value) for value in line], numbers)


def _text(value: object) -> str:
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() else repr(value)
    if isinstance(value, datetime | date):
        return value.isoformat()[:10]
    return str(value).strip()


def _csv(content: bytes) -> Iterator[Raw]:
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        # A spreadsheet leaves a number alone behind an apostrophe or a tab.
        for number, line in enumerate(csv.reader(io.StringIO(text)), start=1):
            yield Raw(number, [cell.strip().lstrip("\t'") for cell in line])
        return
