"""What a provider of sanction and watch lists delivers, as frozen values."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Annotated, Literal

import msgspec

from chezhe.risk.vendors.shapes import Line

Kind = Literal["sanction", "terror", "pep", "wanted"]


@dataclass(frozen=True, slots=True, kw_only=True)
class ListEntry:
    """One party: its names in every writing known, the year of birth or founding and identity numbers where the list has them."""

    number: Line
    kind: Kind
    list_name: Line
    is_person: bool
    names: Annotated[tuple[Line, ...], msgspec.Meta(min_length=1, max_length=40)]
    born_year: Annotated[int, msgspec.Meta(ge=1850, le=2100)] | None
    id_numbers: Annotated[tuple[Line, ...], msgspec.Meta(max_length=20)]
    listed_on: date
    delisted_on: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class WatchList:
    """A whole version of the list; `digest` is over its entries, so that a cut one is not taken for the whole."""

    version: Line
    published_on: date
    digest: Line
    entries: Annotated[tuple[ListEntry, ...], msgspec.Meta(max_length=200_000)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """A name that is like one on the list: `score` in thousandths, `matched` the writing that came closest."""

    entry: ListEntry
    score: Annotated[int, msgspec.Meta(ge=0, le=1000)]
    matched: Line


@dataclass(frozen=True, slots=True, kw_only=True)
class Screening:
    """The answer for one name, against which version."""

    version: Line
    screened_on: date
    hits: Annotated[tuple[Hit, ...], msgspec.Meta(max_length=100)]
