"""Two versions of a table: what is said to have changed is all that has changed."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from chezhe.decisiontables.diff import Change, ColumnChange, RowChange, diff
from chezhe.decisiontables.tests.strategies import tables
from chezhe.decisiontables.values import Column, HitPolicy, Rule, Table, Type

TABLE = Table(
    "tier", HitPolicy.FIRST, (Column("score", Type.INTEGER), Column("region", Type.TEXT)), (Column("tier", Type.TEXT, values=("A", "B")),),
    (Rule((">= 650", "-"), ("A",)), Rule((">= 600", "-"), ("B",), "middle"), Rule(("-", "-"), ("B",))),
)  # fmt: skip


def test_the_same_table_has_no_difference() -> None:
    assert diff(TABLE, TABLE).is_empty


def test_a_changed_cell_is_named_with_both_texts() -> None:
    rules = (replace(TABLE.rules[0], when=(">= 660", "-")), *TABLE.rules[1:])
    assert diff(TABLE, replace(TABLE, rules=rules)).rows == (RowChange("changed", 1, 1, (Change("score", ">= 650", ">= 660"),)),)


def test_a_note_is_part_of_its_row() -> None:
    rules = (TABLE.rules[0], replace(TABLE.rules[1], note=""), TABLE.rules[2])
    assert diff(TABLE, replace(TABLE, rules=rules)).rows == (RowChange("changed", 2, 2, (Change("", "middle", ""),)),)


def test_rows_are_added_removed_and_moved() -> None:
    new = Rule(("null", "x"), ("A",))
    found = diff(TABLE, replace(TABLE, rules=(TABLE.rules[1], TABLE.rules[0], new)))
    assert [(row.kind, row.before, row.after) for row in found.rows] == [("moved", 2, 1), ("removed", 3, None), ("added", None, 3)] or [
        (row.kind, row.before, row.after) for row in found.rows
    ] == [("moved", 1, 2), ("removed", 3, None), ("added", None, 3)]


def test_columns_are_added_removed_retyped_and_moved() -> None:
    inputs = (Column("amount", Type.INTEGER), Column("region", Type.TEXT), Column("score", Type.NUMBER, unit="points"))
    rules = tuple(Rule(("< 5" if number == 0 else "-", rule.when[1], rule.when[0]), rule.then, rule.note) for number, rule in enumerate(TABLE.rules))
    found = diff(TABLE, replace(TABLE, inputs=inputs, rules=rules, name="tiers"))
    assert found.head == (Change("name", "tier", "tiers"),)
    assert {(c.kind, c.name) for c in found.columns} >= {("added", "amount"), ("changed", "score")}
    assert ColumnChange("changed", "input", "score", (Change("type", "integer", "number"), Change("unit", "", "points"))) in found.columns
    assert found.rows == (RowChange("changed", 1, 1, (Change("amount", None, "< 5"),)),)
    assert {(c.kind, c.name) for c in diff(replace(TABLE, inputs=inputs, rules=rules), TABLE).columns} >= {("removed", "amount")}


@settings(deadline=None, max_examples=150)
@given(tables(policy=st.just(HitPolicy.FIRST)), tables(policy=st.just(HitPolicy.FIRST)), st.booleans())
def test_the_new_rows_can_be_made_from_the_old_ones(old: Table, other: Table, both: bool) -> None:
    new = replace(other, rules=(*other.rules, *old.rules[::-1])) if both else other
    found = diff(old, new)
    by_new = {row.after: row for row in found.rows if row.after}
    gone = {row.before for row in found.rows if row.before}
    untouched = iter(row for number, row in enumerate(old.rules, 1) if number not in gone)
    made = []
    for number in range(1, len(new.rules) + 1):
        change = by_new.get(number)
        if change is None:
            made.append(next(untouched))
            continue
        cells = {} if change.before is None else dict(zip("nmwf", old.rules[change.before - 1].when, strict=True))
        then = {} if change.before is None else {"out": old.rules[change.before - 1].then[0]}
        after = {**cells, **then, **{cell.name: cell.after for cell in change.cells}}
        made.append(Rule(tuple(str(after[name]) for name in "nmwf"), (str(after["out"]),)))
    assert tuple(made) == new.rules and not list(untouched)
