"""A scorecard at work: plain Python, a few microseconds a characteristic, the same steps for one row and for a million.

probability = 1 / (1 + exp(−(intercept + the weights of the bins hit)))
score       = base points + the points of the bins hit: whole numbers that anybody can add up on paper
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass, replace

from chezhe.scorecards import bins as card_bins
from chezhe.scorecards.bins import Characteristic
from chezhe.scorecards.errors import ModelError
from chezhe.scorecards.features import Row
from chezhe.scorecards.scaling import Scale, probability
from chezhe.scorecards.scored import REASONS_MAX, Contribution, Reason, Scored

FORMAT = 1


@dataclass(frozen=True)
class Card:
    """Characteristics in the order they were chosen, on one scale."""

    scale: Scale
    intercept: float
    base_points: int
    characteristics: tuple[Characteristic, ...]

    def __post_init__(self) -> None:
        places = tuple(_prepared(characteristic) for characteristic in self.characteristics)
        object.__setattr__(self, "_places", places)
        object.__setattr__(self, "_columns", tuple(_inputs(self.characteristics)))

    @property
    def kind(self) -> str:
        """The word of the manifest and of the command line."""
        return "scorecard"

    @property
    def columns(self) -> tuple[str, ...]:
        """The input columns it reads, each once."""
        return self._columns  # type: ignore[attr-defined, no-any-return]

    @property
    def directions(self) -> dict[str, str]:
        """Which way each figure pushes: + more is riskier, - less."""
        return {each.name: each.direction for each in self.characteristics if each.direction}

    def score(self, row: Row, reasons: bool = True) -> Scored:
        """Score one row of named values; what is absent counts as missing and is named in `unknown`. Reasons cost nothing here."""
        logit, total = self.intercept, self.base_points
        contributions, losses = [], []
        for find, weights, points, told, lost in self._places:  # type: ignore[attr-defined]
            place = find(row)
            logit += weights[place]
            total += points[place]
            contributions.append(told[place])
            if lost[place] is not None:
                losses.append(lost[place])
        losses.sort(key=_points_lost)
        unknown = tuple(column for column in self.columns if is_missing(row.get(column)))
        return Scored(probability(logit), total, tuple(losses[:REASONS_MAX]), tuple(contributions), self.base_points, unknown)

    def score_many(self, rows: Iterable[Row], reasons: bool = True) -> list[Scored]:
        """Score rows in order, by the very function that scores one."""
        return [self.score(row) for row in rows]

    def recalibrated(self, slope: float, shift: float) -> Card:
        """The card whose ln(odds) are slope × these + shift: points, weights and base follow."""
        factor = self.scale.factor
        characteristics = tuple(each.rescaled(slope, lambda weight: round(-factor * weight)) for each in self.characteristics)
        intercept = self.intercept * slope + shift
        return replace(self, intercept=intercept, base_points=self.scale.points(intercept), characteristics=characteristics)

    def as_json(self) -> dict[str, object]:
        """The content of card.json."""
        return {
            "format": FORMAT, "scale": self.scale.as_json(), "intercept": self.intercept, "base_points": self.base_points,
            "characteristics": [each.as_json() for each in self.characteristics],
        }  # fmt: skip


def from_json(told: object) -> Card:
    """Read card.json back. Raises `artefact_schema`, naming what is wrong."""
    if not isinstance(told, dict) or told.get("format") != FORMAT:
        raise ModelError("artefact_schema", "card.json")
    characteristics = told.get("characteristics")
    if not isinstance(characteristics, list) or not characteristics:
        raise ModelError("artefact_schema", "characteristics")
    try:
        scale = Scale(**{key: float(value) for key, value in told["scale"].items()})
        intercept, base_points = float(told["intercept"]), int(told["base_points"])
    except (KeyError, TypeError, ValueError, AttributeError):
        raise ModelError("artefact_schema", "card.json")
    card = Card(scale, intercept, base_points, tuple(card_bins.from_json(each) for each in characteristics))
    weights = [each.weight for characteristic in card.characteristics for each in characteristic.bins]
    if not all(math.isfinite(figure) for figure in (intercept, *weights)):
        raise ModelError("artefact_schema", "card.json")
    return card


def is_missing(value: object) -> bool:
    """None, NaN, NaT and blank text."""
    return value is None or value != value or (isinstance(value, str) and not value.strip())


def _prepared(characteristic: Characteristic) -> tuple[object, ...]:
    best = max(each.points for each in characteristic.bins)
    weights = [each.weight for each in characteristic.bins]
    points = [each.points for each in characteristic.bins]
    told = [Contribution(characteristic.name, each.points, each.label) for each in characteristic.bins]
    lost = [Reason(characteristic.name, best - each.points) if best > each.points else None for each in characteristic.bins]
    return card_bins.finder(characteristic), weights, points, told, lost


def _inputs(characteristics: Iterable[Characteristic]) -> list[str]:
    return list(dict.fromkeys(column for each in characteristics for column in each.feature.columns))


def _points_lost(reason: Reason) -> int:
    return -reason.points_lost
