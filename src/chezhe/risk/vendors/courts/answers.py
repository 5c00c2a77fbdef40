"""What the courts' lists answer, as frozen values."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Annotated, Literal

import msgspec

from chezhe.risk.vendors.shapes import Fen, Line


@dataclass(frozen=True, slots=True, kw_only=True)
class CourtEntry:
    """One entry: `enforcement` is 失信被执行人, `ban` 限制高消费, `civil` a lawsuit about money with this party as defendant."""

    kind: Literal["enforcement", "ban", "civil"]
    number: Line
    court: Line
    filed_on: date
    amount_fen: Fen
    closed_on: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class CourtAnswer:
    """All entries of a person or company, closed ones included, as of a day."""

    as_of: date
    entries: Annotated[tuple[CourtEntry, ...], msgspec.Meta(max_length=500)]
