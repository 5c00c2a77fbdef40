"""What a vehicle is made of, as values."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from chezhe.finmath.money import Money


@dataclass(frozen=True, slots=True)
class VehicleFacts:
    """A car as its papers say. A new car has no plate and no registration yet."""

    vin: str
    brand: str
    model: str
    condition: str
    energy_type: str
    usage_nature: str = "non_commercial"
    plate: str = ""
    engine_no: str = ""
    series: str = ""
    first_registered_on: date | None = None
    mileage_km: int | None = None
    colour: str = ""
    invoice_price: Money | None = None
    guide_price: Money | None = None
