"""Small values that the list templates draw."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from chezhe.ui.columns import Column


@dataclass(frozen=True, slots=True)
class Heading:
    """A column head: `url` sorts, `direction` is `asc`, `desc` or empty."""

    column: Column
    url: str
    direction: str
    is_pinned: bool = False


@dataclass(frozen=True, slots=True)
class Cell:
    """`tally` is what the browser adds up when the row is selected: whole fen or a count."""

    column: Column
    html: Any
    tally: int | None = None
    is_pinned: bool = False

    @property
    def css(self) -> str:
        return f"{self.column.css} is-pinned".strip() if self.is_pinned else self.column.css


@dataclass(frozen=True, slots=True)
class Row:
    """`key` stands in the checkbox, `name` is said of it."""

    key: Any
    name: str
    cells: list[Cell]


@dataclass(frozen=True, slots=True)
class Chip:
    """A filter that is on: `url` is this page without it."""

    label: str
    text: str
    url: str


@dataclass(frozen=True, slots=True)
class Without:
    """How many rows there would be without one of the conditions."""

    chip: Chip
    count: int
