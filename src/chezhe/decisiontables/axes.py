"""One input column cut into classes: all values of a class fare alike in every row of the table.

For an ordered type the classes are the numbers a cell names and the stretches between them (class 2k+1 is the k-th number, 2k the
stretch before it); for text and booleans they are the values named, and one class for all others. A cell is then a set of classes, a
whole number whose bit c stands for class c, and testing a fact is one search. Lint works on the same classes, so it is exact.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from chezhe.decisiontables.facts import BOUND, EXACT, STEP
from chezhe.decisiontables.grammar import ORDERED
from chezhe.decisiontables.syntax import Comparison, Equal, InputCell, Interval, Literal, Null, Test, Value, operands
from chezhe.decisiontables.values import Type


class Axis:
    """The classes of one column."""

    def __init__(self, type: Type, cells: Iterable[InputCell]) -> None:
        """Cut the column at every literal of `cells`."""
        named = {o.value for cell in cells for test in cell.tests for o in operands(test) if isinstance(o, Literal)}
        self.type = type
        self.is_ordered = type in ORDERED
        self.points: list[Any] = sorted(named | ({False, True} if type is Type.BOOLEAN else set()))
        self.place = {value: index for index, value in enumerate(self.points)}
        self.count = 2 * len(self.points) + 1 if self.is_ordered else len(self.points) + (type is not Type.BOOLEAN)
        self.everything = (1 << self.count) - 1

    def class_of(self, value: Any) -> int:
        """The class of a value of the column's type."""
        if not self.is_ordered:
            return self.place.get(value, len(self.points))
        index = bisect_left(self.points, value)
        return 2 * index + 1 if index < len(self.points) and self.points[index] == value else 2 * index

    def bits(self, cell: InputCell) -> int:
        """The classes in which a cell without references is true of a known fact."""
        if not cell.tests:
            return self.everything
        found = 0
        for test in cell.tests:
            found |= self._bits(test)
        return self.everything & ~found if cell.negated else found

    def _bits(self, test: Test) -> int:
        if isinstance(test, Null):
            return 0
        if isinstance(test, Interval):
            low, high = self._class(test.low), self._class(test.high)
            return _range(low if test.has_low else low + 1, high if test.has_high else high - 1)
        place = self._class(test.operand)
        if isinstance(test, Equal):
            return 1 << place
        assert isinstance(test, Comparison)
        if test.sign[0] == "<":
            return _range(0, place if test.sign == "<=" else place - 1)
        return _range(place if test.sign == ">=" else place + 1, self.count - 1)

    def _class(self, operand: object) -> int:
        assert isinstance(operand, Literal)
        return self.class_of(operand.value)

    def example(self, place: int) -> Value | None:
        """A value of the class; None when the class is empty (no whole number lies between 3 and 4)."""
        if not self.is_ordered:
            return self.points[place] if place < len(self.points) else self._another_text()
        index = place // 2
        if place % 2:
            return self.points[index]  # type: ignore[no-any-return]
        low = self.points[index - 1] if index else None
        high = self.points[index] if index < len(self.points) else None
        return _between(self.type, low, high)

    def _another_text(self) -> str:
        number = 1
        while (text := f"other{number if number > 1 else ''}") in self.place:
            number += 1
        return text


def _range(first: int, last: int) -> int:
    return ((1 << (last - first + 1)) - 1) << first if last >= first else 0


def _between(type: Type, low: Any, high: Any) -> Value | None:
    """A round value strictly between; None when there is none. An end that is None is open."""
    if type is Type.NUMBER:
        return _number_between(low, high)
    if type is Type.INTEGER:
        found = 0 if low is None and high is None else high - 1 if low is None else low + 1
        return found if (high is None or found < high) and -BOUND < found < BOUND else None
    step = timedelta(days=1) if type is Type.DATE else timedelta(seconds=1)
    if low is None and high is None:
        return date(2026, 1, 1) if type is Type.DATE else datetime.fromisoformat("2026-01-01T00:00:00+00:00")
    try:
        moment = high - step if low is None else low + step
        if high is not None and moment >= high:
            moment = low + (high - low) / 2 if type is Type.DATETIME else high
    except OverflowError:
        return None
    return moment if (high is None or moment < high) and (low is None or moment > low) else None


def _number_between(low: Decimal | None, high: Decimal | None) -> Value | None:
    if low is None or high is None:
        found = Decimal(0) if low is high else high - 1 if high is not None else low + 1  # type: ignore[operator]
        return found if -BOUND < found < BOUND else None
    whole = Decimal(int(low) + 1)
    if low < whole < high:
        return whole
    middle = EXACT.quantize(EXACT.divide(EXACT.add(low, high), Decimal(2)), STEP)
    return middle.normalize(EXACT) if low < middle < high else None
