"""What the inbox shows of requests beside the requests themselves: the room of a kind brings its figures as columns that sort."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

from chezhe.ui.columns import Column
from chezhe.ui.filters import Filter


@dataclass(frozen=True, slots=True)
class Figures:
    """`annotate(rows)` adds the values to the requests, `columns()` shows them, `filters()` narrows by them."""

    annotate: Callable[[QuerySet[Any]], QuerySet[Any]]
    columns: Callable[[], Sequence[Column]]
    filters: Callable[[], Sequence[Filter]]


_BROUGHT: dict[str, Figures] = {}


def register(kind: str, figures: Figures) -> None:
    """Call it in `AppConfig.ready`; registering a kind again replaces it."""
    _BROUGHT[kind] = figures


def annotated(rows: QuerySet[Any]) -> QuerySet[Any]:
    """The requests with what every room says of its own."""
    for figures in _BROUGHT.values():
        rows = figures.annotate(rows)
    return rows


def columns() -> list[Column]:
    """The columns of every room."""
    return [column for figures in _BROUGHT.values() for column in figures.columns()]


def filters() -> list[Filter]:
    """The filters of every room."""
    return [found for figures in _BROUGHT.values() for found in figures.filters()]
