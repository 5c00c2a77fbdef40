"""A table as boxes: every row the product of its cells' classes, with one class more for a fact that is missing."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from itertools import islice, product
from typing import Any

from chezhe.decisiontables.axes import Axis
from chezhe.decisiontables.boxes import Box
from chezhe.decisiontables.columns import on_missing
from chezhe.decisiontables.facts import READERS
from chezhe.decisiontables.parsed import InputColumn, Parsed, has_reference
from chezhe.decisiontables.picking import strengths
from chezhe.decisiontables.syntax import Equal, Expression, InputCell, Literal, Value, operands, references
from chezhe.decisiontables.values import HitPolicy

Facts = dict[str, Value]
# How many values of a column that looks at others are tried in each box; and values to begin with, for columns that name none.
CHOICES_MAX = 8
STARTS = (0, 1, "one", date(2026, 1, 1), date(2026, 7, 1), "2026-01-01T00:00:00+00:00", "2026-07-01T00:00:00+00:00")


class Geometry:
    """The rows of a table without mistakes as boxes.

    In column c, bits 0 to count-1 are the classes of its axis that have a value and are allowed; bit `count` stands for a missing fact.
    """

    def __init__(self, parsed: Parsed) -> None:
        self.parsed = parsed
        self.linked = _linked(parsed)
        shared = _shared(parsed, self.linked)
        self.axes = [_axis(column, shared if column.column.name in self.linked else []) for column in parsed.inputs]
        self.known: Box = tuple(_existing(axis, column.allowed) for axis, column in zip(self.axes, parsed.inputs, strict=True))
        self.boxes: list[Box] = [self._box(row) for row in range(len(parsed.table.rules))]

    def _box(self, row: int) -> Box:
        """The classes in which each cell is true; a cell that looks at other columns may be true of every known fact."""
        return tuple(
            classes & (axis.everything if self.looks(column, row) else axis.bits(_cell(column, row)))
            | (1 << axis.count if on_missing(_cell(column, row)) else 0)
            for axis, column, classes in zip(self.axes, self.parsed.inputs, self.known, strict=True)
        )

    def reach(self, row: int) -> Box:
        """The box of a row as others may take its cases away: where a cell is `-`, a missing fact adds no case of its own."""
        return tuple(
            classes if _cell(column, row).tests else classes & axis.everything
            for axis, column, classes in zip(self.axes, self.parsed.inputs, self.boxes[row], strict=True)
        )

    def looks(self, column: InputColumn, row: int) -> bool:
        """True when the cell looks at other columns."""
        return has_reference(_cell(column, row))

    def has_looks(self, row: int) -> bool:
        """True when any cell of the row looks at other columns."""
        return any(self.looks(column, row) for column in self.parsed.inputs)

    def strongest_first(self) -> list[int]:
        """The rows (0…) in the order in which they take cases from one another."""
        rows = list(range(len(self.boxes)))
        if self.parsed.table.hit_policy is HitPolicy.PRIORITY:
            ranks = strengths(self.parsed)
            rows.sort(key=lambda row: ranks[row])
        return rows

    def search(self, box: Box, shows: Callable[[Facts], bool], tries: int) -> Facts | None:
        """Facts of the box that show something. Only columns that look at one another need more than one try: elsewhere all
        values of a class fare alike."""
        for facts in islice(self._examples(box), tries):
            if shows(facts):
                return facts
        return None

    def _examples(self, box: Box) -> Iterator[Facts]:
        names = [column.column.name for column in self.parsed.inputs]
        most = [CHOICES_MAX if name in self.linked else 1 for name in names]
        choices = [list(islice(self._choices(place, classes), most[place])) for place, classes in enumerate(box)]
        for values in product(*choices):
            yield {name: value for name, value in zip(names, values, strict=True) if value is not None}

    def _choices(self, place: int, classes: int) -> Iterator[Value | None]:
        """A value of each class, the missing fact (None) last."""
        axis = self.axes[place]
        known = classes & axis.everything
        while known:
            lowest = known & -known
            yield axis.example(lowest.bit_length() - 1)
            known ^= lowest
        if classes >> axis.count & 1:
            yield None


def _cell(column: InputColumn, row: int) -> InputCell:
    cell = column.cells[row]
    assert cell is not None
    return cell


def _linked(parsed: Parsed) -> frozenset[str]:
    """The columns that look at another, or are looked at; of ANY also those its answers are worked out from."""
    found = {name for answer in _compared_answers(parsed) for name in references(answer)}
    for column in parsed.inputs:
        for cell in column.cells:
            if cell is not None and cell.references:
                found.update((column.column.name, *cell.references))
    return frozenset(found)


def _shared(parsed: Parsed, linked: frozenset[str]) -> list[Any]:
    """The values that linked columns and compared answers name, for all of them: so each can be tried just below, at and above the
    others."""
    cells = [cell for c in parsed.inputs if c.column.name in linked for cell in (c.allowed, *c.cells) if cell is not None]
    named = [o.value for cell in cells for test in cell.tests for o in operands(test) if isinstance(o, Literal)]
    return [*STARTS, *named, *(answer.value for answer in _compared_answers(parsed) if isinstance(answer, Literal))]


def _compared_answers(parsed: Parsed) -> list[Expression]:
    """The answers of ANY, whose rows may hit together as long as they say the same."""
    if parsed.table.hit_policy is not HitPolicy.ANY:
        return []
    return [cell for output in parsed.outputs for cell in output.cells if cell is not None]


def _axis(column: InputColumn, shared: list[Any]) -> Axis:
    """The axis of a column, cut at the shared values as well where they are of its type."""
    type = column.column.type
    values = [value for value in (READERS[type](value)[0] for value in shared) if value is not None]
    named = InputCell(tuple(Equal(Literal(value)) for value in values))
    return Axis(type, [column.allowed, named, *(cell for cell in column.cells if cell is not None)])


def _existing(axis: Axis, allowed: InputCell) -> int:
    found = axis.bits(allowed)
    for place in range(axis.count):
        if axis.example(place) is None:
            found &= ~(1 << place)
    return found


