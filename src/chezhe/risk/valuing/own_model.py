"""The lender's own price model: trained by `chezhe model train --kind valuation`, asked for a price with its interval.

Which model is in force the registry says, under the purpose `valuation`; it begins with the one that lies beside this file as readable
text, made by our own commands from invented deals (docs/valuation.md). Without a model there is no estimate of its own.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any, Final

from chezhe.finmath.money import Money
from chezhe.risk.deciding.values import Scorer
from chezhe.risk.registry import source
from chezhe.risk.valuing.price_rows import Row, aged, price_row
from chezhe.scorecards.scored import Valued
from chezhe.vehicles.models import Vehicle

PURPOSE: Final = "valuation"
SHIPPED: Final = Path(__file__).parent / "shipped" / "price"


@dataclass(frozen=True, slots=True)
class Modelled:
    """The model's price with the interval that holds nine of ten cars; `inputs` names the model by its hash and holds what it was asked."""

    amount: Money
    low: Money
    high: Money
    inputs: Mapping[str, Any]


def in_force() -> Scorer | None:
    """The model that values cars now; None while there is none, or when its content cannot be believed."""
    return source.active(PURPOSE)


def row_of(vehicle: Vehicle, on: date, *, age_months: int, mileage_km: int, transfers: int, condition: str | None) -> Row:
    """A car as the model is asked about it on a day."""
    return price_row(
        brand=vehicle.brand, series=vehicle.series, energy_type=vehicle.energy_type, usage_nature=vehicle.usage_nature,
        new_price=vehicle.guide_price, age_months=age_months, mileage_km=mileage_km, transfers=transfers, condition=condition, on=on,
    )


def estimate(row: Row, scorer: Scorer) -> Modelled | None:
    """What a model says of a car."""
    found = scorer.model.score(row)
    if not isinstance(found, Valued) or found.value <= 0:
        return None
    reasons = [{"code": reason.code, "lost": reason.points_lost} for reason in found.reasons]
    return Modelled(
        _money(found.value), _money(max(found.low, 0.01)), _money(found.high),
        {"model": scorer.content_hash, "number": scorer.name, "row": row, "unknown": list(found.unknown), "reasons": reasons},
    )


def yearly_shares(row: Row, *, years: int) -> tuple[Decimal, ...] | None:
    """What the model in force says is left of today's price after 0, 1 … years of driving on as before, on today's market; None without
    a model."""
    scorer, age, mileage = in_force(), int(row["age_months"] or 0), int(row["mileage_km"] or 0)
    if scorer is None:
        return None
    km_a_year = mileage * 12 // max(age, 6)
    prices = []
    for year in range(years + 1):
        later = aged(row, age_months=age + 12 * year, mileage_km=mileage + km_a_year * year)
        found = estimate(later, scorer)
        if found is None:
            return None
        prices.append(found.amount)
    return tuple(Decimal(price.fen) / prices[0].fen for price in prices)


def _money(yuan: float) -> Money:
    return Money(round(yuan * 100))
