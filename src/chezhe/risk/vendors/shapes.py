"""Bounds of what outside sources can say; a value beyond them is no answer."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any

import msgspec

Fen = Annotated[int, msgspec.Meta(ge=0, le=10**13)]
SignedFen = Annotated[int, msgspec.Meta(ge=-(10**13), le=10**13)]
Count = Annotated[int, msgspec.Meta(ge=0, le=1_000_000)]
Kilometres = Annotated[int, msgspec.Meta(ge=0, le=3_000_000)]
Share = Annotated[float, msgspec.Meta(ge=0, le=1)]
Line = Annotated[str, msgspec.Meta(max_length=200)]
Words = Annotated[str, msgspec.Meta(max_length=2000)]


def told(answer: object) -> Any:
    """An answer as JSON carries it: days and moments as text."""
    return msgspec.to_builtins(answer)


def not_after(on: date, *days: date | datetime | None) -> bool:
    """Whether none of these days lies behind the day of the answer."""
    return all(day is None or _day(day) <= on for day in days)


def _day(day: date | datetime) -> date:
    return day.date() if isinstance(day, datetime) else day
