"""What the exchange of lenders answers (多头借贷), as frozen values."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Annotated, Literal

import msgspec

from chezhe.risk.vendors.shapes import Count, Line

DAYS = (7, 30, 90)


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """So many days back: how many different lenders were applied to, and how many applications there were."""

    days: Annotated[int, msgspec.Meta(ge=1, le=400)]
    lenders: Count
    applications: Count


@dataclass(frozen=True, slots=True, kw_only=True)
class LendersAnswer:
    """Windows of growing length, as of a day; whether the exchange has arrears elsewhere on record, and of which kind."""

    as_of: date
    windows: Annotated[tuple[Window, ...], msgspec.Meta(min_length=1, max_length=10)]
    arrears: Literal["none", "present", "past"]
    listed_by: tuple[Line, ...]
