"""One input column, ready to judge a fact for all rows at once."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from operator import ge, gt, le, lt
from typing import Any

from chezhe.decisiontables.axes import Axis
from chezhe.decisiontables.facts import MISSING, NOT_ALLOWED, READERS, Read
from chezhe.decisiontables.parsed import Parsed, has_reference
from chezhe.decisiontables.syntax import Comparison, Equal, InputCell, Interval, Literal, Null, Operand, Test, Value

SIGNS: dict[str, Callable[[Any, Any], bool]] = {"<": lt, "<=": le, ">": gt, ">=": ge}
Judgement = tuple[Value | None, str, int, int]  # the value, why it is unknown, rows true, rows unknown


@dataclass(frozen=True, slots=True)
class Look:
    """A cell that looks at other columns: its row's bit, its one test, and the columns."""

    bit: int
    test: Test
    names: tuple[str, ...]


class CompiledColumn:
    """The rows that hold for a value, by class; for a missing fact; and for an invalid one."""

    def __init__(self, name: str, read: Callable[[object], Read], axis: Axis, cells: list[InputCell]) -> None:
        """`cells` one a row. Cells with references count as true here and are judged by `look`."""
        self.name, self._read, self.axis = name, read, axis
        self._points, self._place, self._is_ordered = axis.points, axis.place, axis.is_ordered
        rows = [axis.everything if has_reference(cell) else axis.bits(cell) for cell in cells]
        self.true = _by_class(rows, axis.count)
        self._forbidden = 0
        every = (1 << len(cells)) - 1
        self.any = _mask(not cell.tests for cell in cells)
        self.named = _mask(bool(cell.tests) and on_missing(cell) is True for cell in cells)
        self.missing_true = self.any | self.named
        self.missing_unknown = _mask(on_missing(cell) is None for cell in cells)
        self.invalid_unknown = every & ~self.any
        self.looks = tuple(
            Look(1 << row, cell.tests[0], cell.references) for row, cell in enumerate(cells) if has_reference(cell)
        )

    def forbid(self, axis: Axis, allowed: InputCell) -> None:
        """Count values outside `allowed` as invalid."""
        self._forbidden = axis.everything & ~axis.bits(allowed)

    def judge(self, fact: object) -> Judgement:
        """What every row's cell says of the fact."""
        if fact is None:
            return None, MISSING, self.missing_true, self.missing_unknown
        value, reason = self._read(fact)
        if value is None:
            return None, reason, self.any, self.invalid_unknown
        if self._is_ordered:
            index = bisect_left(self._points, value)
            place = 2 * index + (index < len(self._points) and self._points[index] == value)
        else:
            place = self._place.get(value, len(self._points))
        if self._forbidden >> place & 1:
            return None, NOT_ALLOWED, self.any, self.invalid_unknown
        return value, "", self.true[place], 0

    def look(self, known: Mapping[str, Value], matching: list[int], unknown: list[int], place: int) -> None:
        """Judge the cells that look at other columns and put their verdicts into the masks of this place."""
        own = known.get(self.name)
        for look in self.looks:
            verdict = holds(look.test, own, known)
            if verdict is not True:
                matching[place] &= ~look.bit
            if verdict is None:
                unknown[place] |= look.bit
            else:
                unknown[place] &= ~look.bit


def holds(test: Test, own: Value | None, known: Mapping[str, Value]) -> bool | None:
    """One test with references of a fact; None when it cannot be told."""
    if isinstance(test, Equal):
        other = _value(test.operand, known)
        return None if own is None or other is None else own == other
    if isinstance(test, Comparison):
        return _compared(test.sign, own, _value(test.operand, known))
    assert isinstance(test, Interval)
    above = _compared(">=" if test.has_low else ">", own, _value(test.low, known))
    below = _compared("<=" if test.has_high else "<", own, _value(test.high, known))
    if above is False or below is False:
        return False
    return None if above is None or below is None else True


def on_missing(cell: InputCell) -> bool | None:
    """What a cell says of a missing fact: `-` and `null` True, anything else unknown (None)."""
    names_it = not cell.negated and any(isinstance(test, Null) for test in cell.tests)
    return True if names_it or not cell.tests else None


def _compared(sign: str, own: Value | None, other: Value | None) -> bool | None:
    return None if own is None or other is None else SIGNS[sign](own, other)


def _value(operand: Operand, known: Mapping[str, Value]) -> Value | None:
    return operand.value if isinstance(operand, Literal) else known.get(operand.name)


def _mask(flags: Any) -> int:
    found = 0
    for row, flag in enumerate(flags):
        if flag:
            found |= 1 << row
    return found


def _by_class(rows: list[int], count: int) -> list[int]:
    """From a set of classes for each row to a set of rows for each class, in the time of the changes only."""
    flips = [0] * (count + 1)
    for row, bits in enumerate(rows):
        changes = bits ^ (bits << 1)
        while changes:
            lowest = changes & -changes
            flips[lowest.bit_length() - 1] ^= 1 << row
            changes ^= lowest
    found, current = [], 0
    for flip in flips[:count]:
        current ^= flip
        found.append(current)
    return found


def compile_column(parsed: Parsed, place: int) -> CompiledColumn:
    """The input column at a place of a table without mistakes."""
    given = parsed.inputs[place]
    cells = [cell for cell in given.cells if cell is not None]
    axis = Axis(given.column.type, [given.allowed, *(cell for cell in cells if not has_reference(cell))])
    column = CompiledColumn(given.column.name, READERS[given.column.type], axis, cells)
    if given.allowed.tests:
        column.forbid(axis, given.allowed)
    return column
