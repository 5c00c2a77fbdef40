"""The grammar against people who mean harm: refused, or a plain literal, in a number of steps bounded by the length."""

from __future__ import annotations

import sys
from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from types import FrameType
from typing import Any

import pytest

from chezhe.decisiontables import grammar, sums
from chezhe.decisiontables.closures import compile_table
from chezhe.decisiontables.lint import lint
from chezhe.decisiontables.syntax import Arithmetic, Expression, InputCell, Literal, Null, Reference, operands, print_input, print_output
from chezhe.decisiontables.tests.hostile import EXPRESSIONS
from chezhe.decisiontables.values import CELL_LENGTH_MAX, Column, HitPolicy, Rule, Table, TableError, Type

WORDS = frozenset({"a"})
COLUMNS = {"score": Type.INTEGER, "amount": Type.NUMBER}
PLAIN = (Decimal, int, str, bool, date, datetime)
# Calls of Python functions for each character, at most; a cell too long is refused at once.
CALLS_A_CHARACTER = 30


def _calls(work: Callable[[], object]) -> int:
    """How many functions were called, those of C as well."""
    count = 0

    def note(_frame: FrameType, event: str, _argument: object) -> None:
        nonlocal count
        count += event in ("call", "c_call")

    sys.setprofile(note)
    try:
        work()
    finally:
        sys.setprofile(None)
    return count


def _read(text: str, type: Type) -> list[InputCell | Expression]:
    found: list[InputCell | Expression] = []
    for read in (grammar.read_input, grammar.read_output):
        try:
            found.append(read(text, type, WORDS, COLUMNS))
        except TableError:
            continue
    return found


def _is_harmless(cell: Any) -> bool:
    if isinstance(cell, InputCell):
        return all(_is_harmless(operand) for test in cell.tests for operand in operands(test))
    if isinstance(cell, Arithmetic):
        return cell.sign in ("+", "-", "*", "/", "min", "max", "floor", "negate") and all(_is_harmless(part) for part in cell.parts)
    if isinstance(cell, Reference):
        return cell.name in COLUMNS
    return isinstance(cell, Null) or (isinstance(cell, Literal) and type(cell.value) in PLAIN)


def test_there_are_hundreds_of_them() -> None:
    assert len(EXPRESSIONS) >= 400


@pytest.mark.parametrize("text", EXPRESSIONS, ids=lambda text: text[:30].encode("ascii", "backslashreplace").decode())
def test_a_hostile_cell_is_refused_or_a_plain_value_in_bounded_steps(text: str) -> None:
    for type in Type:
        found: list[InputCell | Expression] = []
        calls = _calls(lambda type=type, found=found: found.extend(_read(text, type)))  # type: ignore[misc]
        assert calls <= CALLS_A_CHARACTER * min(len(text), CELL_LENGTH_MAX) * 2 + 200
        assert all(_is_harmless(cell) for cell in found)


@pytest.mark.parametrize("text", EXPRESSIONS, ids=lambda text: text[:30].encode("ascii", "backslashreplace").decode())
def test_a_hostile_cell_never_brings_an_approval(text: str) -> None:
    """As the condition of an approval: the table is refused, or the cell compares and no wrong fact passes it."""
    for type in (Type.INTEGER, Type.TEXT):
        table = Table("t", HitPolicy.FIRST, (Column("score", type), Column("amount", Type.NUMBER)), (Column("answer", Type.TEXT),),
                      (Rule((text, "-"), ('"approve"',)), Rule(("-", "-"), ('"decline"',))))  # fmt: skip
        try:
            compiled = compile_table(table)
        except TableError:
            assert [finding for finding in lint(table) if finding.severity == "error"]
            continue
        if not text.strip() or text.strip() in "-—–−":
            continue  # `-` in its many writings: anything at all
        for fact in (None, "", [], object(), float("nan"), 10**15, b"x"):
            assert compiled.evaluate({"score": fact, "amount": fact}).outcome in ("refer", "none")


def test_every_cell_that_can_be_read_is_printed_so_that_it_reads_the_same() -> None:
    seen = 0
    for text in EXPRESSIONS:
        for type in Type:
            for cell in _read(text, type):
                if isinstance(cell, InputCell):
                    assert grammar.read_input(print_input(cell), type, WORDS, COLUMNS) == cell
                else:
                    printed = print_output(cell)
                    if len(printed) <= CELL_LENGTH_MAX:
                        assert grammar.read_output(printed, type, WORDS, COLUMNS) == cell
                seen += 1
    assert seen


@pytest.mark.parametrize("text", ["99999999999999 * 99999999999999 * 99999999999999", "amount * amount", "amount * score * score"])
def test_an_answer_that_could_not_be_exact_is_refused(text: str) -> None:
    with pytest.raises(TableError, match="sum_too_long"):
        sums.check(grammar.read_output(text, Type.NUMBER, WORDS, COLUMNS), COLUMNS, Type.NUMBER)
