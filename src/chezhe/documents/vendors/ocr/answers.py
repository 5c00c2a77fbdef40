"""What the reading service answers, as frozen values; a value beyond these bounds is no answer."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Literal

import msgspec

Why = Literal["", "no_picture", "nothing_readable", "other_paper"]


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldAnswer:
    """One field as the service saw it; `confidence` 0..1 is its own estimate of being right."""

    name: Annotated[str, msgspec.Meta(max_length=40)]
    value: Annotated[str, msgspec.Meta(min_length=1, max_length=200)]
    confidence: Annotated[float, msgspec.Meta(ge=0, le=1)]


@dataclass(frozen=True, slots=True, kw_only=True)
class PaperAnswer:
    """`fields` of a paper that was recognised, or `why` it was not."""

    why: Why
    fields: Annotated[tuple[FieldAnswer, ...], msgspec.Meta(max_length=40)]
