"""What every model answers."""

from __future__ import annotations

from typing import NamedTuple

REASONS_MAX = 4


class Reason(NamedTuple):
    """Why not more: `code` is the feature, `points_lost` what it costs against its best, in whole points above 0."""

    code: str
    points_lost: int


class Contribution(NamedTuple):
    """What a feature adds to the score. `points` of a card are whole; together with the base they make the score. `bin` says why."""

    code: str
    points: float
    bin: str = ""


class Scored(NamedTuple):
    """The answer of a scorecard or a boosting model.

    `probability` of bad, `score` on the model's scale (more is better), `reasons` largest loss first (at most four),
    `contributions` in the model's order, `base` the score before them, `unknown` the input columns without a value.
    """

    probability: float
    score: int
    reasons: tuple[Reason, ...]
    contributions: tuple[Contribution, ...]
    base: float
    unknown: tuple[str, ...]


class Valued(NamedTuple):
    """The answer of a valuation model: the price, its 90 % interval, in the unit of the training column; reasons move the price down."""

    value: float
    low: float
    high: float
    reasons: tuple[Reason, ...]
    contributions: tuple[Contribution, ...]
    base: float
    unknown: tuple[str, ...]
