"""The lender's own price model: trained by `chezhe model train --kind valuation`, loaded once, asked for a price with its interval.

Which model is in use is a folder: `PRICE_MODEL` of the settings, else `var/models/price` where the set-up builds it (from
`chezhe invented-deals`, docs/valuation.md). Without a model there is no estimate of its own, and the valuation says so.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.conf import settings

from chezhe.finmath.money import Money
from chezhe.risk.valuing.price_rows import price_row
from chezhe.scorecards import artefact
from chezhe.scorecards.errors import ModelError
from chezhe.scorecards.scored import Valued
from chezhe.vehicles.models import Vehicle

BUILT = Path("var") / "models" / "price"


@dataclass(frozen=True, slots=True)
class Modelled:
    """The model's price with the interval that holds nine of ten cars; `inputs` names the model by its hash."""

    amount: Money
    low: Money
    high: Money
    inputs: Mapping[str, Any]


def estimate(vehicle: Vehicle, *, age_months: int, mileage_km: int, transfers: int, condition: str | None) -> Modelled | None:
    """What the model in use says; None while none is in use, or when its files are not what its manifest vouches for."""
    model = _in_use()
    if model is None:
        return None
    row = price_row(
        brand=vehicle.brand, series=vehicle.series, energy_type=vehicle.energy_type, usage_nature=vehicle.usage_nature,
        new_price=vehicle.guide_price, age_months=age_months, mileage_km=mileage_km, transfers=transfers, condition=condition,
    )
    found = model.score(row)
    if not isinstance(found, Valued) or found.value <= 0:
        return None
    reasons = [{"code": reason.code, "lost": reason.points_lost} for reason in found.reasons]
    return Modelled(
        _money(found.value), _money(max(found.low, 0.01)), _money(found.high),
        {"model": model.hash[:12], "unknown": list(found.unknown), "reasons": reasons},
    )


def yearly_shares(
    vehicle: Vehicle, *, age_months: int, mileage_km: int, transfers: int, condition: str | None, years: int
) -> tuple[Decimal, ...] | None:
    """What the model says is left of today's price after 0, 1 … years of driving on as before; None without a model."""
    km_a_year = mileage_km * 12 // max(age_months, 6)
    prices = []
    for year in range(years + 1):
        found = estimate(
            vehicle, age_months=age_months + 12 * year, mileage_km=mileage_km + km_a_year * year, transfers=transfers, condition=condition)
        if found is None:
            return None
        prices.append(found.amount)
    return tuple(Decimal(price.fen) / prices[0].fen for price in prices)


def _in_use() -> artefact.Model | None:
    return loaded(str(getattr(settings, "PRICE_MODEL", "") or settings.ROOT / BUILT))


@lru_cache(maxsize=2)
def loaded(folder: str) -> artefact.Model | None:
    """The model of a folder, verified; None when there is none or it was tampered with."""
    try:
        return artefact.load(folder)
    except ModelError:
        return None


def _money(yuan: float) -> Money:
    return Money(round(yuan * 100))
