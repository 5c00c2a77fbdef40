"""Workbooks of any length: rows go to the file as they come, so that a hundred thousand need no more memory than ten.

The XML is written here and not by openpyxl, whose cells are objects: a year of the journal takes seconds instead of minutes. The
workbook has one style for each kind of cell and keeps all text inside the cells (no shared strings).
"""

from __future__ import annotations

import tempfile
import zipfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import IO, Any
from xml.sax.saxutils import escape

from openpyxl.utils import get_column_letter

from chezhe.ui.exports import harmless

ROWS_MAX = 1_000_000
"""Lines of one sheet; a spreadsheet takes 1,048,576."""
TEXT, MONEY, DAY = "text", "money", "date"
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_CONTENT = "application/vnd.openxmlformats-officedocument"
_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_STYLES = (
    f'{_HEAD}<styleSheet xmlns="{_MAIN}"><numFmts count="2"><numFmt numFmtId="164" formatCode="#,##0.00"/>'
    '<numFmt numFmtId="165" formatCode="yyyy-mm-dd"/></numFmts>'
    '<fonts count="2"><font><sz val="11"/></font><font><b/><sz val="11"/></font></fonts>'
    '<fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill></fills>'
    '<borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders><cellStyleXfs count="1"><xf/></cellStyleXfs>'
    '<cellXfs count="4"><xf/><xf numFmtId="164" applyNumberFormat="1"/><xf numFmtId="165" applyNumberFormat="1"/>'
    '<xf fontId="1" applyFont="1"/></cellXfs>'
    '<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>'
)
_MONEY_STYLE, _DAY_STYLE, _BOLD = 1, 2, 3
_EPOCH = date(1899, 12, 30).toordinal()


@dataclass(frozen=True, slots=True)
class Sheet:
    """A titled sheet: heads with the kind of their cells (money in fen), and rows of as many values; None leaves a cell empty."""

    title: str
    heads: Sequence[tuple[str, str]]
    rows: Iterable[Sequence[Any]]


def write(sheets: Iterable[Sheet]) -> IO[bytes]:
    """The workbook as a file to be read from its beginning; it is gone when it is closed."""
    out = tempfile.TemporaryFile()
    names: list[str] = []
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as book:
        for sheet in sheets:
            names.append(_sheet_name(sheet.title, names))
            with book.open(f"xl/worksheets/sheet{len(names)}.xml", "w", force_zip64=True) as part:
                for text in _sheet(sheet):
                    part.write(text.encode())
        for place, text in _frame(names).items():
            book.writestr(place, text)
    out.seek(0)
    return out


def _sheet(sheet: Sheet) -> Iterable[str]:
    kinds = [kind for _, kind in sheet.heads]
    widths = ((at, 24 if kind == TEXT else 16) for at, kind in enumerate(kinds, 1))
    columns = "".join(f'<col min="{at}" max="{at}" width="{width}" customWidth="1"/>' for at, width in widths)
    yield (f'{_HEAD}<worksheet xmlns="{_MAIN}"><sheetViews><sheetView workbookViewId="0"><pane ySplit="1" topLeftCell="A2" '
           f'activePane="bottomLeft" state="frozen"/></sheetView></sheetViews><cols>{columns}</cols><sheetData>')
    letters = [get_column_letter(at) for at in range(1, len(kinds) + 1)]
    yield _row(1, letters, [TEXT] * len(kinds), [str(label) for label, _ in sheet.heads], _BOLD)
    for number, row in enumerate(sheet.rows, start=2):
        yield _row(number, letters, kinds, row, 0)
    yield "</sheetData></worksheet>"


def _row(number: int, letters: Sequence[str], kinds: Sequence[str], row: Sequence[Any], style: int) -> str:
    told = zip(letters, kinds, row, strict=True)
    cells = [_cell(f"{letter}{number}", kind, value, style) for letter, kind, value in told if value is not None]
    return f'<row r="{number}">{"".join(cells)}</row>'


def _cell(place: str, kind: str, value: Any, style: int) -> str:
    if kind == MONEY:
        sign, fen = ("-", -value) if value < 0 else ("", value)
        return f'<c r="{place}" s="{_MONEY_STYLE}"><v>{sign}{fen // 100}.{fen % 100:02d}</v></c>'
    if kind == DAY:
        return f'<c r="{place}" s="{_DAY_STYLE}"><v>{value.toordinal() - _EPOCH}</v></c>'
    return f'<c r="{place}" t="inlineStr" s="{style}"><is><t xml:space="preserve">{escape(harmless(str(value)))}</t></is></c>'


def _sheet_name(title: str, taken: Sequence[str]) -> str:
    plain = "".join(c for c in title if c not in "[]:*?/\\'")[:31] or "1"
    return plain if plain not in taken else f"{plain[:27]} {len(taken) + 1}"


def _frame(names: Sequence[str]) -> dict[str, str]:
    """What a workbook needs beside its sheets."""
    sheets = "".join(f'<sheet name="{escape(name)}" sheetId="{at}" r:id="rId{at}"/>' for at, name in enumerate(names, 1))
    places = range(1, len(names) + 1)
    related = "".join(f'<Relationship Id="rId{at}" Type="{_RELATIONS}/worksheet" Target="worksheets/sheet{at}.xml"/>' for at in places)
    parts = [("workbook", "sheet.main"), ("styles", "styles"), *((f"worksheets/sheet{at}", "worksheet") for at in places)]
    kinds = "".join(f'<Override PartName="/xl/{part}.xml" ContentType="{_CONTENT}.spreadsheetml.{kind}+xml"/>' for part, kind in parts)
    return {
        "[Content_Types].xml": f'{_HEAD}<Types xmlns="{_PACKAGE}/content-types"><Default Extension="rels" '
        f'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>{kinds}</Types>',
        "_rels/.rels": f'{_HEAD}<Relationships xmlns="{_PACKAGE}/relationships"><Relationship Id="rId1" Type="{_RELATIONS}/officeDocument" '
        'Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'{_HEAD}<workbook xmlns="{_MAIN}" xmlns:r="{_RELATIONS}"><sheets>{sheets}</sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'{_HEAD}<Relationships xmlns="{_PACKAGE}/relationships">{related}<Relationship Id="rId0" '
        f'Type="{_RELATIONS}/styles" Target="styles.xml"/></Relationships>',
        "xl/styles.xml": _STYLES,
    }
