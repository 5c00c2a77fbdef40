"""What is wrong with a table, before anybody is decided by it: each finding with the place, and an input that shows it.

Severity `error`: the table cannot be compiled, or a row of it can never do what it says. `warning`: it works, but look at it.
Gaps, overlaps and rows that are never reached are worked out exactly on the products of intervals and finite sets that the rows are. Two
things limit that, and both are said as `lint_incomplete`, never kept silent: a bound of work, and cells that look at other columns,
where an example that cannot be found is no proof that there is none.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial

from chezhe.decisiontables.boxes import TooMuchWork, Work, is_inside, meet, uncovered
from chezhe.decisiontables.closures import Compiled
from chezhe.decisiontables.geometry import Geometry
from chezhe.decisiontables.parsed import Parsed, parse
from chezhe.decisiontables.results import Outcome
from chezhe.decisiontables.syntax import Value, print_input
from chezhe.decisiontables.values import HitPolicy, Table, TableError

ERROR, WARNING = "error", "warning"
ORDERED_POLICIES = (HitPolicy.FIRST, HitPolicy.PRIORITY)
SINGLE_POLICIES = (HitPolicy.FIRST, HitPolicy.PRIORITY, HitPolicy.UNIQUE, HitPolicy.ANY)
# An example for a row that looks at other columns is searched among so many.
TRIES_MAX = 200


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing to correct. `facts` fill the sentence of `code` (`sentences`); `example` are facts that show it, None for a typing error.

    `row` counts from 1, 0 for the table or a column's head; `column` is a name or "".
    """

    code: str
    severity: str
    row: int = 0
    column: str = ""
    facts: Mapping[str, object] = field(default_factory=dict)
    example: Mapping[str, Value] | None = None


def lint(table: Table) -> list[Finding]:
    """Every finding, in the order of the rows. An empty list means: complete, free of contradiction, nothing unreachable."""
    try:
        parsed = parse(table)
    except TableError as error:
        return [_of_error(error)]
    found = [_of_error(error) for error in parsed.errors]
    if not table.rules:
        found.append(Finding("empty_table", ERROR))
    elif found:
        found.append(Finding("lint_incomplete", WARNING, facts={"why": "cells"}))
    else:
        found += _Examination(parsed).findings()
    return sorted(found, key=lambda finding: finding.row)


def _of_error(error: TableError) -> Finding:
    return Finding(error.code, ERROR, error.place.row, error.place.column, error.facts)


