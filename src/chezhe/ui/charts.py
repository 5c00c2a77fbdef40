"""Charts described by values; the browser draws them, and every chart has a table that says the same."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from chezhe.ui import formats

KINDS = ("line", "area", "bar", "stacked", "stacked_area", "rows", "heatmap", "bullet", "gauge", "funnel", "graph", "waterfall")
MEASURES = ("money", "rate", "count", "index")


@dataclass(frozen=True, slots=True)
class Series:
    """Values in the order of the categories: fen (or Money), Decimal fractions or pure numbers, or counts; None is a gap.

    `kind` mixes a line into bars; `tone` (good, warning, danger, info) fixes the colour where it means something; c1 to
    c6 are those of the palette.
    """

    name: Any
    values: Sequence[Any]
    kind: str | None = None
    tone: str | None = None


@dataclass(frozen=True, slots=True)
class Node:
    """A point of a network chart: a click opens `url`; `level` is how far it stands from the middle (None: all in one circle).

    Points of one `group` have one colour; `tone` (good, warning, danger, info, faint) fixes it where it means something.
    """

    id: str
    name: str
    group: str
    url: str = ""
    level: int | None = None
    tone: str = ""


@dataclass(frozen=True, slots=True)
class Tie:
    """A line of a network chart."""

    source: str
    target: str
    label: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Chart:
    """`kind` of KINDS, `measure` of MEASURES. `source` says where the figures come from, `refreshed_at` when.

    `limit` is drawn as a line, and `warning` as a milder one before it. The measure index is a pure number (PSI) with three decimals.
    rows: bars lying down. bullet: the first series is the actual, the second the target. gauge: one value and `limit`.
    heatmap: `categories` across, one series per row. waterfall: one series; first and last value are totals.
    graph: `nodes` and `ties`.
    """

    id: str
    kind: str
    title: Any
    measure: str = "count"
    unit: Any = ""
    categories: Sequence[Any] = ()
    series: Sequence[Series] = ()
    nodes: Sequence[Node] = ()
    ties: Sequence[Tie] = ()
    limit: Any = None
    limit_label: Any = ""
    warning: Any = None
    warning_label: Any = ""
    source: Any = ""
    refreshed_at: datetime | None = None
    height: int = 260
    category_label: Any = field(default="")

    def __post_init__(self) -> None:
        if self.kind not in KINDS or self.measure not in MEASURES:
            raise ValueError(f"unknown chart kind or measure: {self.kind}, {self.measure}")

    def text(self, value: Any) -> str:
        """One value as the table shows it."""
        if value is None:
            return formats.MISSING
        if self.measure == "money":
            return formats.money(value)
        if self.measure == "index":
            return formats.index(value)
        return formats.rate(value) if self.measure == "rate" else f"{formats.number(value)}{self.unit}"

    @property
    def data_id(self) -> str:
        return f"{self.id}-data"

    @property
    def table_head(self) -> list[str]:
        if self.kind == "graph":
            return [_("起点"), _("关系"), _("终点")]
        return [str(self.category_label or ""), *(str(s.name) for s in self.series)]

    @property
    def table_rows(self) -> list[list[str]]:
        if self.kind == "graph":
            names = {n.id: n.name for n in self.nodes}
            return [[names[t.source], t.label, names[t.target]] for t in self.ties]
        return [[str(name), *(self.text(s.values[i]) for s in self.series)] for i, name in enumerate(self.categories)]

    @property
    def is_empty(self) -> bool:
        return not self.ties and all(v is None for s in self.series for v in s.values)

    @property
    def described(self) -> dict[str, Any]:
        """What the browser draws from (json_script)."""
        series = [{"name": str(s.name), "values": [_plain(v) for v in s.values], "kind": s.kind, "tone": s.tone} for s in self.series]
        cells = [[x, y, _plain(v)] for y, s in enumerate(self.series) for x, v in enumerate(s.values)] if self.kind == "heatmap" else []
        return {
            "kind": self.kind, "title": str(self.title), "measure": self.measure, "unit": str(self.unit), "wan": _("万"),
            "categories": [str(c) for c in self.categories], "series": series, "cells": cells,
            "rows": [str(s.name) for s in self.series], "limit": _plain(self.limit), "limit_label": str(self.limit_label),
            "warning": _plain(self.warning), "warning_label": str(self.warning_label),
            "nodes": [{"id": n.id, "name": n.name, "group": n.group, "url": n.url, "level": n.level, "tone": n.tone} for n in self.nodes],
            "links": [{"source": t.source, "target": t.target, "label": t.label} for t in self.ties],
        }


def _plain(value: Any) -> Any:
    """Fen and counts as they are; a fraction as text, so that no float stands between the books and the picture."""
    if value is None or isinstance(value, int):
        return value
    return str(value) if isinstance(value, Decimal) else formats.fen_of(value)
