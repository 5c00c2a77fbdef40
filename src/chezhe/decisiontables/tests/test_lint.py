"""Lint: each kind of finding with a table that has it, and over random tables every claim proved by evaluating."""

from __future__ import annotations

from itertools import product
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chezhe.decisiontables import lint as lint_module
from chezhe.decisiontables.boxes import Work
from chezhe.decisiontables.closures import compile_table
from chezhe.decisiontables.lint import Finding, lint
from chezhe.decisiontables.tests.strategies import DOMAINS, simple_when, tables, when
from chezhe.decisiontables.values import Column, HitPolicy, Rule, Table, Type

SCORE = Column("score", Type.INTEGER)
REGION = Column("region", Type.TEXT, values=("east", "west"))
TIER = Column("tier", Type.TEXT, values=("A", "B", "C"))


def table(policy: str, *rows: tuple[str, str, str]) -> Table:
    return Table("tier", HitPolicy(policy), (SCORE, REGION), (TIER,), tuple(Rule(row[:2], row[2:]) for row in rows))


def codes(given_table: Table) -> list[tuple[str, int]]:
    return [(finding.code, finding.row) for finding in lint(given_table)]


def test_a_complete_table_has_no_finding() -> None:
    assert lint(table("FIRST", (">= 650", "-", "A"), ("< 600", "east", "C"), ("-", "-", "B"))) == []
    assert lint(table("UNIQUE", (">= 650", "-", "A"), ("< 650", "east", "C"), ("< 650", "west", "B"))) == []


def test_a_gap_is_shown_by_facts_that_nobody_takes() -> None:
    gap = lint(table("UNIQUE", ("> 650", "-", "A"), ("< 650", "-", "B")))
    assert [(f.code, f.severity, f.example) for f in gap] == [("gap", "warning", {"score": 650, "region": "east"})]


def test_a_first_table_with_a_gap_is_told_that_it_has_no_otherwise_row() -> None:
    assert codes(table("FIRST", (">= 650", "-", "A"))) == [("gap", 0), ("no_otherwise", 0)]


def test_whole_numbers_leave_no_gap_between_neighbours() -> None:
    assert lint(table("UNIQUE", (">= 650", "-", "A"), ("<= 649", "-", "B"))) == []


def test_a_collecting_table_may_have_gaps() -> None:
    assert lint(table("COLLECT", (">= 650", "-", "A"), (">= 600", "-", "A"))) == []


def test_two_rows_of_a_unique_table_may_not_overlap() -> None:
    found = lint(table("UNIQUE", (">= 600", "-", "A"), ("<= 600", "west", "B"), ("< 600", "east", "C")))
    assert [(f.code, f.row, f.facts, f.example) for f in found] == [("overlap", 2, {"other": 1}, {"score": 600, "region": "west"})]


def test_rows_of_an_any_table_may_overlap_when_they_agree() -> None:
    assert lint(table("ANY", (">= 600", "-", "A"), ("<= 600", "-", "A"))) == []
    assert codes(table("ANY", (">= 600", "-", "A"), ("<= 600", "-", "B"))) == [("overlap", 2)]


def test_rows_of_any_whose_answers_depend_on_a_fact_overlap_where_they_differ() -> None:
    income, points = Column("income", Type.INTEGER, values=("[0..9]",)), Column("points", Type.INTEGER)
    rows = (Rule(("-",), ("1",)), Rule((">= 1",), ("income",)))
    (found,) = [f for f in lint(Table("points", HitPolicy.ANY, (income,), (points,), rows)) if f.code == "overlap"]
    assert (found.row, found.facts) == (2, {"other": 1}) and found.example is not None and found.example["income"] > 1
    agreeing = (Rule(("-",), ("1",)), Rule(("0",), ("1 - income",)))
    assert codes(Table("points", HitPolicy.ANY, (income,), (points,), agreeing)) == [("lint_incomplete", 0)], "no example is no proof"