class _Examination:
    """The lint of a table whose cells are all well."""

    def __init__(self, parsed: Parsed) -> None:
        self.parsed, self.policy = parsed, parsed.table.hit_policy
        self.geometry = Geometry(parsed)
        self.compiled = Compiled(parsed.table)
        self.work = Work()
        self.dead: set[int] = set()  # rows that need not be looked at again
        self.doubts: set[str] = set()

    def findings(self) -> list[Finding]:
        """All of them; what could not be finished is one finding more."""
        found = [*self._never_true(), *self._duplicates()]
        for look in (self._overlaps, self._unreachable, self._gap):
            try:
                found += look()
            except TooMuchWork:
                self.doubts.add("work")
                self.work = Work()
        return found + [Finding("lint_incomplete", WARNING, facts={"why": why}) for why in sorted(self.doubts)]

    def _never_true(self) -> Iterator[Finding]:
        for row, box in enumerate(self.geometry.boxes):
            for place, classes in enumerate(box):
                if not classes:
                    self.dead.add(row)
                    name, text = self.parsed.inputs[place].column.name, self.parsed.table.rules[row].when[place]
                    yield Finding("cell_never_true", ERROR, row + 1, name, {"text": text[:60]})

    def _duplicates(self) -> Iterator[Finding]:
        """Rows that ask what another asks; where outputs have an order, the weaker of the two is the one too many."""
        seen: dict[tuple[object, ...], int] = {}
        for row in self.geometry.strongest_first():
            if row in self.dead:
                continue
            box = self.geometry.boxes[row]
            looks = tuple(print_input(c.cells[row]) for c in self.parsed.inputs if self.geometry.looks(c, row))  # type: ignore[arg-type]
            answer = self.parsed.table.rules[row].then
            # A collecting table may well give two answers for one condition; the very same row twice is a slip anywhere.
            key = (box, looks, answer) if self.policy.is_collecting else (box, looks)
            if key in seen:
                self.dead.add(row)
                example = self._example(box, row)
                yield Finding("duplicate_row", ERROR, row + 1, "", {"other": seen[key] + 1}, example)
            else:
                seen[key] = row

    def _overlaps(self) -> Iterator[Finding]:
        """Two rows of UNIQUE that can hit together, or of ANY with different answers; one finding for the later row."""
        if self.policy not in (HitPolicy.UNIQUE, HitPolicy.ANY):
            return
        boxes = self.geometry.boxes
        for row in range(len(boxes)):
            self.work.spend(row)
            for other in range(row):
                shared = None if {row, other} & self.dead else meet(boxes[row], boxes[other])
                if shared is None or (self.policy is HitPolicy.ANY and self._same_answer(row, other)):
                    continue
                example = self.geometry.search(shared, partial(self._contradicts, other + 1, row + 1), TRIES_MAX)
                if example is not None:
                    yield Finding("overlap", ERROR, row + 1, "", {"other": other + 1}, example)
                    break
                self.doubts.add("references")

    def _same_answer(self, row: int, other: int) -> bool:
        return all(output.cells[row] == output.cells[other] for output in self.parsed.outputs)

    def _contradicts(self, row: int, other: int, facts: Mapping[str, Value]) -> bool:
        result = self.compiled.evaluate(facts)
        return result.outcome is Outcome.ERROR and {row, other} <= set(result.rows_hit)

    def _unreachable(self) -> Iterator[Finding]:
        """Rows of FIRST and PRIORITY all of whose cases go to rows before them."""
        if self.policy not in ORDERED_POLICIES:
            return
        order = self.geometry.strongest_first()
        before: list[int] = []
        for row in order:
            if row not in self.dead:
                yield from self._behind(row, before)
            if not self.geometry.has_looks(row):  # a row that looks elsewhere covers nothing for certain
                before.append(row)

    def _behind(self, row: int, before: list[int]) -> Iterator[Finding]:
        target = self.geometry.reach(row)
        self.work.spend(len(before))
        boxes = self.geometry.boxes
        near = [other for other in before if meet(target, boxes[other]) is not None]
        whole = next((other for other in near if is_inside(target, boxes[other])), None)
        if whole is not None:
            yield Finding("shadowed_row", ERROR, row + 1, "", {"other": whole + 1}, self._example(target, row))
        elif next(uncovered(target, [boxes[other] for other in near], self.work), None) is None:
            others = ", ".join(str(other + 1) for other in sorted(near)[:12])
            yield Finding("unreachable_row", ERROR, row + 1, "", {"others": others}, self._example(target, row))

    def _example(self, box: tuple[int, ...], row: int) -> Mapping[str, Value] | None:
        """Facts for which the row is true; None when its references could not be satisfied."""
        bit = 1 << row
        return self.geometry.search(box, lambda facts: bool(self.compiled.evaluate(facts).trace.hits & bit), TRIES_MAX)

    def _gap(self) -> Iterator[Finding]:
        """Known facts that no row takes."""
        if self.policy not in SINGLE_POLICIES:
            return
        certain = [box for row, box in enumerate(self.geometry.boxes) if not self.geometry.has_looks(row)]
        for tries, hole in enumerate(uncovered(self.geometry.known, certain, self.work)):
            example = self.geometry.search(hole, lambda facts: self.compiled.evaluate(facts).outcome is Outcome.NONE, TRIES_MAX)
            if example is not None:
                yield Finding("gap", WARNING, 0, "", {}, example)
                if self.policy in ORDERED_POLICIES:
                    yield Finding("no_otherwise", WARNING, 0, "", {}, example)
                return
            self.doubts.add("references")
            if tries > TRIES_MAX:
                return
