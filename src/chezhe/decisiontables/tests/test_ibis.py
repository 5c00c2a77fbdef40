"""The table in DuckDB and the table in Python: the same outcome, rows, outputs and missing facts, to the last digit."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import duckdb
import ibis  # type: ignore[import-untyped]
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from chezhe.decisiontables import ibis_form
from chezhe.decisiontables.closures import compile_table
from chezhe.decisiontables.facts import BOUND
from chezhe.decisiontables.tests.strategies import tables
from chezhe.decisiontables.values import Column, HitPolicy, Rule, Table, TableError, Type

# What fails is small enough to read; making it smaller takes minutes of SQL.
UNSHRUNK = (Phase.explicit, Phase.reuse, Phase.generate)
TYPES = {
    Type.INTEGER: "int64", Type.NUMBER: "decimal(38,10)", Type.TEXT: "string", Type.BOOLEAN: "boolean", Type.DATE: "date",
    Type.DATETIME: "timestamp('UTC')",
}  # fmt: skip


def both(table: Table, rows: list[dict[str, Any]]) -> None:
    """Ask Python row by row and DuckDB for all, and compare everything."""
    compiled = compile_table(table)
    names = [output.name for output in table.outputs]
    expected = []
    for row in rows:
        result = compiled.evaluate(row)
        outputs: list[Any] = [None] * len(names)
        if result.outcome == "matched":
            outputs = [
                [one[name] for one in result.outputs] if isinstance(result.outputs, list) else result.outputs[name] for name in names
            ]
        expected.append((result.outcome.value, ",".join(map(str, result.rows_hit)), *outputs, ",".join(result.unknown)))
    assert in_duckdb(table, rows) == expected


KINDS = {
    Type.INTEGER: "bigint", Type.NUMBER: "decimal(38,10)", Type.TEXT: "varchar", Type.BOOLEAN: "boolean", Type.DATE: "date",
    Type.DATETIME: "timestamptz",
}  # fmt: skip


def in_duckdb(table: Table, rows: list[dict[str, Any]]) -> list[tuple[Any, ...]]:
    relation = ibis.table({"id": "int64", **{column.name: TYPES[column.type] for column in table.inputs}}, name="facts")
    result = ibis_form.compile_table(table)(relation, "r_", unknown=True).order_by("id")
    wanted = ["r_outcome", "r_rows_hit", *(f"r_out_{output.name}" for output in table.outputs), "r_unknown"]
    with duckdb.connect() as connection:
        connection.execute("set timezone='UTC'")
        connection.execute(f"create table facts (id bigint, {', '.join(f'{c.name} {KINDS[c.type]}' for c in table.inputs)})")
        marks = ", ".join("?" for _name in relation.columns)
        connection.executemany(f"insert into facts values ({marks})", [[n, *(row.get(c.name) for c in table.inputs)] for n, row in enumerate(rows)])
        found: list[tuple[Any, ...]] = connection.execute(ibis.to_sql(result.select(*wanted), dialect="duckdb")).fetchall()
        return found


numbers = st.one_of(st.none(), st.integers(-1, 6))
texts = st.sampled_from([None, "a", "b", "c", "d", "", "  "])
row_of_facts = st.fixed_dictionaries({"n": numbers, "m": numbers, "w": texts, "f": st.sampled_from([None, True, False])})


@settings(deadline=None, phases=UNSHRUNK, max_examples=30)
@given(tables(), st.lists(row_of_facts, min_size=1, max_size=12))
def test_duckdb_answers_as_python_does(table: Table, rows: list[dict[str, Any]]) -> None:
    both(table, rows)


# Longer lists of facts meet more rows of each table; every example is a statement of its own.
@pytest.mark.long
@settings(deadline=None, phases=UNSHRUNK, max_examples=500)
@given(tables(), st.lists(row_of_facts, min_size=1, max_size=40))
def test_duckdb_answers_as_python_does_on_five_hundred_tables(table: Table, rows: list[dict[str, Any]]) -> None:
    both(table, rows)


SUMS = [
    "n + x", "x * 12.5", "n * x", "x / 7", "n / m", "x / n", "floor(x / 3)", "min(x, n, 3)", "max(n * 0.3333333333, x)", "-x", "x - n * 2", "(x + n) / (m - 1)", "floor(-x)",
    "n / 0.0000000001", "0.5", "100 / 3",
]  # fmt: skip
edge = st.sampled_from([0, 1, -1, 3, 7, BOUND - 1, 1 - BOUND, BOUND])
wide = st.one_of(st.none(), edge, st.integers(-(10**6), 10**6))
fine = st.one_of(
    st.none(), edge.map(Decimal), st.decimals(-(10**6), 10**6, places=10),
    st.sampled_from([Decimal("99999999999999.9999999999"), Decimal("0.0000000001"), Decimal("-0.00000000005").quantize(Decimal("1e-10")), Decimal(10**20)]),
)  # fmt: skip


CELLS = st.lists(st.sampled_from(SUMS), min_size=1, max_size=4)
WIDE_ROWS = st.lists(st.fixed_dictionaries({"n": wide, "m": wide, "x": fine}), min_size=1, max_size=12)
POLICIES = st.sampled_from([HitPolicy.FIRST, HitPolicy.ANY, HitPolicy.COLLECT, HitPolicy.COLLECT_SUM, HitPolicy.COLLECT_MAX])


@settings(deadline=None, phases=UNSHRUNK, max_examples=30)
@given(CELLS, WIDE_ROWS, POLICIES)
def test_sums_are_the_same_to_the_last_digit(cells: list[str], rows: list[dict[str, Any]], policy: HitPolicy) -> None:
    summed(cells, rows, policy)


@pytest.mark.long
@settings(deadline=None, phases=UNSHRUNK, max_examples=500)
@given(CELLS, WIDE_ROWS, POLICIES)
def test_sums_are_the_same_to_the_last_digit_five_hundred_times(cells: list[str], rows: list[dict[str, Any]], policy: HitPolicy) -> None:
    summed(cells, rows, policy)


def summed(cells: list[str], rows: list[dict[str, Any]], policy: HitPolicy) -> None:
    columns = (Column("n", Type.INTEGER), Column("m", Type.INTEGER), Column("x", Type.NUMBER))
    rules = tuple(Rule((f">= {place}" if place else "-", "-", "-"), (cell,)) for place, cell in enumerate(cells))
    both(Table("sums", policy, columns, (Column("out", Type.NUMBER),), rules), rows)


def test_dates_moments_and_wide_decimals_are_compared_exactly() -> None:
    columns = (Column("d", Type.DATE), Column("z", Type.DATETIME), Column("x", Type.NUMBER, values=("[0..1]", "5")))
    rules = (
        Rule(('< date("2026-02-01")', "-", "< 0.3333333333"), ('"a"', 'date("2026-03-01")')),
        Rule(("-", '[date and time("2026-01-01T00:00:00+08:00")..date and time("2026-06-01T00:00:00+08:00"))', "5"), ('"b"', "")),
        Rule(("null", "-", "-"), ('"c"', 'date("2026-04-01")')),
    )
    table = Table("t", HitPolicy.FIRST, columns, (Column("out", Type.TEXT), Column("on", Type.DATE)), rules)
    moments = [None, datetime(2025, 12, 31, 16, tzinfo=UTC), datetime(2026, 5, 31, 16, tzinfo=UTC)]
    values = [None, Decimal("0.3333333333"), Decimal("0.3333333332"), Decimal(5), Decimal(4), Decimal("1.0000000001")]
    both(table, [{"d": d, "z": z, "x": x} for d in (None, date(2026, 1, 31), date(2026, 2, 1)) for z in moments for x in values])


def test_a_fact_the_relation_does_not_have_is_missing() -> None:
    table = Table("t", HitPolicy.FIRST, (Column("n", Type.INTEGER), Column("m", Type.INTEGER)), (Column("out", Type.TEXT),), (Rule(("> 1", "> 1"), ('"a"',)),))
    relation = ibis.memtable({"n": [0, 5]})
    found = ibis_form.compile_table(table)(relation, unknown=True)
    connection = ibis.duckdb.connect()
    assert connection.to_pyarrow(found.order_by("n")).to_pylist() == [
        {"n": 0, "outcome": "none", "rows_hit": "", "out_out": None, "unknown": ""},
        {"n": 5, "outcome": "refer", "rows_hit": "", "out_out": None, "unknown": "m"},
    ]
    connection.disconnect()


@pytest.mark.parametrize("kind", ["float64", "string", "boolean", "decimal(38,12)"])
def test_a_relation_of_another_type_is_refused(kind: str) -> None:
    table = Table("t", HitPolicy.FIRST, (Column("x", Type.NUMBER),), (Column("out", Type.TEXT),), (Rule(("> 1",), ('"a"',)),))
    with pytest.raises(TableError, match="relation_type"):
        ibis_form.compile_table(table)(ibis.table({"x": kind}, name="facts"))


def test_a_name_that_is_taken_is_refused() -> None:
    table = Table("t", HitPolicy.FIRST, (Column("x", Type.NUMBER),), (Column("outcome", Type.TEXT),), (Rule(("> 1",), ('"a"',)),))
    found = ibis_form.compile_table(table)(ibis.table({"x": "int64"}, name="facts"), "p_")
    assert found.columns == ("x", "p_outcome", "p_rows_hit", "p_out_outcome")
    with pytest.raises(TableError, match="column_taken"):
        ibis_form.compile_table(table)(ibis.table({"x": "int64", "p_rows_hit": "string"}, name="facts"), "p_")


def test_the_database_rounds_a_tie_as_python_does() -> None:
    assert duckdb.sql("select 0.00000000005::decimal(38,11)::decimal(38,10), -0.00000000005::decimal(38,11)::decimal(38,10)").fetchall() == [
        (Decimal("0.0000000001"), Decimal("-0.0000000001"))]  # fmt: skip


@pytest.mark.parametrize("policy", [HitPolicy.FIRST, HitPolicy.UNIQUE, HitPolicy.RULE_ORDER, HitPolicy.COLLECT_COUNT])
def test_more_rows_than_a_word_holds(policy: HitPolicy) -> None:
    """A hundred and fifty rows lie in three words; missing facts make rows unsure in each."""
    columns = (Column("n", Type.INTEGER), Column("m", Type.INTEGER))
    rules = [Rule((f"{number}", f"<= {number % 7}"), (f"{number * 10}",)) for number in range(149)]
    width = "-" if policy is HitPolicy.FIRST else "> 148"
    table = Table("t", policy, columns, (Column("out", Type.INTEGER),), (*rules, Rule((width, "-"), ("null",))))
    facts = [{"n": n, "m": m} for n in (None, 0, 1, 61, 62, 63, 123, 124, 125, 148, 149) for m in (None, 0, 3, 6, 9)]
    both(table, facts)
