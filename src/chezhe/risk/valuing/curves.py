"""How a car loses value: what is left at an age, month by month over a loan, and what the battery has to do with it. Pure.

The knots are what is left of the new price after so many years, for cars in ordinary use. They are the house's own starting
figures (DOMAIN.md §5 says only that new energy falls faster); where the own model is in use, its path takes their place.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from chezhe.finmath.money import Money

CONVENTIONAL, NEW_ENERGY = "conventional", "nev"
_KNOTS = {
    CONVENTIONAL: ("1.00", "0.82", "0.73", "0.65", "0.58", "0.51", "0.45", "0.39", "0.34", "0.29", "0.25", "0.21", "0.17", "0.14", "0.11",
                   "0.08"),
    NEW_ENERGY: ("1.00", "0.72", "0.60", "0.51", "0.43", "0.36", "0.30", "0.25", "0.20", "0.16", "0.13", "0.10", "0.08", "0.06", "0.05",
                 "0.04"),
}
CURVES = {kind: tuple(map(Decimal, knots)) for kind, knots in _KNOTS.items()}
# A battery at 80 % of its capacity is at the end of its warranty: each point below costs more than a point of price.
HEALTH_WARRANTED, HEALTH_WEIGHT = Decimal("0.80"), Decimal("1.5")


def retention(age_months: int, energy: str) -> Decimal:
    """What is left of the new price at an age, straight between whole years; after the last knot it stays."""
    knots = CURVES[energy]
    year, month = divmod(max(age_months, 0), 12)
    if year >= len(knots) - 1:
        return knots[-1]
    return knots[year] + (knots[year + 1] - knots[year]) * month / 12


def battery_factor(health: Decimal) -> Decimal:
    """What a battery's state of health (1 is as new) does to the price: nothing down to what the curve expects, 1.5 points a
    point below the warranted 80 %, never below 0.40. Raises ValueError for a health outside 0 to 1.2."""
    if not 0 <= health <= Decimal("1.2"):
        raise ValueError("a state of health lies between 0 and 1.2")
    if health >= HEALTH_WARRANTED:
        return Decimal(1)
    return max(Decimal("0.40"), 1 - HEALTH_WEIGHT * (HEALTH_WARRANTED - health))


def by_curve(new_price: Money, *, age_months: int, energy: str, health: Decimal | None = None) -> Money:
    """The new price down its curve; a new-energy car also by its battery when its health is known."""
    factor = battery_factor(health) if energy == NEW_ENERGY and health is not None else Decimal(1)
    return new_price.times(retention(age_months, energy) * factor)


def residual_path(value: Money, *, age_months: int, months: int, energy: str) -> tuple[Money, ...]:
    """What the car will be worth after 0, 1 … `months` months, if it is worth `value` now. Never rises."""
    now = retention(age_months, energy)
    return tuple(value.times(retention(age_months + month, energy) / now) for month in range(months + 1))


def path_along(value: Money, yearly: Sequence[Decimal], months: int) -> tuple[Money, ...]:
    """The same along shares of today's value after 0, 1, 2 … years, straight between them; a share above the one before is taken for it.

    Raises ValueError when the years end before the months do.
    """
    if (len(yearly) - 1) * 12 < months:
        raise ValueError("the years end before the months")
    falling = [min(yearly[: year + 1]) for year in range(len(yearly))]
    return tuple(value.times(_between(falling, month)) for month in range(months + 1))


def _between(shares: Sequence[Decimal], month: int) -> Decimal:
    year, rest = divmod(month, 12)
    return shares[year] if not rest else shares[year] + (shares[year + 1] - shares[year]) * rest / 12


@dataclass(frozen=True, slots=True)
class Forward:
    """The loan against the car, month by month: `ratios[m]` is what is owed ÷ what the car is worth after m months; `worst_month`
    is where that is highest. None where the car is worth nothing."""

    ratios: tuple[Decimal | None, ...]
    worst_month: int
    worst: Decimal


def forward_ltv(balances: Sequence[Money], residuals: Sequence[Money]) -> Forward:
    """Both start today and have a value for every month; the shorter one ends the path. ValueError without a month."""
    ratios = tuple(
        Decimal(balance.fen) / residual.fen if residual.fen > 0 else None for balance, residual in zip(balances, residuals, strict=False)
    )
    if not ratios:
        raise ValueError("a path has at least one month")
    heights = [Decimal("Infinity") if ratio is None and balances[at].fen > 0 else ratio or Decimal(0) for at, ratio in enumerate(ratios)]
    worst = max(range(len(heights)), key=lambda at: (heights[at], -at))
    return Forward(ratios, worst, heights[worst])
