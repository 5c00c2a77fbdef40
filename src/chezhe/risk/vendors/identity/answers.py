"""What identity checks answer, as frozen values."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Annotated, Literal

import msgspec

from chezhe.risk.vendors.shapes import Line

MONTHS_MAX = 480


@dataclass(frozen=True, slots=True, kw_only=True)
class IdentityCheck:
    """联网核查: whether name and number belong together. `has_photo` says whether the register holds a picture to compare with."""

    result: Literal["match", "mismatch"]
    is_deceased: bool
    has_photo: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class FaceCheck:
    """The face against the register's picture: `score` in thousandths, `is_live` that a living person stood before the camera."""

    score: Annotated[int, msgspec.Meta(ge=0, le=1000)]
    threshold: Annotated[int, msgspec.Meta(ge=500, le=1000)]
    is_live: bool
    attack: Literal["none", "replay", "mask", "synthetic"]

    @property
    def is_match(self) -> bool:
        """Alike enough, and alive."""
        return self.is_live and self.attack == "none" and self.score >= self.threshold


@dataclass(frozen=True, slots=True, kw_only=True)
class CardCheck:
    """四要素: name, number, card and mobile as the bank has them. `code` says what does not fit; "" when all does."""

    result: Literal["match", "mismatch", "unknown_card", "card_restricted"]
    code: Literal["", "name", "id_number", "mobile"]
    bank: Line
    kind: Literal["debit", "credit", "unknown"]


@dataclass(frozen=True, slots=True, kw_only=True)
class PhoneCheck:
    """三要素 of a mobile: whether it is registered to this name and number, and how many months it has been in use."""

    result: Literal["match", "mismatch"]
    months_in_use: Annotated[int, msgspec.Meta(ge=0, le=MONTHS_MAX)]
    in_use_since: date
    status: Literal["active", "suspended", "cancelled"]
    operator: Line
