"""A car as the price model reads it: the one place where training and serving agree on columns. Pure."""

from __future__ import annotations

from decimal import Decimal

from chezhe.finmath.money import Money

TARGET, SOLD_ON = "price", "sold_on"

Row = dict[str, str | int | float | None]


def price_row(
    *, brand: str, series: str, energy_type: str, usage_nature: str, new_price: Money | None, age_months: int, mileage_km: int,
    transfers: int,
    condition: str | None,
) -> Row:
    """Columns by name; amounts in yuan, `condition` A to D or None when nobody graded the car."""
    return {
        "brand": brand, "series": series, "energy_type": energy_type, "usage_nature": usage_nature, "condition": condition,
        "new_price": float(Decimal(new_price.fen) / 100) if new_price is not None else None, "age_months": age_months,
        "mileage_km": mileage_km, "km_a_month": round(mileage_km / max(age_months, 1), 1), "transfers": transfers,
    }
