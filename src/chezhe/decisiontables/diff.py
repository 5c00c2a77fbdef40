"""What changed between two versions of a table: the head, the columns, and the rows cell by cell, as values to draw or to print."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher

from chezhe.decisiontables.values import Column, Rule, Table

ADDED, REMOVED, CHANGED, MOVED = "added", "removed", "changed", "moved"
NOTE = ""  # no column has this name
# So many comparisons of two rows are made to recognise changed ones; beyond, they are removed and added.
COMPARISONS_MAX = 250_000


@dataclass(frozen=True, slots=True)
class Change:
    """One text that is another now. `name` is a column, an attribute, or "" for the note of a row; None stands for nothing there."""

    name: str
    before: str | None
    after: str | None


@dataclass(frozen=True, slots=True)
class ColumnChange:
    """A column `added`, `removed`, `changed` (its attributes) or `moved`; `role` is input or output."""

    kind: str
    role: str
    name: str
    changes: tuple[Change, ...] = ()


@dataclass(frozen=True, slots=True)
class RowChange:
    """A row `added`, `removed`, `changed` or `moved`, with its number before and after (None where it is not)."""

    kind: str
    before: int | None
    after: int | None
    cells: tuple[Change, ...] = ()


@dataclass(frozen=True, slots=True)
class Diff:
    """All differences; rows in the order of the new table, removed ones at their old place."""

    head: tuple[Change, ...]
    columns: tuple[ColumnChange, ...]
    rows: tuple[RowChange, ...]

    @property
    def is_empty(self) -> bool:
        """True when both tables are the same."""
        return not (self.head or self.columns or self.rows)


def diff(old: Table, new: Table) -> Diff:
    """What turns `old` into `new`. Cells count as typed; a row is recognised by its cells in the columns both have."""
    head = (("name", old.name, new.name), ("hit_policy", old.hit_policy.value, new.hit_policy.value))
    return Diff(
        tuple(Change(name, before, after) for name, before, after in head if before != after),
        (*_columns("input", old.inputs, new.inputs), *_columns("output", old.outputs, new.outputs)),
        tuple(_rows(old, new)),
    )


def _columns(role: str, old: tuple[Column, ...], new: tuple[Column, ...]) -> Iterator[ColumnChange]:
    before, after = ({column.name: column for column in columns} for columns in (old, new))
    for name in before:
        if name not in after:
            yield ColumnChange(REMOVED, role, name)
    kept_before, kept_after = ([name for name in names if name in before and name in after] for names in (before, after))
    blocks = SequenceMatcher(None, kept_before, kept_after, autojunk=False).get_matching_blocks()
    staying = {name for block in blocks for name in kept_before[block.a : block.a + block.size]}
    for name, column in after.items():
        if name not in before:
            yield ColumnChange(ADDED, role, name)
            continue
        changes = tuple(_attributes(before[name], column))
        if changes:
            yield ColumnChange(CHANGED, role, name, changes)
        if name not in staying:
            yield ColumnChange(MOVED, role, name)


def _attributes(old: Column, new: Column) -> Iterator[Change]:
    for name in ("type", "title", "unit"):
        before, after = str(getattr(old, name)), str(getattr(new, name))
        if before != after:
            yield Change(name, before, after)
    if old.values != new.values:
        yield Change("values", ", ".join(old.values), ", ".join(new.values))


Cells = dict[str, str]


def _cells(table: Table, rule: Rule) -> Cells:
    names = [column.name for column in (*table.inputs, *table.outputs)]
    return {**dict(zip(names, (*rule.when, *rule.then), strict=True)), NOTE: rule.note}


def _rows(old: Table, new: Table) -> list[RowChange]:
    before, after = ([_cells(table, rule) for rule in table.rules] for table in (old, new))
    names = {column.name for column in (*old.inputs, *old.outputs)}
    common = [column.name for column in (*new.inputs, *new.outputs) if column.name in names]
    pairs = _pairs([_key(cells, common) for cells in before], [_key(cells, common) for cells in after])
    partner = {new_row: (old_row, is_moved) for old_row, new_row, is_moved in pairs}
    kept = {old_row for old_row, _new_row, _is_moved in pairs}
    found = [RowChange(REMOVED, row + 1, None, _all(before[row], is_new=False)) for row in range(len(before)) if row not in kept]
    for row, cells in enumerate(after):
        if row not in partner:
            found.append(RowChange(ADDED, None, row + 1, _all(cells, is_new=True)))
            continue
        old_row, is_moved = partner[row]
        changes = _changes(before[old_row], cells, common)
        if changes or is_moved:
            found.append(RowChange(CHANGED if changes else MOVED, old_row + 1, row + 1, changes))
    return sorted(found, key=lambda change: (change.after or change.before or 0, change.after is not None))


Key = tuple[str, ...]


def _key(cells: Cells, common: list[str]) -> Key:
    return tuple(cells[name] for name in common)


def _pairs(before: list[Key], after: list[Key]) -> list[tuple[int, int, bool]]:
    """Which old row is which new one, and whether it moved: those in order first, then equal ones, then the most alike."""
    found: list[tuple[int, int, bool]] = []
    for block in SequenceMatcher(None, before, after, autojunk=False).get_matching_blocks():
        found += [(block.a + step, block.b + step, False) for step in range(block.size)]
    old_left = sorted(set(range(len(before))) - {pair[0] for pair in found})
    new_left = sorted(set(range(len(after))) - {pair[1] for pair in found})
    waiting: dict[Key, list[int]] = defaultdict(list)
    for row in old_left:
        waiting[before[row]].append(row)
    for row in list(new_left):
        if waiting[after[row]]:
            found.append((waiting[after[row]].pop(0), row, True))
            new_left.remove(row)
    taken = {pair[0] for pair in found}
    return found + _alike([row for row in old_left if row not in taken], new_left, before, after)


def _alike(old_left: list[int], new_left: list[int], before: list[Key], after: list[Key]) -> list[tuple[int, int, bool]]:
    """Rows that share at least half their cells, each new one with the likest old one that is left, nearest first."""
    found: list[tuple[int, int, bool]] = []
    if len(old_left) * len(new_left) > COMPARISONS_MAX:
        return found
    for row in new_left:
        width = len(after[row])
        best = max(old_left, key=lambda old: (_shared(before[old], after[row]), -abs(old - row)), default=None)
        if best is not None and width and 2 * _shared(before[best], after[row]) >= width:
            found.append((best, row, False))
            old_left.remove(best)
    return found


def _shared(one: Key, other: Key) -> int:
    return sum(mine == yours for mine, yours in zip(one, other, strict=True))


def _changes(old: Cells, new: Cells, common: list[str]) -> tuple[Change, ...]:
    found = [Change(name, old[name], new[name]) for name in (*common, NOTE) if old[name] != new[name]]
    added = [(name, text) for name, text in new.items() if name not in old]
    return (*found, *(Change(name, None, text) for name, text in added if text.strip() not in ("", "-")))


def _all(cells: Cells, *, is_new: bool) -> tuple[Change, ...]:
    return tuple(Change(name, None if is_new else text, text if is_new else None) for name, text in cells.items() if name or text)
