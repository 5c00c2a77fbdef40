"""What valuation providers answer, as frozen values. Prices are whole fen."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Annotated, Literal

import msgspec

from chezhe.risk.vendors.shapes import Fen, Kilometres, Line

Condition = Literal["A", "B", "C", "D"]
Rate = Annotated[float, msgspec.Meta(ge=0, le=2)]


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelFound:
    """The model that a VIN spells."""

    model_id: Line
    brand: Line
    series: Line
    name: Line
    model_year: Annotated[int, msgspec.Meta(ge=1980, le=2070)]
    new_price_fen: Fen
    energy: Line


@dataclass(frozen=True, slots=True, kw_only=True)
class Prices:
    """Bought by a dealer from somebody (C2B), between dealers (B2B), and sold by a dealer to somebody (B2C)."""

    c2b_fen: Fen
    b2b_fen: Fen
    b2c_fen: Fen


@dataclass(frozen=True, slots=True, kw_only=True)
class ResidualPoint:
    """What will be left of today's price between dealers after so many months."""

    months: Annotated[int, msgspec.Meta(ge=0, le=120)]
    price_fen: Fen


@dataclass(frozen=True, slots=True, kw_only=True)
class Valuation:
    """One provider's answer for one car, valid until a day. `residuals` start at month 0 with the price between dealers."""

    number: Line
    model_id: Line
    valued_on: date
    valid_until: date
    city: Line
    mileage_km: Kilometres
    condition: Condition
    prices: Prices
    residuals: Annotated[tuple[ResidualPoint, ...], msgspec.Meta(min_length=1, max_length=24)]
    days_to_sell: Annotated[int, msgspec.Meta(ge=0, le=3650)]
    comparable_deals: Annotated[int, msgspec.Meta(ge=0, le=100_000)]
