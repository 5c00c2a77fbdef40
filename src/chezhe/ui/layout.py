"""Which columns a person sees, in which order, and which stay in sight: from the URL, checked against what the list declares."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from chezhe.ui.columns import Column

DENSITIES = ("compact", "normal", "roomy")


@dataclass(frozen=True, slots=True)
class Layout:
    """`shown` with the pinned ones first, `hidden` in declared order; `cols` and `pins` are their words in the URL."""

    shown: tuple[Column, ...]
    hidden: tuple[Column, ...]
    pinned: frozenset[str]
    cols: str
    pins: str

    @property
    def is_own(self) -> bool:
        """Whether somebody arranged it, rather than the list itself."""
        return bool(self.cols or self.pins)


def read(declared: Sequence[Column], cols: str, pins: str) -> Layout:
    """The layout that two comma-separated lists of column keys ask for; what no column is called is left out."""
    known = {column.key: column for column in declared}
    usual = [column.key for column in declared if column.shown]
    chosen = _known(cols, known) or usual
    pinned = [key for key in _known(pins, known) if key in chosen]
    ordered = pinned + [key for key in chosen if key not in pinned]
    return Layout(
        shown=tuple(known[key] for key in ordered), hidden=tuple(c for c in declared if c.key not in ordered),
        pinned=frozenset(pinned), cols="" if chosen == usual else ",".join(chosen), pins=",".join(pinned),
    )


def _known(keys: str, known: dict[str, Column]) -> list[str]:
    """In the order given, each once."""
    return [key for key in dict.fromkeys(keys.split(",")) if key in known]
