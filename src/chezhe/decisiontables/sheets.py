"""A table as one XLSX sheet that reads like the printed form, and back without a difference.

    决策表 table      | car age
    命中策略 policy   | FIRST
    类别 kind         | input   | input | output | note
    名称 name         | car_age | usage | ltv    |
    类型 type         | integer | text  | number |
    标题 title        | 车龄
    单位 unit         | month
    取值 values       | one unary test a line, or literals in order of priority
    1                 | < 36    | -     | 0.8    | why

Every cell is written as text (`@`, quoted), so no spreadsheet runs it and none loses a digit. Reading takes no formula, and looks at
the size of the sheet before it is unpacked.
"""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from datetime import date, datetime
from typing import Any

from chezhe.decisiontables.files import from_json
from chezhe.decisiontables.syntax import print_literal
from chezhe.decisiontables.values import COLUMNS_MAX, ROWS_MAX, Table, TableError

# Our word, the Chinese beside it; a reader may write either.
HEAD = {
    "table": "决策表", "policy": "命中策略", "kind": "类别", "name": "名称", "type": "类型", "title": "标题", "unit": "单位",
    "values": "取值",
}  # fmt: skip
KINDS = {"input": "输入", "output": "输出", "note": "备注"}
BYTES_MAX = 4 * 1024 * 1024
UNPACKED_MAX = 40 * 1024 * 1024
HEAD_ROWS_MAX = 20
PLACE = re.compile(rb"""[ \t\r\n]r=["']([A-Z]{0,8})([0-9]{1,12})["']""")
FORMULA = re.compile(rb"<(?:[a-z]{1,8}:)?f[ >/]")


def write_xlsx(table: Table) -> bytes:
    """The sheet of a table; `read_xlsx` gives the same table back."""
    from openpyxl import Workbook  # type: ignore[import-untyped]
    from openpyxl.utils import get_column_letter  # type: ignore[import-untyped]

    book = Workbook(write_only=True)
    sheet = book.create_sheet("table")
    sheet.freeze_panes = f"B{len(HEAD) + 1}"
    columns = (*table.inputs, *table.outputs)
    for place in range(1, len(columns) + 3):
        sheet.column_dimensions[get_column_letter(place)].width = 20
    for key, values in _head(table).items():
        sheet.append([_cell(sheet, text, bold=True) for text in (f"{HEAD[key]} {key}", *values)])
    for number, rule in enumerate(table.rules, 1):
        sheet.append([_cell(sheet, text) for text in (str(number), *rule.when, *rule.then, rule.note)])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _head(table: Table) -> dict[str, list[str]]:
    columns = (*table.inputs, *table.outputs)
    return {
        "table": [table.name],
        "policy": [table.hit_policy.value],
        "kind": [*("input" for _column in table.inputs), *("output" for _column in table.outputs), "note"],
        "name": [column.name for column in columns],
        "type": [column.type.value for column in columns],
        "title": [column.title for column in columns],
        "unit": [column.unit for column in columns],
        "values": ["\n".join(column.values) for column in columns],
    }


def _cell(sheet: Any, text: str, *, bold: bool = False) -> Any:
    from openpyxl.cell import WriteOnlyCell  # type: ignore[import-untyped]
    from openpyxl.styles import Alignment, Font  # type: ignore[import-untyped]

    # What looks like an escape of the format (_x0041_) is escaped itself, or it would come back as the letter A.
    cell = WriteOnlyCell(sheet, value=re.sub(r"_(?=x[0-9A-Fa-f]{4}_)", "_x005F_", text))
    cell.data_type = "s"
    cell.number_format = "@"
    cell.quotePrefix = True
    cell.alignment = Alignment(vertical="top", wrap_text=True)
    if bold:
        cell.font = Font(bold=True)
    return cell


