"""Whether an appraiser sees cars too dear or too cheap: past ratios, shrunk towards nothing while there are few. Pure.

A ratio is what the appraiser said ÷ what the car turned out to be worth (its sale price when known, else the value that the other
sources agreed on without the appraiser). The mean of their logarithms is pulled towards zero as if so many cars without any error
had been seen before (`prior`), so that a beginner is not corrected for one odd car.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

PRIOR_CARS = 8
# The 95 % quantile of Student's t by degrees of freedom; beyond 30 the normal's.
_T95 = (12.71, 4.30, 3.18, 2.78, 2.57, 2.45, 2.36, 2.31, 2.26, 2.23, 2.20, 2.18, 2.16, 2.14, 2.13, 2.12, 2.11, 2.10, 2.09, 2.09, 2.08, 2.07,
        2.07, 2.06, 2.06, 2.06, 2.05, 2.05, 2.05, 2.04)
_ODD = 1.6  # what is off by so much is an error of typing, not of judgement


@dataclass(frozen=True, slots=True)
class Bias:
    """`rate` above 0: values too high by so much; `low` and `high` hold it with 95 %. `factor` brings an amount back."""

    count: int
    rate: Decimal
    low: Decimal | None
    high: Decimal | None

    @property
    def factor(self) -> Decimal:
        return (1 / (1 + self.rate)).quantize(Decimal("0.0001"))


def measure(ratios: Sequence[Decimal], prior: int = PRIOR_CARS) -> Bias:
    """The bias of one appraiser; without a past there is none. Ratios are above 0."""
    logs = [math.log(float(ratio)) for ratio in ratios if ratio > 0]
    logs = [log for log in logs if abs(log) <= math.log(_ODD)]
    count = len(logs)
    if not count:
        return Bias(0, Decimal(0), None, None)
    centre = sum(logs) / (count + prior)
    if count == 1:
        return Bias(1, _rate(centre), None, None)
    mean = sum(logs) / count
    deviation = math.sqrt(sum((log - mean) ** 2 for log in logs) / (count - 1))
    width = (_T95[count - 2] if count <= len(_T95) else 1.96) * deviation / math.sqrt(count) * count / (count + prior)
    return Bias(count, _rate(centre), _rate(centre - width), _rate(centre + width))


def _rate(log: float) -> Decimal:
    return Decimal(repr(math.expm1(log))).quantize(Decimal("0.0001"))