def test_a_row_inside_an_earlier_one_is_shadowed() -> None:
    found = lint(table("FIRST", (">= 600", "-", "A"), (">= 650", "east", "B"), ("-", "-", "C")))
    assert [(f.code, f.row, f.facts) for f in found] == [("shadowed_row", 2, {"other": 1})]


def test_a_row_taken_by_several_earlier_rows_together_is_unreachable() -> None:
    rows = [("< 600", "-", "A"), (">= 600", "east", "B"), (">= 600", "west", "B"), ("700", "-", "C")]
    found = lint(table("FIRST", *rows))
    assert [(f.code, f.row, f.facts) for f in found] == [("unreachable_row", 4, {"others": "2, 3"})]


def test_in_a_priority_table_the_stronger_output_shadows() -> None:
    assert codes(table("PRIORITY", ("-", "east", "C"), ("-", "-", "A"))) == [("shadowed_row", 1)]
    assert codes(table("PRIORITY", ("-", "east", "A"), ("-", "-", "C"))) == []


def test_a_null_row_is_not_shadowed_by_rows_about_known_facts() -> None:
    assert lint(table("FIRST", ("< 600", "-", "A"), (">= 600", "-", "B"), ("null", "-", "C"))) == []
    assert codes(table("FIRST", ("-", "-", "A"), ("null", "-", "C"))) == [("shadowed_row", 2)]


def test_the_same_row_twice_is_a_duplicate() -> None:
    assert codes(table("COLLECT", (">= 600", "-", "A"), (">=600", "east, west", "A"))) == []
    assert codes(table("COLLECT", (">= 600", "-", "A"), (">=600", "", "A"))) == [("duplicate_row", 2)]
    assert codes(table("FIRST", (">= 600", "-", "A"), (">=600", "-", "B"), ("-", "-", "C"))) == [("duplicate_row", 2)]


def test_of_two_rows_that_ask_the_same_the_weaker_is_the_one_too_many() -> None:
    assert codes(table("PRIORITY", ("-", "-", "C"), ("-", "", "A"))) == [("duplicate_row", 1)]
    assert codes(table("PRIORITY", ("-", "-", "A"), ("-", "", "C"))) == [("duplicate_row", 2)]
    assert codes(table("PRIORITY", ("-", "-", "A"), ("-", "", "A"))) == [("duplicate_row", 2)]


def test_a_cell_outside_the_allowed_values_is_never_true() -> None:
    age = Column("age", Type.INTEGER, values=("[18..70]",))
    found = lint(Table("age", HitPolicy.FIRST, (age,), (TIER,), (Rule(("< 18",), ("A",)), Rule(("-",), ("B",)))))
    assert [(f.code, f.row, f.column) for f in found] == [("cell_never_true", 1, "age")]


@pytest.mark.parametrize(
    ("cells", "code", "column"),
    [
        (("scor", "-", "A"), "word_unknown", "score"),
        (('"high"', "-", "A"), "literal_type", "score"),
        (("6.5", "-", "A"), "not_whole", "score"),
        (("< region", "-", "A"), "reference_type", "score"),
        (("-", "north", "A"), "word_unknown", "region"),
        (("-", '"north"', "A"), "value_not_allowed", "region"),
        (("-", "-", '"Z"'), "value_not_allowed", "tier"),
        (("-", "-", "12"), "literal_type", "tier"),
        (("12,000", "-", "A"), "thousands", "score"),
    ],
)
def test_a_mistyped_cell_is_named_by_row_and_column(cells: tuple[str, str, str], code: str, column: str) -> None:
    found = lint(table("FIRST", ("-", "-", "A"), cells))
    assert [(f.code, f.severity, f.row, f.column) for f in found if f.row] == [(code, "error", 2, column)]
    assert [f.facts for f in found if f.code == "lint_incomplete"] == [{"why": "cells"}]


def test_an_empty_table_is_an_error() -> None:
    assert codes(table("FIRST")) == [("empty_table", 0)]


def test_a_table_that_takes_too_long_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lint_module, "Work", lambda: Work(3))
    found = lint(table("FIRST", *((f"{number}", "-", "A") for number in range(20))))
    assert {"why": "work"} in [finding.facts for finding in found if finding.code == "lint_incomplete"]