def read_xlsx(content: bytes) -> Table:
    """The table of the first sheet. Raises TableError; cells are not read as tests yet."""
    rows = _rows(content)
    head, first_rule = _read_head(rows)
    kinds = head["kind"]
    places = {kind: [place for place, word in enumerate(kinds) if word == kind] for kind in KINDS}
    for place, word in enumerate(kinds):
        if word and word not in KINDS:
            raise TableError("unknown_kind_of_column", {"value": word[:40], "place": place + 1})
    value = {
        "name": (head["table"] or [""])[0],
        "hit_policy": (head["policy"] or [""])[0].upper(),
        "inputs": [_column(head, place) for place in places["input"]],
        "outputs": [_column(head, place) for place in places["output"]],
        "rules": [_rule(row, places) for row in rows[first_rule:] if any(row)],
    }
    return from_json(value)


def _read_head(rows: list[list[str]]) -> tuple[dict[str, list[str]], int]:
    """The rows before the first rule by their word, and where the rules begin."""
    found: dict[str, list[str]] = {key: [] for key in HEAD}
    last = -1
    for number, row in enumerate(rows[:HEAD_ROWS_MAX]):
        words = row[0].lower().split() if row else []
        key = next((key for key, chinese in HEAD.items() if key in words or chinese in words), "")
        if key:
            found[key], last = [cell.strip() if key != "values" else cell for cell in row[1:]], number
    for key in ("table", "policy", "kind", "name", "type"):
        if not any(found[key]):
            raise TableError("sheet_without", {"word": f"{HEAD[key]} {key}"})
    chinese_kinds = {chinese: kind for kind, chinese in KINDS.items()}
    found["kind"] = [chinese_kinds.get(word, word.lower()) for word in found["kind"]]
    return found, last + 1


def _column(head: dict[str, list[str]], place: int) -> dict[str, object]:
    found: dict[str, object] = {key: _at(head[key], place) for key in ("name", "type", "title", "unit")}
    values = _at(head["values"], place)
    return found | ({"values": values.split("\n")} if values else {})


def _rule(row: list[str], places: dict[str, list[int]]) -> dict[str, object]:
    cells = row[1:]
    when, then = ([_at(cells, place) for place in places[kind]] for kind in ("input", "output"))
    return {"when": when, "then": then, "note": "\n".join(_at(cells, place) for place in places["note"])}


def _at(cells: list[str], place: int) -> str:
    return cells[place] if place < len(cells) else ""


def _rows(content: bytes) -> list[list[str]]:
    from python_calamine import CalamineError, CalamineWorkbook

    _require_modest(content)
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(content))
        lines = book.get_sheet_by_index(0).to_python(skip_empty_area=False)
    except (CalamineError, ValueError, IndexError, OSError):
        raise TableError("not_a_workbook")
    return [[_text(cell) for cell in line] for line in lines]


def _require_modest(content: bytes) -> None:
    """Refuse what unpacks too large, has a cell far outside (a reader fills everything before it), or a formula."""
    if len(content) > BYTES_MAX:
        raise TableError("file_too_large", {"max": BYTES_MAX})
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            if sum(member.file_size for member in archive.infolist()) > UNPACKED_MAX:
                raise TableError("file_too_large", {"max": UNPACKED_MAX})
            sheets = [name for name in archive.namelist() if name.lower().startswith("xl/worksheets/") and name.lower().endswith(".xml")]
            for name in sheets:
                _require_small_sheet(archive.read(name))
    except (zipfile.BadZipFile, zlib.error, OSError, EOFError, NotImplementedError, RuntimeError, ValueError):
        raise TableError("not_a_workbook")


def _require_small_sheet(xml: bytes) -> None:
    if FORMULA.search(xml):
        raise TableError("sheet_formula")
    for found in PLACE.finditer(xml):
        letters, row = found[1], int(found[2])
        if row > ROWS_MAX + HEAD_ROWS_MAX:
            raise TableError("too_many_rows", {"max": ROWS_MAX})
        if len(letters) > 2 or _column_number(letters) > COLUMNS_MAX + 5:
            raise TableError("too_many_columns", {"max": COLUMNS_MAX})


def _column_number(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number


def _text(value: object) -> str:
    """A cell as the grammar reads it; what a spreadsheet took for a number or date is written out again."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
    if isinstance(value, datetime):
        return print_literal(value.date()) if value.time() == datetime.min.time() else print_literal(value)
    if isinstance(value, date):
        return print_literal(value)
    return str(value)

