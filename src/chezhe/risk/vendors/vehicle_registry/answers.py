"""What the vehicle registry, the insurers and the workshops tell of a car, as frozen values."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Annotated, Literal

import msgspec

from chezhe.risk.vendors.shapes import Fen, Kilometres, Line

Energy = Literal["petrol", "diesel", "gas", "hybrid", "plug_in_hybrid", "range_extended", "pure_electric", "fuel_cell"]
Usage = Literal["non_commercial", "freight", "taxi", "ride_hail", "rental", "commercial_to_private", "other_commercial"]


@dataclass(frozen=True, slots=True, kw_only=True)
class MortgageEntry:
    """A mortgage in the register."""

    mortgagee: Line
    from_on: date
    released_on: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Title:
    """车管所: the car as registered. `plate_matches` and `owner_matches` answer the plate and owner that were asked about; None where
    none was. `status` seized or scrapped means that it cannot be mortgaged."""

    as_of: date
    brand: Line
    model: Line
    energy: Energy
    usage: Usage
    registered_on: date
    colour: Line
    engine_no: Line
    plate_matches: bool | None
    owner_matches: bool | None
    status: Literal["normal", "seized", "scrapped", "stolen", "locked"]
    transferred_on: Annotated[tuple[date, ...], msgspec.Meta(max_length=60)]
    mortgages: Annotated[tuple[MortgageEntry, ...], msgspec.Meta(max_length=60)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """One insured event: `structure` when supporting parts were damaged."""

    on: date
    kind: Literal["collision", "flood", "fire", "glass", "theft"]
    severity: Literal["minor", "structure", "total"]
    paid_fen: Fen


@dataclass(frozen=True, slots=True, kw_only=True)
class MileageRecord:
    """A reading at a workshop or an inspection."""

    on: date
    mileage_km: Kilometres
    by: Line


@dataclass(frozen=True, slots=True, kw_only=True)
class History:
    """Claims and readings, oldest first, and until when the compulsory insurance runs."""

    as_of: date
    claims: Annotated[tuple[Claim, ...], msgspec.Meta(max_length=300)]
    readings: Annotated[tuple[MileageRecord, ...], msgspec.Meta(max_length=300)]
    insured_until: date | None