def test_references_are_shown_by_an_example_that_satisfies_them() -> None:
    income, debt = Column("income", Type.INTEGER), Column("debt", Type.INTEGER)
    rows = (Rule(("> debt", "-"), ("A",)), Rule((">= debt", "-"), ("B",)))
    found = lint(Table("dti", HitPolicy.UNIQUE, (income, debt), (TIER,), rows))
    print(found)
    assert [f.code for f in found] == ["gap", "overlap"]


def _inputs() -> list[dict[str, Any]]:
    """All facts of the small domains, known or missing."""
    return [
        {name: value for name, value in zip(DOMAINS, values, strict=True) if value is not None}
        for values in product(*([*domain, None] for domain in DOMAINS.values()))
    ]


INPUTS = _inputs()
CODES_WITH_EXAMPLE = ("gap", "no_otherwise", "overlap", "shadowed_row", "unreachable_row", "duplicate_row")


@settings(deadline=None, max_examples=250)
@given(tables(when))
def test_every_example_shows_what_is_claimed(given_table: Table) -> None:
    compiled = compile_table(given_table)
    for finding in lint(given_table):
        if finding.code not in CODES_WITH_EXAMPLE or finding.example is None:
            continue
        result = compiled.evaluate(finding.example)
        if finding.code in ("gap", "no_otherwise"):
            assert result.outcome == "none"
        elif finding.code == "overlap":
            assert result.outcome == "error" and {finding.row, finding.facts["other"]} <= set(result.rows_hit)
        else:
            assert finding.row in result.trace.rows_matching
            if given_table.hit_policy in (HitPolicy.FIRST, HitPolicy.PRIORITY):
                assert finding.row not in result.rows_hit


@settings(deadline=None, max_examples=120)
@given(tables(simple_when))
def test_what_lint_does_not_find_is_not_there(given_table: Table) -> None:
    """Against all inputs there are: gaps, contradictions, and rows that never decide."""
    found: list[Finding] = lint(given_table)
    compiled = compile_table(given_table)
    results = [(facts, compiled.evaluate(facts)) for facts in INPUTS]
    policy = given_table.hit_policy
    has_gap = any(result.outcome == "none" for facts, result in results if len(facts) == len(DOMAINS))
    has_error = any(result.outcome == "error" for _facts, result in results)
    deciding = {row for _facts, result in results if result.outcome in ("matched", "refer") for row in result.rows_hit}
    silent = {row for row in range(1, len(given_table.rules) + 1) if row not in deciding}
    if not policy.is_collecting:
        assert has_gap == any(f.code == "gap" for f in found)
    if policy in (HitPolicy.UNIQUE, HitPolicy.ANY):
        same_twice = any(f.code == "duplicate_row" for f in found)
        assert has_error == any(f.code == "overlap" for f in found) or same_twice
    if policy in (HitPolicy.FIRST, HitPolicy.PRIORITY):
        assert silent == {f.row for f in found if f.code in ("shadowed_row", "unreachable_row", "duplicate_row")}


@settings(deadline=None, max_examples=60)
@given(st.lists(st.sampled_from(["< 2", "[1..3]", "> 3", "null", "-", "not(2)"]), min_size=1, max_size=6))
def test_rows_about_missing_facts_are_reached_or_not_as_lint_says(cells: list[str]) -> None:
    column = Column("n", Type.INTEGER, values=("[0..4]",))
    rules = tuple(Rule((cell,), ("A",)) for cell in cells)
    given_table = Table("one", HitPolicy.FIRST, (column,), (TIER,), rules)
    compiled = compile_table(given_table)
    reached = {row for fact in (None, 0, 1, 2, 3, 4) for row in compiled.evaluate({"n": fact}).rows_hit}
    said = {f.row for f in lint(given_table) if f.code in ("shadowed_row", "unreachable_row", "duplicate_row")}
    assert said == set(range(1, len(cells) + 1)) - reached
