"""Tables as JSON and as XLSX: what goes out comes back the same; what is no table is refused with its place."""

from __future__ import annotations

import io
import json
import zipfile
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook, load_workbook  # type: ignore[import-untyped]

from chezhe.decisiontables import files, sheets
from chezhe.decisiontables.hashing import content_hash
from chezhe.decisiontables.values import Column, HitPolicy, Rule, Table, TableError, Type

PLAIN: dict[str, Any] = {
    "name": "tier",
    "hit_policy": "FIRST",
    "inputs": [{"name": "score", "type": "integer", "title": "评分"}, {"name": "region", "type": "text", "values": ["east", "west"]}],
    "outputs": [{"name": "tier", "type": "text", "values": ["A", "B"]}],
    "rules": [{"when": [">= 650", "east"], "then": ["A"], "note": "好客户"}, {"when": ["-", "-"], "then": ["B"]}],
}

letters = st.characters(exclude_categories=("Cs", "Cc"), exclude_characters="\ufffe\uffff\x7f")
cell_text = st.one_of(st.text(letters, max_size=20), st.sampled_from([
    "=1+1", "+A1", "-5", "@SUM(A1)", '=cmd|"/C calc"!A0', "_x0041_", "__x0041_", " < 5 ", "< 5\n, > 9", "''", "'", "123456789012345678", "1e5", "#N/A", "TRUE",
]))  # fmt: skip
names = st.from_regex(r"[a-z][a-z0-9_]{0,8}", fullmatch=True).filter(lambda name: name not in ("null", "true", "false", "not", "date", "and", "time", "min", "max", "floor"))


@st.composite
def any_tables(draw: st.DrawFn) -> Table:
    """Tables of any cells, well or not."""
    chosen = draw(st.lists(names, min_size=2, max_size=6, unique=True))
    title = st.text(letters, max_size=8).map(str.strip)
    value = cell_text.filter(lambda text: bool(text.strip()) and "\n" not in text)
    columns = tuple(Column(name, draw(st.sampled_from(Type)), draw(title), tuple(draw(st.lists(value, max_size=3))), draw(title)) for name in chosen)
    cut = draw(st.integers(1, len(columns) - 1))
    whens = st.tuples(*[cell_text] * cut)
    thens = st.tuples(*[cell_text] * (len(columns) - cut))
    rules = draw(st.lists(st.builds(Rule, whens, thens, cell_text), max_size=4))
    name = draw(st.text(letters, min_size=1, max_size=10).map(str.strip).filter(bool))
    return Table(name, draw(st.sampled_from(HitPolicy)), columns[:cut], columns[cut:], tuple(rules))


@settings(deadline=None, max_examples=100)
@given(any_tables())
def test_json_comes_back_the_same(table: Table) -> None:
    again = files.from_json(json.loads(json.dumps(files.to_json(table))))
    assert again == table and content_hash(again) == content_hash(table)


@settings(deadline=None, max_examples=100)
@given(any_tables())
def test_xlsx_comes_back_the_same(table: Table) -> None:
    assert files.read_xlsx(files.write_xlsx(table)) == table


def test_no_cell_of_a_workbook_is_a_formula() -> None:
    table = files.from_json(PLAIN | {"rules": [{"when": ["=1+1", "+A1"], "then": ['=cmd|"/C calc"!A0']}]})
    sheet = load_workbook(io.BytesIO(files.write_xlsx(table))).worksheets[0]
    cells = [cell for row in sheet.iter_rows() for cell in row if cell.value is not None]
    assert cells and all(cell.data_type == "s" and cell.number_format == "@" and cell.quotePrefix for cell in cells)


def _workbook(*rows: tuple[Any, ...]) -> bytes:
    book, out = Workbook(), io.BytesIO()
    for row in rows:
        book.worksheets[0].append(row)
    book.save(out)
    return out.getvalue()


HEAD = (("决策表", "车龄"), ("命中策略", "first"), ("类别", "输入", "输出", "备注"), ("名称", "age", "ltv"), ("类型", "integer", "number"))


