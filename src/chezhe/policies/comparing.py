"""Two versions of a table side by side: what changed in words, then cell by cell."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from chezhe.decisiontables import diff
from chezhe.decisiontables.diff import ADDED, CHANGED, MOVED, NOTE, REMOVED, Change, ColumnChange, Diff, RowChange
from chezhe.decisiontables.values import Column, Table
from chezhe.policies import labels
from chezhe.policies.models import PolicyVersion
from chezhe.policies.rules import ANY
from chezhe.ui.status import Status

KINDS = {
    ADDED: Status(pgettext_lazy("diff", "新增"), "good", "plus"), REMOVED: Status(pgettext_lazy("diff", "删去"), "danger", "minus"),
    CHANGED: Status(pgettext_lazy("diff", "修改"), "warning", "pencil"),
    MOVED: Status(pgettext_lazy("diff", "移动"), "info", "arrows-sort"),
}
_ATTRIBUTES = {
    "title": gettext_lazy("名称"), "type": gettext_lazy("类型"), "unit": pgettext_lazy("table", "单位"), "values": gettext_lazy("可用的值"),
}


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell before and after; `kind` is `same`, `changed`, `added` or `removed`."""

    kind: str
    before: str = ""
    after: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """A row that is not as before; `place` is its number, or `2 → 5`."""

    kind: str
    place: str
    cells: Sequence[Cell]

    @property
    def status(self) -> Status:
        return KINDS[self.kind]


@dataclass(frozen=True, slots=True)
class Comparison:
    """What turns one version into the other. Only columns in which something changed are shown."""

    sentences: Sequence[str]
    headings: Sequence[str]
    rows: Sequence[Row]

    @property
    def is_same(self) -> bool:
        return not self.sentences


def compare(before: PolicyVersion, after: PolicyVersion) -> Comparison:
    """What `after` changes against `before`."""
    return _Wording(before, after).comparison()


class _Wording:
    """The differences of two tables in the words of their policy."""

    def __init__(self, before: PolicyVersion, after: PolicyVersion) -> None:
        self.old, self.new = before.table, after.table
        self.diff: Diff = diff.diff(self.old, self.new)
        self.columns = {**_columns(self.old), **_columns(self.new)}
        self.headings = {**labels.titles(after.policy, self.columns.values()), NOTE: _("说明")}

    def comparison(self) -> Comparison:
        shown = self._shown()
        return Comparison(
            [*self._head(), *map(self._column, self.diff.columns), *(one for row in self.diff.rows for one in self._row(row))],
            [self.headings[name] for name in shown], [self._drawn(row, shown) for row in self.diff.rows],
        )

    def _shown(self) -> list[str]:
        touched = {change.name for row in self.diff.rows for change in row.cells if _text(change.before) != _text(change.after)}
        return [name for name in (*self.columns, NOTE) if name in touched]

    def _head(self) -> Iterator[str]:
        for change in self.diff.head:
            if change.name == "hit_policy":
                given = {"before": labels.HIT_POLICIES[str(change.before)], "after": labels.HIT_POLICIES[str(change.after)]}
                yield _("判法由“%(before)s”改为“%(after)s”。") % given

    def _column(self, change: ColumnChange) -> str:
        facts = {"column": self.headings[change.name]}
        if change.kind == CHANGED:
            parts = [f"{_ATTRIBUTES[one.name]} {one.before or '—'} → {one.after or '—'}" for one in change.changes]
            return _("列“%(column)s”：%(changes)s。") % {**facts, "changes": _("、").join(parts)}
        words = {ADDED: _("新增列“%(column)s”。"), REMOVED: _("删去列“%(column)s”。"), MOVED: _("列“%(column)s”换了位置。")}
        return words[change.kind] % facts

    def _row(self, change: RowChange) -> Iterator[str]:
        facts = {"before": change.before, "after": change.after}
        if change.before is None or change.after is None:
            words = _("新增第 %(after)s 行：%(row)s。") if change.kind == ADDED else _("删去原第 %(before)s 行：%(row)s。")
            yield words % {**facts, "row": self._whole(change)}
            return
        if change.kind == MOVED:
            yield _("原第 %(before)s 行移到第 %(after)s 行。") % facts
        for cell in change.cells:
            given = {"from": self._said(cell.name, cell.before), "to": self._said(cell.name, cell.after)}
            yield _("第 %(after)s 行“%(column)s”由 %(from)s 改为 %(to)s。") % {**facts, **given, "column": self.headings[cell.name]}

    def _whole(self, change: RowChange) -> str:
        """A row that came or went, by what it asks and says."""
        kept = [(cell.name, cell.after if cell.before is None else cell.before) for cell in change.cells]
        return _("、").join(f"{self.headings[name]} {self._said(name, text)}" for name, text in kept if text not in (None, "", ANY))

    def _said(self, name: str, text: str | None) -> str:
        if text in (None, ""):
            return _("（空）")
        if text == ANY:
            return _("不限")
        return labels.cell_words(self.columns[name], str(text)) if name in self.columns else str(text)

    def _drawn(self, change: RowChange, shown: Sequence[str]) -> Row:
        place = str(change.after or change.before)
        if change.kind in (MOVED, CHANGED) and change.before != change.after:
            place = f"{change.before} → {change.after}"
        changed = {cell.name: cell for cell in change.cells}
        now = _cells(self.new, change.after) if change.after else {}
        return Row(change.kind, place, [self._cell(changed.get(name), name, now) for name in shown])

    def _cell(self, change: Change | None, name: str, now: Mapping[str, str]) -> Cell:
        if change is None:
            return Cell("same", after=self._plain(name, now.get(name, "")))
        before, after = self._plain(name, change.before or ""), self._plain(name, change.after or "")
        kind = "added" if change.before is None else "removed" if change.after is None else "changed"
        return Cell(kind, before, after)

    def _plain(self, name: str, text: str) -> str:
        return labels.cell_words(self.columns[name], text) if name in self.columns else text


def _columns(table: Table) -> dict[str, Column]:
    return {column.name: column for column in (*table.inputs, *table.outputs)}


def _cells(table: Table, row: int) -> dict[str, str]:
    rule = table.rules[row - 1]
    names = [column.name for column in (*table.inputs, *table.outputs)]
    return {**dict(zip(names, (*rule.when, *rule.then), strict=True)), NOTE: rule.note}


def _text(text: str | None) -> str:
    return ANY if text in (None, "") else str(text)
