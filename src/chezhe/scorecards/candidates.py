"""Every feature cut into bins, with the weights of evidence the selection compares: what could stand on the card."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from chezhe.scorecards import binning, grouping
from chezhe.scorecards.binning import Cuts
from chezhe.scorecards.errors import ModelError
from chezhe.scorecards.features import Feature
from chezhe.scorecards.frame import Floats, Frame, weighed
from chezhe.scorecards.grouping import Groups

PRIOR_ROWS = 10.0
FOLDS = 5
MANY_CATEGORIES = 40


@dataclass(frozen=True, slots=True)
class Candidate:
    """A feature in bins. `risk` is −WOE by bin; `evidence` the same for every row, for categories learnt on other rows."""

    feature: Feature
    cuts: Cuts | Groups
    labels: tuple[str, ...]
    places: npt.NDArray[np.int64]
    rows: Floats
    bads: Floats
    risk: Floats
    evidence: Floats

    @property
    def information(self) -> float:
        """Information value: Σ (share of bads − share of goods) × risk."""
        goods = self.rows - self.bads
        shares = self.bads / max(self.bads.sum(), 1.0) - goods / max(goods.sum(), 1.0)
        return float(shares @ self.risk)

    @property
    def has_many(self) -> bool:
        """A category of so many values that its bins are not fitted one by one."""
        return len(self.labels) > MANY_CATEGORIES


def prepare(frame: Frame, feature: Feature, target: Floats, weights: Floats, directions: Mapping[str, str]) -> Candidate:
    """Cut one feature. Raises `direction_of_category` when a direction is asked of a category."""
    if feature.is_text:
        if feature.name in directions:
            raise ModelError("direction_of_category", feature.name)
        return _category(frame, feature, target, weights)
    numbers = frame.numbers(feature)
    cuts = binning.cut(numbers, target, weights, directions.get(feature.name, ""))
    places = cuts.places(numbers)
    rows, bads = counted(places, cuts.size, target, weights)
    risk = risk_of(rows, bads)
    if rows[-1] == 0:  # never missing here: should it be missing one day, it is scored as the worst, not as the average
        risk[-1] = risk.max()
    return Candidate(feature, cuts, (), places, rows, bads, risk, risk[places])


def counted(places: npt.NDArray[np.int64], size: int, target: Floats, weights: Floats) -> tuple[Floats, Floats]:
    """Rows and bads by bin, by weight."""
    return weighed(places, weights, size), weighed(places, weights * target, size)


def risk_of(rows: Floats, bads: Floats) -> Floats:
    """−WOE by bin: ln(odds of bad in the bin / odds of bad overall), small bins drawn to the mean by ten rows."""
    rate = bads.sum() / rows.sum()
    drawn = (bads + PRIOR_ROWS * rate) / (rows + PRIOR_ROWS)
    found: Floats = np.log(drawn / (1 - drawn)) - np.log(rate / (1 - rate))
    return found


def _category(frame: Frame, feature: Feature, target: Floats, weights: Floats) -> Candidate:
    texts = frame.texts(feature)
    size = len(texts.labels)
    groups = grouping.group(texts.codes, size, target, weights)
    places = groups.places(texts.codes)
    rows, bads = counted(places, groups.size, target, weights)
    risk = risk_of(rows, bads)
    if rows[-1] == 0:
        risk[-1] = risk.max()
    evidence = np.empty(frame.rows)
    folds = np.arange(frame.rows) % FOLDS
    for fold in range(FOLDS):
        inside, others = folds == fold, folds != fold
        learnt = grouping.group(texts.codes[others], size, target[others], weights[others])
        there = learnt.places(texts.codes[others])
        evidence[inside] = risk_of(*counted(there, learnt.size, target[others], weights[others]))[learnt.places(texts.codes[inside])]
    return Candidate(feature, groups, texts.labels, places, rows, bads, risk, evidence)