def test_a_sheet_made_by_hand_is_read_with_numbers_dates_and_chinese_words() -> None:
    head = (*HEAD[:3], ("名称", "age", "ltv"), ("类型", "integer", "number"))
    table = files.read_xlsx(_workbook(*head, (1, 36, 0.8, "新车"), (), ("", "-", 0.5)))
    assert table.rules == (Rule(("36",), ("0.8",), "新车"), Rule(("-",), ("0.5",)))
    assert table.hit_policy is HitPolicy.FIRST and table.name == "车龄"


def test_a_formula_is_refused() -> None:
    with pytest.raises(TableError, match="sheet_formula"):
        files.read_xlsx(_workbook(*HEAD, (1, "=1+1", 0.8)))


def test_a_cell_far_outside_is_refused_before_it_is_unpacked() -> None:
    book, out = Workbook(), io.BytesIO()
    book.worksheets[0]["XFD1048576"] = "x"
    book.save(out)
    with pytest.raises(TableError, match="too_many_rows"):
        files.read_xlsx(out.getvalue())


def test_a_bomb_and_a_broken_archive_are_refused() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet1.xml", b" " * (sheets.UNPACKED_MAX + 1))
    with pytest.raises(TableError, match="file_too_large"):
        files.read_xlsx(out.getvalue())
    for content in (b"", b"PK\x03\x04", b"name,type", files.write_xlsx(files.from_json(PLAIN))[:900]):
        with pytest.raises(TableError, match="not_a_workbook"):
            files.read_xlsx(content)


def test_a_sheet_without_its_head_is_told_what_is_missing() -> None:
    with pytest.raises(TableError, match="sheet_without") as refused:
        files.read_xlsx(_workbook(HEAD[0], HEAD[2], (1, 2, 3)))
    assert refused.value.facts == {"word": "命中策略 policy"}


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"extra": 1}, "unknown_key"),
        ({"name": 5}, "not_text"),
        ({"name": " "}, "bad_table_name"),
        ({"hit_policy": "BEST"}, "unknown_policy"),
        ({"inputs": {}}, "not_a_list"),
        ({"inputs": []}, "no_columns"),
        ({"inputs": [{"name": "score"}]}, "missing_key"),
        ({"inputs": [{"name": "score", "type": "money"}]}, "unknown_type"),
        ({"inputs": [{"name": "__class__", "type": "text"}]}, "bad_column_name"),
        ({"inputs": [{"name": "null", "type": "text"}]}, "bad_column_name"),
        ({"inputs": [{"name": "tier", "type": "text"}]}, "column_twice"),
        ({"inputs": [{"name": "score", "type": "integer", "of": "person"}]}, "unknown_key"),
        ({"inputs": [{"name": "score", "type": "integer", "values": "all"}]}, "not_a_list"),
        ({"rules": [{"when": [">= 1"], "then": ["A"]}]}, "row_width"),
        ({"rules": [{"when": [1, "-"], "then": ["A"]}]}, "not_text"),
        ({"rules": [{"when": ["-", "-"]}]}, "missing_key"),
        ({"rules": [{"when": ["-", "x" * 501], "then": ["A"]}]}, "cell_too_long"),
        ({"rules": [{"when": ["-", "\x00"], "then": ["A"]}]}, "unseen_character"),
        ({"rules": [{"when": ["-", "-"], "then": ["A"]}] * 2001}, "too_many_rows"),
        ({"inputs": [{"name": f"c{n}", "type": "text"} for n in range(60)]}, "too_many_columns"),
    ],
)
def test_json_that_is_no_table_is_refused(change: dict[str, Any], code: str) -> None:
    with pytest.raises(TableError) as refused:
        files.from_json(PLAIN | change)
    assert refused.value.code == code


@pytest.mark.parametrize("value", [None, [], "table", 5, {}])
def test_what_is_no_object_is_refused(value: object) -> None:
    with pytest.raises(TableError):
        files.from_json(value)


def test_the_hash_tells_any_two_tables_apart() -> None:
    table = files.from_json(PLAIN)
    others = [
        replace(table, name="tiers"), replace(table, hit_policy=HitPolicy.ANY), replace(table, rules=table.rules[::-1]),
        replace(table, inputs=(replace(table.inputs[0], title=""), table.inputs[1])),
    ]  # fmt: skip
    assert len({content_hash(other) for other in (table, *others)}) == 5
    assert content_hash(table) == "1816f7a59f583b790a882d0cc31c214a0f214fe61072cc9d8fd0ce5615032106"
