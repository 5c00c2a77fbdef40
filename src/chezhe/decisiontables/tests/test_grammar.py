"""What people type in a cell, and what it means."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chezhe.decisiontables import grammar, sums
from chezhe.decisiontables.closures import compile_table
from chezhe.decisiontables.syntax import (
    Arithmetic,
    Comparison,
    Equal,
    Expression,
    InputCell,
    Interval,
    Literal,
    Null,
    Reference,
    print_input,
    print_output,
)
from chezhe.decisiontables.values import Column, HitPolicy, Rule, Table, TableError, Type

COLUMNS = {"amount": Type.NUMBER, "score": Type.INTEGER, "born": Type.DATE}


def holds(cell: str, fact: Any, type: Type = Type.NUMBER, values: tuple[str, ...] = ()) -> str:
    """`yes`, `no` or `unknown`."""
    table = Table("t", HitPolicy.FIRST, (Column("x", type, values=values),), (Column("out", Type.TEXT),), (Rule((cell,), ('"A"',)),))
    return compile_table(table).evaluate({"x": fact}).trace.cell(1, 0)


@pytest.mark.parametrize(
    ("cell", "true", "false"),
    [
        ("-", [1, 2], []),
        ("", [1, 2], []),
        ("5", [5, Decimal("5.0")], [4]),
        ("1, 2 , 3", [1, 3], [4]),
        ("-1, -2.5", [-1, Decimal("-2.5")], [1]),
        ("< 5", [Decimal("4.9999999999")], [5]),
        ("<=5", [5], [6]),
        ("> -5", [-4], [-5]),
        (">= 0.12", [Decimal("0.12")], [Decimal("0.1199999999")]),
        ("12%", [Decimal("0.12")], [12]),
        ("[1..2]", [1, 2], [0, 3]),
        ("(1..2)", [Decimal("1.5")], [1, 2]),
        ("]1..2[", [Decimal("1.5")], [1, 2]),
        ("[1..2)", [1], [2]),
        ("not(1, > 5)", [2, 5], [1, 6]),
        ("< 0, [10..20], 99", [-1, 10, 99], [0, 21]),
        ("＜＝ ６０％", [Decimal("0.6")], [Decimal("0.61")]),
        ("【１‥２】".replace("‥", ".."), [1, 2], [3]),
        ("1、2、300", [1, 300], [1.5]),
        ("≥ 3", [3], [2]),
        ("－５", [-5], [5]),
        ("not（5）", [4], [5]),
    ],
)
def test_a_numeric_cell_means_what_it_says(cell: str, true: list[Any], false: list[Any]) -> None:
    assert [holds(cell, fact) for fact in true] == ["yes"] * len(true)
    assert "yes" not in [holds(cell, fact) for fact in false]


def test_text_booleans_dates_and_moments() -> None:
    cars = ("new_car", "used_car", "新能源")
    assert holds("new_car, 新能源", "新能源", Type.TEXT, cars) == "yes"
    assert holds('not("new_car")', "used_car", Type.TEXT, cars) == "yes"
    assert holds("“京A”", "京A", Type.TEXT) == "yes"
    assert holds('"a,b", "say \\"x\\""', 'say "x"', Type.TEXT) == "yes"
    assert holds("true", True, Type.BOOLEAN) == "yes" and holds("true", False, Type.BOOLEAN) == "no"
    assert holds('< date("2026-02-01")', "2026-01-31", Type.DATE) == "yes"
    assert holds('< date("2026-02-01")', date(2026, 2, 1), Type.DATE) == "no"
    assert holds('>= date and time("2026-01-01T08:00:00+08:00")', "2026-01-01T00:00:00Z", Type.DATETIME) == "yes"


@pytest.mark.parametrize("cell", ["null", "null, < 5"])
def test_null_is_true_of_a_missing_fact_and_only_of_that(cell: str) -> None:
    assert holds(cell, None) == "yes"
    assert holds(cell, 7) == "no"
    assert holds(cell, "7") == "unknown"  # text for a number is not missing, it is wrong


def test_a_missing_fact_is_unknown_to_every_other_test() -> None:
    assert [holds(cell, None) for cell in ("5", "< 5", "[1..2]", "not(5)", "not(null)", "not(null, 5)")] == ["unknown"] * 6
    assert holds("-", None) == "yes"


@pytest.mark.parametrize(
    ("cell", "type", "code"),
    [
        ("12,000", Type.NUMBER, "thousands"),
        ("1,234,567", Type.NUMBER, "thousands"),
        ("> 1，000", Type.NUMBER, "thousands"),
        ("1e5", Type.NUMBER, "bad_number"),
        ("1_000", Type.NUMBER, "bad_number"),
        ("007", Type.NUMBER, "bad_number"),
        ("123456789012345", Type.NUMBER, "number_too_long"),
        ("0.12345678901", Type.NUMBER, "number_too_long"),
        ("5.5", Type.INTEGER, "not_whole"),
        ("5%", Type.INTEGER, "not_whole"),
        ("[5..1]", Type.NUMBER, "interval_empty"),
        ("(1..1]", Type.NUMBER, "interval_empty"),
        ('< "a"', Type.TEXT, "not_ordered"),
        ("< true", Type.BOOLEAN, "not_ordered"),
        ('"5"', Type.NUMBER, "literal_type"),
        ("5", Type.TEXT, "literal_type"),
        ("true", Type.TEXT, "literal_type"),
        ("hello", Type.TEXT, "word_unknown"),
        ("< born", Type.NUMBER, "reference_type"),
        ("1, < amount", Type.NUMBER, "reference_not_alone"),
        ("not(< amount)", Type.NUMBER, "reference_not_alone"),
        ('date("2026-02-30")', Type.DATE, "bad_day"),
        ('date and time("2026-02-03T10:00:00")', Type.DATETIME, "bad_moment"),
        ("5 6", Type.NUMBER, "cell_unexpected"),
        ("5,", Type.NUMBER, "cell_ends"),
        ("5\u200b", Type.NUMBER, "unseen_character"),
        ("f(5)", Type.NUMBER, "word_unknown"),
        ("amount.real", Type.NUMBER, "bad_character"),
        ('"open', Type.TEXT, "quote_open"),
    ],
)
def test_a_mistake_has_its_own_code(cell: str, type: Type, code: str) -> None:
    with pytest.raises(TableError) as refused:
        grammar.read_input(cell, type, frozenset(), COLUMNS)
    assert refused.value.code == code


def result(cell: str, type: Type = Type.NUMBER, **facts: Any) -> Any:
    expression = grammar.read_output(cell, type, frozenset(), COLUMNS)
    sums.check(expression, COLUMNS, type)
    return sums.result(expression, facts, type)


@pytest.mark.parametrize(
    ("cell", "answer"),
    [
        ("0.1188", "0.1188"), ("12%", "0.12"), ("1 + 2 * 3", "7"), ("(1 + 2) * 3", "9"), ("10 - 2 - 3", "5"), ("7 / 2", "3.5"), ("1 / 3", "0.3333333333"),
        ("2 / 3", "0.6666666667"), ("-1 / 3", "-0.3333333333"), ("amount * 80%", "80.4"), ("min(amount, 50, score)", "50"), ("max(amount, score)", "650"),
        ("floor(amount / 7)", "14"), ("-amount", "-100.5"), ("--5", "5"), ("amount * 0.3333333333", "33.4999999967"),
    ],
)  # fmt: skip
def test_a_sum_is_exact(cell: str, answer: str) -> None:
    assert result(cell, amount=Decimal("100.5"), score=650) == Decimal(answer).quantize(Decimal("1e-10"))


def test_a_sum_does_not_depend_on_the_callers_context() -> None:
    from decimal import localcontext

    with localcontext() as context:
        context.prec = 3
        assert result("amount * 1.000001", amount=Decimal("123456789.123")) == Decimal("123456912.579789123")


def test_dividing_by_zero_answers_nothing() -> None:
    assert result("1 / (amount - 5)", amount=Decimal(5)) is None
    table = Table("t", HitPolicy.FIRST, (Column("x", Type.NUMBER),), (Column("out", Type.NUMBER),), (Rule(("-",), ("1 / x",)),))
    answer = compile_table(table).evaluate({"x": 0})
    assert (answer.outcome, answer.reason, answer.unknown) == ("refer", "division_by_zero", ())


@pytest.mark.parametrize(("cell", "code"), [
    ("score * 0.5", "sum_not_whole"), ("score / 2", "sum_not_whole"), ("0.5", "not_whole"), ("born", "reference_type"), ("round(score)", "word_unknown"),
])  # fmt: skip
def test_a_whole_number_column_takes_no_fractions(cell: str, code: str) -> None:
    with pytest.raises(TableError) as refused:
        result(cell, Type.INTEGER, score=3)
    assert refused.value.code == code
    assert result("floor(score * 0.5)", Type.INTEGER, score=3) == 1


numbers = st.decimals(-(10**13), 10**13, places=4).map(lambda value: Decimal(f"{value:f}")).map(lambda value: Decimal(0) if not value else value)
dates = st.dates().map(Literal)
number_literals = numbers.map(Literal)
texts = st.text(st.characters(exclude_categories=("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp")), max_size=12).map(Literal)
moments = (
    st.datetimes(timezones=st.timezones(), min_value=datetime(1990, 1, 1), max_value=datetime(2090, 1, 1))
    .filter(lambda value: len(value.isoformat()) <= 32)
    .map(lambda value: Literal(datetime.fromisoformat(value.isoformat())))
)


def _cells(operand: st.SearchStrategy[Any], ordered: bool) -> st.SearchStrategy[InputCell]:
    alone = st.one_of(operand, st.just(Reference("other")))
    kinds: list[st.SearchStrategy[Any]] = [st.builds(Equal, operand), st.just(Null())]
    if ordered:
        kinds += [st.builds(Comparison, st.sampled_from(["<", "<=", ">", ">="]), operand), st.lists(operand, min_size=2, max_size=2, unique_by=lambda o: o.value).flatmap(
            lambda ends: st.builds(Interval, st.just(min(ends, key=lambda o: o.value)), st.just(max(ends, key=lambda o: o.value)), st.booleans(), st.booleans()))]
    looking = st.builds(Comparison, st.sampled_from(["<", ">="]), alone) if ordered else st.builds(Equal, st.just(Reference("other")))
    several = st.lists(st.one_of(kinds), min_size=1, max_size=4).map(tuple)
    return st.one_of(st.just(InputCell()), st.builds(InputCell, several, st.booleans()), looking.map(lambda test: InputCell((test,))))


@settings(deadline=None, max_examples=200)
@given(st.one_of(
    _cells(number_literals, True).map(lambda cell: (cell, Type.NUMBER)), _cells(dates, True).map(lambda cell: (cell, Type.DATE)),
    _cells(moments, True).map(lambda cell: (cell, Type.DATETIME)), _cells(texts, False).map(lambda cell: (cell, Type.TEXT)),
))  # fmt: skip
def test_what_is_printed_reads_the_same(given_cell: tuple[InputCell, Type]) -> None:
    cell, type = given_cell
    printed = print_input(cell)
    again = grammar.read_input(printed, type, frozenset(), {"other": type})
    assert again == cell and print_input(again) == printed


leaves = st.one_of(st.decimals(0, 999, places=2).map(lambda value: Literal(Decimal(f"{value:f}"))), st.sampled_from([Reference("amount"), Reference("score")]))


def _no_folded(expression: Any) -> bool:
    """`-(5)` is the literal -5, so a negated literal is never an operation."""
    return not isinstance(expression, Arithmetic) or (
        not (expression.sign == "negate" and isinstance(expression.parts[0], Literal)) and all(_no_folded(part) for part in expression.parts))


expressions = st.recursive(leaves, lambda inner: st.one_of(
    st.builds(lambda sign, one, two: Arithmetic(sign, (one, two)), st.sampled_from("+-*/"), inner, inner),
    st.builds(lambda sign, parts: Arithmetic(sign, tuple(parts)), st.sampled_from(["min", "max"]), st.lists(inner, min_size=2, max_size=3)),
    st.builds(lambda sign, one: Arithmetic(sign, (one,)), st.sampled_from(["negate", "floor"]), inner),
), max_leaves=8).filter(_no_folded)  # fmt: skip


@settings(deadline=None, max_examples=200)
@given(expressions)
def test_a_printed_sum_reads_the_same(expression: Expression) -> None:
    printed = print_output(expression)
    if len(printed) <= 500:
        again = grammar.read_output(printed, Type.NUMBER, frozenset(), COLUMNS)
        assert again == expression and print_output(again) == printed
