"""A gradient boosting model at work: trees of several seeds averaged, their log-odds calibrated, reasons by exact TreeSHAP.

logit = slope × mean of the trees' raw sums + shift; probability and score follow as for a card.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

import numpy as np

from chezhe.scorecards import matrix as matrices
from chezhe.scorecards.errors import ModelError
from chezhe.scorecards.features import Row
from chezhe.scorecards.frame import Floats
from chezhe.scorecards.matrix import Matrix
from chezhe.scorecards.scaling import Scale, probability
from chezhe.scorecards.scored import REASONS_MAX, Contribution, Reason, Scored
from chezhe.scorecards.trees import Trees

FORMAT = 1
ROWS_AT_ONCE = 20_000


@dataclass(frozen=True)
class Boosting:
    """`texts` are the LightGBM models by file name; `directions` what was constrained."""

    scale: Scale
    matrix: Matrix
    texts: Mapping[str, str]
    slope: float
    shift: float
    directions: Mapping[str, str]

    def __post_init__(self) -> None:
        trees = tuple(Trees(text, len(self.matrix.columns), name) for name, text in self.texts.items())
        object.__setattr__(self, "_trees", trees)

    @property
    def kind(self) -> str:
        """The word of the manifest and of the command line."""
        return "boosting"

    @property
    def columns(self) -> tuple[str, ...]:
        """The input columns it reads, each once."""
        return self.matrix.inputs

    @property
    def trees(self) -> tuple[Trees, ...]:
        """The models, one per seed."""
        return self._trees  # type: ignore[attr-defined, no-any-return]

    def score(self, row: Row, reasons: bool = True) -> Scored:
        """Score one row; without reasons it is about thirty times as fast."""
        inputs = self.matrix.of_row(row)
        raw = _mean([trees.raw_of_row(inputs) for trees in self.trees])
        shares = _mean_of([trees.contributions_of_row(inputs) for trees in self.trees]) if reasons else None
        return self._scored(raw, shares, self.matrix.unknown(row))

    def score_many(self, rows: Iterable[Row], reasons: bool = True) -> list[Scored]:
        """Score rows in order; the same bits as `score` gives one by one."""
        inputs, unknown = self.matrix.of_rows(rows)
        found: list[Scored] = []
        for start in range(0, len(inputs), ROWS_AT_ONCE):
            part = inputs[start : start + ROWS_AT_ONCE]
            raws = [trees.raw_of_rows(part) for trees in self.trees]
            shares = [trees.contributions_of_rows(part) for trees in self.trees] if reasons else []
            found += [
                self._scored(_mean([float(raw[place]) for raw in raws]), _mean_of([each[place] for each in shares]) if reasons else None,
                             unknown[start + place]) for place in range(len(part))
            ]  # fmt: skip
        return found

    def recalibrated(self, slope: float, shift: float) -> Boosting:
        """The model whose ln(odds) are slope × these + shift."""
        return replace(self, slope=self.slope * slope, shift=self.shift * slope + shift)

    def as_json(self) -> dict[str, object]:
        """The content of engine.json; the trees stand in their own files."""
        return {
            "format": FORMAT, "scale": self.scale.as_json(), "calibration": {"slope": self.slope, "shift": self.shift},
            "models": sorted(self.texts), "directions": dict(self.directions), "matrix": self.matrix.as_json(),
        }  # fmt: skip

    def _scored(self, raw: float, shares: Floats | None, unknown: tuple[str, ...]) -> Scored:
        logit = self.slope * raw + self.shift
        score = self.scale.points(logit)
        if shares is None:
            return Scored(probability(logit), score, (), (), float(score), unknown)
        factor = -self.scale.factor * self.slope
        told = [Contribution(column.name, factor * share) for column, share in zip(self.matrix.columns, shares.tolist(), strict=False)]
        base = self.scale.offset - self.scale.factor * (self.slope * float(shares[-1]) + self.shift)
        return Scored(probability(logit), score, losses(told), tuple(told), base, unknown)


def losses(contributions: list[Contribution]) -> tuple[Reason, ...]:
    """The largest losses of at least one point, each code once."""
    lost: dict[str, float] = {}
    for code, points, _ in contributions:
        lost[code] = lost.get(code, 0.0) - points
    found = [Reason(code, round(points)) for code, points in lost.items() if points >= 1.0]
    found.sort(key=lambda reason: -reason.points_lost)
    return tuple(found[:REASONS_MAX])


def from_json(told: Mapping[str, object], texts: Mapping[str, str]) -> Boosting:
    """Read engine.json and the models back. Raises `artefact_schema`."""
    models, calibration, directions = told.get("models"), told.get("calibration"), told.get("directions")
    if told.get("format") != FORMAT or not isinstance(models, list) or not models or not isinstance(directions, dict):
        raise ModelError("artefact_schema", "engine.json")
    try:
        scale = Scale(**{key: float(value) for key, value in told["scale"].items()})  # type: ignore[attr-defined]
        slope, shift = float(calibration["slope"]), float(calibration["shift"])  # type: ignore[index]
        chosen = {str(name): texts[str(name)] for name in models}
    except (KeyError, TypeError, ValueError, AttributeError):
        raise ModelError("artefact_schema", "engine.json")
    if not (math.isfinite(slope) and math.isfinite(shift)):
        raise ModelError("artefact_schema", "engine.json")
    return Boosting(scale, matrices.from_json(told.get("matrix")), chosen, slope, shift, directions)


def _mean(raws: list[float]) -> float:
    return raws[0] if len(raws) == 1 else sum(raws) / len(raws)


def _mean_of(shares: list[Floats]) -> Floats:
    total = shares[0]
    for each in shares[1:]:
        total = total + each
    found: Floats = np.asarray(total / len(shares)) if len(shares) > 1 else total
    return found
