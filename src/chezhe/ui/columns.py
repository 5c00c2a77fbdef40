"""Columns of a list page: what a cell shows, how it sorts, what it exports."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from chezhe.ui import formats
from chezhe.ui.markup import markup
from chezhe.ui.status import Status, StatusMap, status_html

KINDS = ("text", "link", "identifier", "money", "rate", "number", "date", "moment", "status", "yes_no")
_RIGHT = {"money", "rate", "number"}
_FORMATTERS: dict[str, Callable[[Any], str]] = {
    "money": formats.money, "rate": formats.rate, "number": formats.number, "date": formats.day, "moment": formats.moment,
}
_UNBROKEN = {"date", "moment", "status", "identifier", "yes_no"}


@dataclass(frozen=True, slots=True)
class Column:
    """One column.

    `key` names the value: an attribute path of the row (`customer.name`), unless `value` computes it.
    `kind` is one of KINDS; `identifier` is for ID, VIN, card and loan numbers: text in every export.
    `sortable` sorts the database by `sort` (default: the key). `url(row)` is the link of kind `link`.
    `statuses` maps the raw value to a `Status`. Money columns are summed in the foot unless `total` is False;
    a summed column must be a field of the model. `export` False keeps a column on the screen only.
    `shown` False leaves a column out until a person chooses it. `gather(rows)` is called once with the rows of a page, before
    their cells, by a column that is shown: what it shows is read for all of them together (such a column stands in no file).
    """

    key: str
    label: Any
    kind: str = "text"
    sortable: bool = False
    sort: str = ""
    url: Callable[[Any], str] | None = None
    value: Callable[[Any], Any] | None = None
    statuses: StatusMap | None = None
    total: bool | None = None
    export: bool = True
    phone: bool = True
    hint: Any = ""
    shown: bool = True
    gather: Callable[[Sequence[Any]], object] | None = None

    def __post_init__(self) -> None:
        if self.kind not in KINDS:
            raise ValueError(f"unknown column kind {self.kind!r}; known: {', '.join(KINDS)}")
        if self.gather is not None and self.export:
            raise ValueError(f"column {self.key} is read by the page and cannot be exported row by row")

    @property
    def sort_field(self) -> str:
        return self.sort or self.key.replace(".", "__")

    @property
    def sum_field(self) -> str:
        return self.key.replace(".", "__")

    @property
    def is_summed(self) -> bool:
        return self.total if self.total is not None else self.kind == "money" and self.value is None

    @property
    def css(self) -> str:
        """Alignment, wrapping and phone behaviour of the cells."""
        parts = ("num" if self.kind in _RIGHT else "", "whole" if self.kind in _UNBROKEN else "", "" if self.phone else "not-on-phone")
        return " ".join(filter(None, parts))

    def tally(self, row: Any) -> int | None:
        """What the browser adds up when rows are selected: whole fen of money, the count of a number."""
        raw = self.raw(row)
        whole = getattr(raw, "fen", raw)
        return whole if isinstance(whole, int) and not isinstance(whole, bool) else None

    def raw(self, row: Any) -> Any:
        """The value itself, before any formatting; as in a template, a method (`get_kind_display`) is asked."""
        if self.value is not None:
            return self.value(row)
        for step in self.key.split("."):
            if row is None:
                return None
            row = row.get(step) if isinstance(row, dict) else getattr(row, step)
        return row() if callable(row) else row

    def html(self, row: Any) -> Any:
        """The cell as shown; always escaped."""
        raw = self.raw(row)
        if self.kind == "money":
            return formats.money_html(raw)
        if self.kind == "status" and raw is not None:
            return status_html(self.status(raw))
        text = self.text(raw)
        if self.kind == "link" and self.url is not None:
            return markup('<a href="{}" class="row-link">{}</a>', self.url(row), text)
        if self.kind == "identifier":
            return markup('<span class="code">{}</span>', text)
        return text

    def status(self, raw: Any) -> Status:
        found = (self.statuses or {}).get(raw)
        return found or Status(raw)

    def text(self, raw: Any) -> str:
        """The value in words, as on screen."""
        if raw is None or raw == "":
            return formats.MISSING
        if self.kind == "status":
            return str(raw.label if isinstance(raw, Status) else self.status(raw).label)
        if self.kind == "yes_no":
            return _("是") if raw else _("否")
        return str(_FORMATTERS.get(self.kind, str)(raw))
