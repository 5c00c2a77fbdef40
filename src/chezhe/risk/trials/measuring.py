"""How far two arms differ, how surely, and whether they were split as agreed. Pure; floats, for these are estimates.

Rates: Wilson's score interval for one, Newcombe's hybrid score interval (1998, method 10) for the difference of two. Means: Welch (1947).
The split: Pearson's chi-square with one degree of freedom. Differences are always challenger minus champion.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from statistics import NormalDist
from typing import Final

LEVEL: Final = 0.95
POWER: Final = 0.80
# Each side must expect so many for the chi-square to hold; below it nothing is said.
EXPECTED_MIN: Final = 5
_Z: Final = NormalDist().inv_cdf((1 + LEVEL) / 2)
_Z_POWER: Final = NormalDist().inv_cdf(POWER)
_TINY: Final = 1e-300
_ROUNDS: Final = 300


@dataclass(frozen=True, slots=True)
class Interval:
    """From `low` to `high` with 95 % confidence."""

    low: float
    high: float

    @property
    def holds_zero(self) -> bool:
        return self.low <= 0 <= self.high


@dataclass(frozen=True, slots=True)
class Share:
    """So many `hits` of so many."""

    hits: int
    of: int

    @property
    def rate(self) -> float | None:
        return self.hits / self.of if self.of else None


@dataclass(frozen=True, slots=True)
class Mean:
    """The mean of `count` figures and their sample variance (n − 1)."""

    count: int
    mean: float = 0.0
    variance: float = 0.0


@dataclass(frozen=True, slots=True)
class Difference:
    """Challenger minus champion. `interval` is None where too little is known; `needed` is about how many figures the challenger's arm
    needs in all to tell such a difference apart four times in five, None where no difference is seen."""

    value: float
    interval: Interval | None
    needed: int | None

    @property
    def is_told_apart(self) -> bool:
        return self.interval is not None and not self.interval.holds_zero


def wilson(one: Share) -> Interval:
    """The score interval of a rate. Raises ValueError without a single figure."""
    if one.of <= 0:
        raise ValueError("no figures")
    rate, square = one.hits / one.of, _Z * _Z
    middle = rate + square / (2 * one.of)
    spread = _Z * math.sqrt(rate * (1 - rate) / one.of + square / (4 * one.of * one.of))
    scale = 1 + square / one.of
    return Interval((middle - spread) / scale if one.hits else 0.0, (middle + spread) / scale if one.hits < one.of else 1.0)


def of_rates(champion: Share, challenger: Share, share: float) -> Difference | None:
    """The difference of two rates; None while an arm is empty. `share` is the challenger's part of the applications."""
    one, other = champion.rate, challenger.rate
    if one is None or other is None:
        return None
    first, second = wilson(champion), wilson(challenger)
    apart = other - one
    low = apart - math.sqrt((other - second.low) ** 2 + (first.high - one) ** 2)
    high = apart + math.sqrt((second.high - other) ** 2 + (one - first.low) ** 2)
    return Difference(apart, Interval(low, high), _needed_of_rates(one, other, (1 - share) / share))


def _needed_of_rates(one: float, other: float, ratio: float) -> int | None:
    """Fleiss: `ratio` is champion's count over challenger's."""
    if one == other:
        return None
    pooled = (ratio * one + other) / (ratio + 1)
    by_chance = _Z * math.sqrt((1 + 1 / ratio) * pooled * (1 - pooled))
    apart = _Z_POWER * math.sqrt(one * (1 - one) / ratio + other * (1 - other))
    return math.ceil(((by_chance + apart) / (other - one)) ** 2)


def of_means(champion: Mean, challenger: Mean, share: float) -> Difference | None:
    """The difference of two means; None while an arm is empty, without an interval while one has a single figure or neither varies."""
    if not champion.count or not challenger.count:
        return None
    apart = challenger.mean - champion.mean
    one, other = champion.variance / champion.count, challenger.variance / challenger.count
    spread = one + other
    if min(champion.count, challenger.count) < 2 or spread == 0:
        return Difference(apart, None, None)
    freedom = spread ** 2 / (one ** 2 / (champion.count - 1) + other ** 2 / (challenger.count - 1))
    reach = student(freedom) * math.sqrt(spread)
    ratio = (1 - share) / share
    needed = ((_Z + _Z_POWER) / apart) ** 2 * (champion.variance / ratio + challenger.variance) if apart else None
    return Difference(apart, Interval(apart - reach, apart + reach), None if needed is None else math.ceil(needed))


def more(difference: Difference, challenger_count: int, challenger_applications: int, share: float) -> int | None:
    """About how many applications more, in both arms together, would tell such a difference apart; None where that cannot be said.

    Not every application gives a figure (a price, a loan): they are expected to go on as they did in the challenger's arm.
    """
    if difference.needed is None or not challenger_count:
        return None
    left = max(0, difference.needed - challenger_count)
    return math.ceil(left * challenger_applications / challenger_count / share)


def split_chance(champion: int, challenger: int, share: float) -> float | None:
    """How likely a split at least so far from the agreed one is by chance; None while there are too few to say."""
    total = champion + challenger
    expected = total * share
    if min(expected, total - expected) < EXPECTED_MIN:
        return None
    chi_square = (challenger - expected) ** 2 / expected + (challenger - expected) ** 2 / (total - expected)
    return math.erfc(math.sqrt(chi_square / 2))


# ---- Student's t ----------------------------------------------------------------------------------------------------


def student(freedom: float) -> float:
    """The two-sided 95 % point of Student's t."""
    tail = (1 - LEVEL) / 2
    return _root(lambda t: _t_tail(t, freedom) - tail, 0.0, 1e6)


def _t_tail(t: float, freedom: float) -> float:
    return _beta_ratio(freedom / 2, 0.5, freedom / (freedom + t * t)) / 2


def _root(falls: Callable[[float], float], low: float, high: float) -> float:
    """Where a falling function is zero, by halving."""
    for _ in range(_ROUNDS):
        middle = (low + high) / 2
        if middle in (low, high):
            break
        low, high = (middle, high) if falls(middle) > 0 else (low, middle)
    return (low + high) / 2


def _beta_ratio(a: float, b: float, x: float) -> float:
    """The regularised incomplete beta function, by its continued fraction (Lentz)."""
    if x <= 0 or x >= 1:
        return min(1.0, max(0.0, x))
    if x > (a + 1) / (a + b + 2):
        return 1 - _beta_ratio(b, a, 1 - x)
    front = math.exp(math.lgamma(a + b) - math.lgamma(a) - math.lgamma(b) + a * math.log(x) + b * math.log1p(-x)) / a
    c, d = 1.0, _inverse(1 - (a + b) * x / (a + 1))
    found = d
    for m in range(1, _ROUNDS):
        for step in (m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m)), -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1))):
            d, c = _inverse(1 + step * d), 1 + step / (c or _TINY)
            found *= c * d
        if abs(c * d - 1) < 1e-15:
            break
    return front * found


def _inverse(value: float) -> float:
    return 1 / (value or _TINY)
