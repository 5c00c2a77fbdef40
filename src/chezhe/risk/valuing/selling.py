"""How many days a car needs to sell at a price: the chance of a sale a day, learned from what sold and what did not. Pure.

`position` is the asked price ÷ the market value, in bands. In each band the chance is (sales + prior sales) ÷ (days on offer +
prior days): cars that did not sell count with their days. The house's starting chances stand for `PRIOR_SALES` cars.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal

BANDS = (Decimal("0.85"), Decimal("0.95"), Decimal("1.05"), Decimal("1.15"))
# Chance a day in each band, from cheap to dear, by segment; new energy sells slower and reacts harder to the price.
_PRIOR = {
    "conventional": (0.060, 0.045, 0.030, 0.018, 0.010),
    "nev": (0.055, 0.038, 0.022, 0.012, 0.006),
    "commercial": (0.035, 0.025, 0.016, 0.009, 0.005),
}
PRIOR_SALES = 10
SEGMENTS = tuple(_PRIOR)


@dataclass(frozen=True, slots=True)
class Offer:
    """One car on offer: how long, at which price against the market, and whether it sold on the last of those days."""

    segment: str
    position: Decimal
    days: int
    is_sold: bool


@dataclass(frozen=True, slots=True)
class Selling:
    """`median` days until half of such cars are sold, four fifths of them between `low` and `high` days; `offers` were learned from."""

    median: int
    low: int
    high: int
    offers: int


def band(position: Decimal) -> int:
    """0 for cheap to 4 for dear."""
    return sum(position > edge for edge in BANDS)


def hazards(offers: Iterable[Offer]) -> Mapping[tuple[str, int], tuple[float, int]]:
    """(segment, band) → chance of a sale a day, and how many offers it was learned from."""
    sold: dict[tuple[str, int], int] = {}
    days: dict[tuple[str, int], int] = {}
    count: dict[tuple[str, int], int] = {}
    for offer in offers:
        key = (offer.segment, band(offer.position))
        sold[key] = sold.get(key, 0) + offer.is_sold
        days[key] = days.get(key, 0) + max(offer.days, 1)
        count[key] = count.get(key, 0) + 1
    return {
        (segment, at): (_learned(chance, sold.get((segment, at), 0), days.get((segment, at), 0)), count.get((segment, at), 0))
        for segment, chances in _PRIOR.items() for at, chance in enumerate(chances)
    }


def days_to_sell(table: Mapping[tuple[str, int], tuple[float, int]], *, segment: str, position: Decimal) -> Selling:
    """Raises KeyError for a segment that is not one of SEGMENTS."""
    chance, offers = table[segment, band(position)]
    return Selling(_until(chance, 0.5), _until(chance, 0.1), _until(chance, 0.9), offers)


def _learned(chance: float, sold: int, days: int) -> float:
    return (sold + PRIOR_SALES) / (days + PRIOR_SALES / chance)


def _until(chance: float, share: float) -> int:
    """Days until this share is sold."""
    return max(1, math.ceil(math.log1p(-share) / math.log1p(-min(chance, 0.999))))
