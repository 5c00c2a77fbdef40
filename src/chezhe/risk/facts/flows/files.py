"""From a file to a grid of cells: CSV as banks write it, workbooks, and tables printed into a PDF.

The documents room has judged the file before: no macros, no bombs, nothing that acts.
"""

from __future__ import annotations

import io
from bisect import bisect_right
from collections.abc import Sequence
from datetime import datetime
from itertools import pairwise
from typing import Any

from pypdf import PdfReader
from pypdf.errors import PyPdfError
from python_calamine import CalamineError, CalamineWorkbook

from chezhe.kernel import tables
from chezhe.risk.facts.flows.reading import NotAFlow
from chezhe.risk.vendors.statements import layouts

Grid = list[list[str]]
PAGES_MAX = 200
_SAME_LINE = 2.5
"""Points: fragments of one line of print differ by less."""


def grid_of(data: bytes, kind: str) -> Grid:
    """The cells of a file of one kind (csv, xlsx, pdf). Raises NotAFlow when it cannot be opened."""
    return _READERS[kind](data)


def _csv(data: bytes) -> Grid:
    try:
        return [[cell.text for cell in line] for line in tables.grid(data)]
    except tables.TableUnreadable:
        raise NotAFlow("unreadable") from None


def _xlsx(data: bytes) -> Grid:
    """The first sheet that holds a statement; else the first."""
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(data))
        sheets = [book.get_sheet_by_index(at).to_python(skip_empty_area=False) for at in range(min(len(book.sheet_names), 10))]
    except (CalamineError, IndexError, ValueError):
        raise NotAFlow("unreadable") from None
    grids = [[[_text(value) for value in line] for line in sheet] for sheet in sheets]
    return next((grid for grid in grids if layouts.find_header(grid)), grids[0] if grids else [])


def _text(value: Any) -> str:
    if isinstance(value, datetime):
        return value.strftime("%Y-%m-%d %H:%M:%S")
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() else repr(value)
    return str(value).strip()


def _pdf(data: bytes) -> Grid:
    """Fragments of text joined to lines by their height, and to cells by the heading they stand under."""
    try:
        reader = PdfReader(io.BytesIO(data), strict=False)
        if len(reader.pages) > PAGES_MAX:
            raise NotAFlow("too_long")
        lines = [line for page in reader.pages for line in _lines_of(page)]
    except (PyPdfError, ValueError, KeyError, TypeError, IndexError, AttributeError, RecursionError) as failure:
        if isinstance(failure, NotAFlow):
            raise
        raise NotAFlow("unreadable") from None
    return _under_headings(lines)


Fragment = tuple[float, str]


def _lines_of(page: Any) -> list[list[Fragment]]:
    """Lines of a page from the top, each with its fragments from the left."""
    found: list[tuple[float, float, str]] = []

    def visit(text: str, cm: Sequence[float], tm: Sequence[float], *_rest: Any) -> None:
        if text.strip():
            across = tm[4] * cm[0] + tm[5] * cm[2] + cm[4]
            up = tm[4] * cm[1] + tm[5] * cm[3] + cm[5]
            found.append((up, across, text.strip()))

    page.extract_text(visitor_text=visit)
    found.sort(key=lambda one: (-one[0], one[1]))
    lines: list[list[Fragment]] = []
    height = None
    for up, across, text in found:
        if height is None or height - up > _SAME_LINE:
            lines.append([])
            height = up
        lines[-1].append((across, text))
    return [sorted(line) for line in lines]


def _under_headings(lines: Sequence[Sequence[Fragment]]) -> Grid:
    """Every line behind a heading line is cut where the headings' middles are; what stands before it stays as it is."""
    grid: Grid = []
    cuts: list[float] = []
    for line in lines:
        words = [text for _across, text in line]
        if layouts.find_header([words]):
            cuts = [(left + right) / 2 for (left, _), (right, _) in pairwise(line)]
        if not cuts:
            grid.append(words)
            continue
        cells = [""] * (len(cuts) + 1)
        for across, text in line:
            place = bisect_right(cuts, across)
            cells[place] = f"{cells[place]} {text}".strip()
        grid.append(cells)
    return grid


_READERS = {"csv": _csv, "xlsx": _xlsx, "pdf": _pdf}
