"""A table whose cells have been read, and what could not be."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TypeVar

from chezhe.decisiontables import grammar, sums
from chezhe.decisiontables.axes import Axis
from chezhe.decisiontables.syntax import Equal, Expression, InputCell, Literal, Null, Reference, Test, Value, operands
from chezhe.decisiontables.tokens import Kind, tokens
from chezhe.decisiontables.values import Column, HitPolicy, Place, Table, TableError, Type, check_shape

NUMERIC_POLICIES = (HitPolicy.COLLECT_SUM, HitPolicy.COLLECT_MIN, HitPolicy.COLLECT_MAX)
Cell = TypeVar("Cell")


@dataclass(frozen=True, slots=True)
class InputColumn:
    """A column with the cells of its rows; None where a cell could not be read. `allowed` without tests allows everything."""

    column: Column
    allowed: InputCell
    cells: tuple[InputCell | None, ...]


@dataclass(frozen=True, slots=True)
class OutputColumn:
    """A column with the answers of its rows; None where a cell could not be read. `allowed` empty allows everything."""

    column: Column
    allowed: tuple[Value, ...]
    cells: tuple[Expression | None, ...]


@dataclass(slots=True)
class Parsed:
    """The table in columns, and every mistake found on the way."""

    table: Table
    inputs: list[InputColumn] = field(default_factory=list)
    outputs: list[OutputColumn] = field(default_factory=list)
    errors: list[TableError] = field(default_factory=list)


def parse(table: Table) -> Parsed:
    """Read every cell. Raises TableError only for what is no table (`check_shape`); mistakes in cells are collected."""
    check_shape(table)
    found = Parsed(table)
    types = {column.name: column.type for column in table.inputs}
    for place, column in enumerate(table.inputs):
        others = {name: type for name, type in types.items() if name != column.name}
        found.inputs.append(_input(found, column, [rule.when[place] for rule in table.rules], others))
    for place, column in enumerate(table.outputs):
        found.outputs.append(_output(found, column, [rule.then[place] for rule in table.rules], types))
    _check_policy(found)
    found.errors.sort(key=lambda error: error.place.row)
    return found


def parse_strictly(table: Table) -> Parsed:
    """The same, raising the first mistake."""
    found = parse(table)
    if found.errors:
        raise found.errors[0]
    return found


def words(values: tuple[str, ...]) -> frozenset[str]:
    """What of a text column's values may stand without quotes: those written as one plain word."""
    found = set()
    for value in values:
        read = tokens(value)
        if len(read) == 2 and read[0].kind in (Kind.WORD, Kind.STRING):
            found.add(read[0].text)
    return frozenset(found)


def _input(found: Parsed, column: Column, cells: list[str], others: Mapping[str, Type]) -> InputColumn:
    plain = _words(found, column)
    allowed = InputCell(tuple(test for value in column.values for test in _allowed(found, column, value, plain)))
    axis = Axis(column.type, [allowed])

    def read(text: str) -> InputCell:
        cell = grammar.read_input(text, column.type, plain, others)
        for test in cell.tests:
            if allowed.tests and isinstance(test, Equal) and isinstance(test.operand, Literal):
                _check_allowed(axis, allowed, test)
        return cell

    return InputColumn(column, allowed, _read_all(found, column, cells, read))


def _words(found: Parsed, column: Column) -> frozenset[str]:
    try:
        return words(column.values) if column.type is Type.TEXT else frozenset()
    except TableError as error:
        found.errors.append(error.at(Place(0, column.name)))
        return frozenset()


def _allowed(found: Parsed, column: Column, value: str, plain: frozenset[str]) -> tuple[Test, ...]:
    """The tests of one of a column's values; a mistake is noted and allows nothing."""
    try:
        cell = grammar.read_input(value, column.type, plain)
        if cell.negated or not cell.tests or any(isinstance(test, Null) for test in cell.tests):
            raise TableError("bad_values")
        return cell.tests
    except TableError as error:
        found.errors.append(error.at(Place(0, column.name)))
        return ()


def _check_allowed(axis: Axis, allowed: InputCell, test: Equal) -> None:
    assert isinstance(test.operand, Literal)
    if not axis.bits(allowed) >> axis.class_of(test.operand.value) & 1:
        raise TableError("value_not_allowed", {"value": str(test.operand.value)[:40]})


def _output(found: Parsed, column: Column, cells: list[str], types: Mapping[str, Type]) -> OutputColumn:
    plain = _words(found, column)
    allowed = [value for text in column.values for value in _literal(found, column, text, plain)]

    def read(text: str) -> Expression:
        cell = grammar.read_output(text, column.type, plain, types)
        sums.check(cell, types, column.type)
        if allowed and isinstance(cell, Literal) and sums.as_type(cell.value, column.type) not in allowed:
            raise TableError("value_not_allowed", {"value": str(cell.value)[:40]})
        return cell

    return OutputColumn(column, tuple(allowed), _read_all(found, column, cells, read))


def _literal(found: Parsed, column: Column, text: str, plain: frozenset[str]) -> tuple[Value, ...]:
    try:
        cell = grammar.read_output(text, column.type, plain)
        if not isinstance(cell, Literal):
            raise TableError("bad_values")
        sums.check(cell, {}, column.type)
        return (sums.as_type(cell.value, column.type),)
    except TableError as error:
        found.errors.append(error.at(Place(0, column.name)))
        return ()


def _read_all(found: Parsed, column: Column, cells: list[str], read: Callable[[str], Cell]) -> tuple[Cell | None, ...]:
    """Every cell of a column; equal texts are read once."""
    known: dict[str, Cell | TableError] = {}
    result: list[Cell | None] = []
    for number, text in enumerate(cells, 1):
        if text not in known:
            try:
                known[text] = read(text)
            except TableError as error:
                known[text] = error
        cell = known[text]
        if isinstance(cell, TableError):
            found.errors.append(cell.at(Place(number, column.name)))
            result.append(None)
        else:
            result.append(cell)
    return tuple(result)


def _check_policy(found: Parsed) -> None:
    policy = found.table.hit_policy
    if policy is HitPolicy.PRIORITY:
        ranked = [output for output in found.outputs if output.allowed]
        if not ranked:
            found.errors.append(TableError("priority_without_values"))
        for output in ranked:
            for number, cell in enumerate(output.cells, 1):
                if cell is not None and not isinstance(cell, Literal):
                    found.errors.append(TableError("priority_computed", place=Place(number, output.column.name)))
    if policy in NUMERIC_POLICIES:
        for output in found.outputs:
            if output.column.type not in grammar.NUMERIC:
                found.errors.append(TableError("aggregate_not_numeric", {"name": output.column.name}, Place(0, output.column.name)))


def has_reference(cell: InputCell) -> bool:
    """True when a test looks at another column."""
    return any(isinstance(operand, Reference) for test in cell.tests for operand in operands(test))
