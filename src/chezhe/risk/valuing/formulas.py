"""What a car is worth by formula: replacement cost, market comparison, mileage, and three ways to write it off. Pure.

Ages are whole months since the first registration, mileage whole kilometres, rates Decimal fractions. Every amount is rounded
half up to the fen once, at its end. Sources: DOMAIN.md §5; the steps of the market comparison are the lender's own figures.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from chezhe.finmath.money import Money

# What each aspect counts in the adjustment of the replacement cost method (the teaching scheme for Chinese appraisers).
ASPECT_WEIGHTS = {
    "technical_state": Decimal("0.30"), "maintenance": Decimal("0.25"), "make_quality": Decimal("0.20"), "use": Decimal("0.15"),
    "conditions": Decimal("0.10"),
}
COMPARABLES_MIN = 3
SEGMENT_KM, SEGMENT_SHARES = 60_000, (5, 4, 3, 2, 1)


@dataclass(frozen=True, slots=True)
class Steps:
    """How comparable deals are brought to one level. `mileage_rate` is per 10,000 km away from `norm_km_year` × age;
    `transfer_rate` is per change of owner; `conditions` and `regions` are factors by grade and by province; `life_months` says how
    fast a car ages."""

    life_months: int = 180
    norm_km_year: int = 20_000
    mileage_rate: Decimal = Decimal("0.02")
    transfer_rate: Decimal = Decimal("0.03")
    conditions: Mapping[str, Decimal] = None  # type: ignore[assignment]
    regions: Mapping[str, Decimal] = None  # type: ignore[assignment]

    def __post_init__(self) -> None:
        """Without grades of one's own, those of DOMAIN.md §5; without regions, one market."""
        if self.conditions is None:
            object.__setattr__(self, "conditions", {"A": Decimal("1.00"), "B": Decimal("0.95"), "C": Decimal("0.88"), "D": Decimal("0.75")})
        if self.regions is None:
            object.__setattr__(self, "regions", {})


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """What the price of one car depends on besides its model. `condition` is a grade A to D, `region` a province."""

    age_months: int
    mileage_km: int
    transfers: int = 0
    condition: str = "B"
    region: str = ""


@dataclass(frozen=True, slots=True)
class Deal:
    """A sale of a car of the same model in a known state."""

    price: Money
    state: State


def remaining_rate(age_months: int, life_months: int) -> Decimal:
    """成新率: the share of its life that a car has left, between 0 and 1."""
    return max(Decimal(0), min(Decimal(1), 1 - Decimal(age_months) / life_months))


def adjustment_factor(grades: Mapping[str, Decimal]) -> Decimal:
    """The weighted grade of every aspect (1 is as its age says). Raises ValueError when one is missing or unknown."""
    if set(grades) != set(ASPECT_WEIGHTS):
        raise ValueError(f"grades are needed for {', '.join(ASPECT_WEIGHTS)}")
    return sum((ASPECT_WEIGHTS[name] * grade for name, grade in grades.items()), Decimal(0))


def by_replacement_cost(replacement_cost: Money, *, age_months: int, life_months: int, adjustment: Decimal = Decimal(1)) -> Money:
    """重置成本法: what the car costs new today × the life left × the adjustment."""
    return replacement_cost.times(remaining_rate(age_months, life_months) * adjustment)


def by_market(deals: Sequence[Deal], state: State, steps: Steps) -> Money | None:
    """现行市价法: the median of at least three comparable deals, each brought to this car's state; None with fewer."""
    if len(deals) < COMPARABLES_MIN:
        return None
    return median([deal.price.times(level(state, steps) / level(deal.state, steps)) for deal in deals])


def level(state: State, steps: Steps) -> Decimal:
    """A state as a multiple of a car that is new, unused, graded A, and from no region in particular; always above 0."""
    age = max(remaining_rate(state.age_months, steps.life_months), Decimal("0.05"))
    norm = Decimal(steps.norm_km_year) * state.age_months / 12
    mileage = 1 - steps.mileage_rate * (state.mileage_km - norm) / 10_000
    transfers = 1 - steps.transfer_rate * state.transfers
    factor = max(mileage, Decimal("0.30")) * max(transfers, Decimal("0.70"))
    return age * factor * steps.conditions[state.condition] * steps.regions.get(state.region, Decimal(1))


def by_mileage(new_price: Money, mileage_km: int) -> Money:
    """54321 法: 300,000 km in five segments, worth 5/15, 4/15 … 1/15 of the price; what is not driven yet is left."""
    left = Fraction(0)
    for place, share in enumerate(SEGMENT_SHARES):
        begin = place * SEGMENT_KM
        driven = max(0, min(mileage_km - begin, SEGMENT_KM))
        left += Fraction(share, sum(SEGMENT_SHARES)) * (1 - Fraction(driven, SEGMENT_KM))
    return _times(new_price, left)


def straight_line(new_price: Money, *, age_months: int, life_months: int) -> Money:
    """The same loss every month until nothing is left."""
    return _times(new_price, 1 - Fraction(min(age_months, life_months), life_months))


def sum_of_years(new_price: Money, *, years: int, life_years: int) -> Money:
    """年数总和法 after whole years: the n-th year takes (life − n + 1) ÷ (1 + 2 + … + life)."""
    lost = sum(life_years - year for year in range(min(years, life_years)))
    return _times(new_price, 1 - Fraction(2 * lost, life_years * (life_years + 1)))


def double_declining(new_price: Money, *, years: int, life_years: int) -> Money:
    """双倍余额递减法 after whole years: each takes 2 ÷ life of what was left."""
    return _times(new_price, (1 - Fraction(2, life_years)) ** years)


def median(amounts: Sequence[Money]) -> Money:
    """The middle amount, of an even number the mean of the two in the middle, rounded half up. ValueError without any."""
    if not amounts:
        raise ValueError("no median of nothing")
    ordered = sorted(amounts)
    middle = len(ordered) // 2
    if len(ordered) % 2:
        return ordered[middle]
    return (ordered[middle - 1] + ordered[middle]).times(Decimal("0.5"))


def _times(amount: Money, share: Fraction) -> Money:
    """Exactly, for shares that have no finite decimal."""
    return Money((2 * amount.fen * share.numerator + share.denominator) // (2 * share.denominator))
