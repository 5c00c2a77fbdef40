"""The scale of scores: 600 points at good:bad odds of 20:1, 20 points more for each doubling of the odds, unless told otherwise.

factor = points_to_double / ln 2 = 28.8539, offset = base_score − factor × ln(base_odds) = 513.5614; score = offset − factor × logit.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from chezhe.scorecards.errors import ModelError

LOGIT_MAX = 40.0  # a probability within 5e-18 of 0 or 1; the exponential stays finite


@dataclass(frozen=True, slots=True)
class Scale:
    """Where the scores stand."""

    base_score: float = 600.0
    base_odds: float = 20.0
    points_to_double: float = 20.0

    def __post_init__(self) -> None:
        if not (math.isfinite(self.base_score) and 0 < self.base_odds < 1e6 and 0 < self.points_to_double < 1e4):
            raise ModelError("scale_impossible", "scale")

    @property
    def factor(self) -> float:
        """Points per unit of ln(odds)."""
        return self.points_to_double / math.log(2)

    @property
    def offset(self) -> float:
        """The score at odds of one to one."""
        return self.base_score - self.factor * math.log(self.base_odds)

    def points(self, logit: float) -> int:
        """The score of ln(odds of bad), to whole points; halves go to the even neighbour."""
        return round(self.offset - self.factor * logit)

    def as_json(self) -> dict[str, float]:
        """The form that stands in artefacts."""
        return {"base_score": self.base_score, "base_odds": self.base_odds, "points_to_double": self.points_to_double}


def probability(logit: float) -> float:
    """The probability of ln(odds), by the one formula that single and batch scoring share."""
    bounded = min(max(logit, -LOGIT_MAX), LOGIT_MAX)
    return 1.0 / (1.0 + math.exp(-bounded))


def logit(chance: float) -> float:
    """ln(odds) of a probability, bounded where the probability is 0 or 1."""
    if chance <= 0.0:
        return -LOGIT_MAX
    return LOGIT_MAX if chance >= 1.0 else math.log(chance / (1.0 - chance))
