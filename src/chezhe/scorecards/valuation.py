"""A price model at work: the depreciation formula, trees for what it leaves over, and a 90 % interval that keeps its promise.

value = exp(formula + mean of the trees) × factor; low and high = exp(formula + quantile trees ∓ correction). The correction is that of
conformalised quantile regression (Romano, Patterson, Candès 2019), learnt on held-out rows: the newest, when time is known.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np

from chezhe.scorecards import formula as formulas
from chezhe.scorecards import matrix as matrices
from chezhe.scorecards.boosting import losses
from chezhe.scorecards.card import is_missing
from chezhe.scorecards.errors import ModelError
from chezhe.scorecards.features import Row
from chezhe.scorecards.formula import Formula
from chezhe.scorecards.frame import Floats
from chezhe.scorecards.matrix import Matrix
from chezhe.scorecards.scored import Contribution, Valued
from chezhe.scorecards.trees import Trees

FORMAT = 1
ROWS_AT_ONCE = 20_000
LOG_MAX = 60.0
LOW, HIGH = "low", "high"


@dataclass(frozen=True)
class Valuation:
    """`points` are the file names of the trees whose mean is taken; `low.txt` and `high.txt` hold the quantiles."""

    formula: Formula
    matrix: Matrix
    points: tuple[str, ...]
    texts: Mapping[str, str]
    factor: float
    correction: float

    def __post_init__(self) -> None:
        trees = {name.removesuffix(".txt"): Trees(text, len(self.matrix.columns), name) for name, text in self.texts.items()}
        object.__setattr__(self, "_trees", trees)
        object.__setattr__(self, "_means", [trees[name.removesuffix(".txt")] for name in self.points])
        object.__setattr__(self, "_columns", tuple(dict.fromkeys([*self.matrix.inputs, *self.formula.columns])))

    @property
    def kind(self) -> str:
        """The word of the manifest and of the command line."""
        return "valuation"

    @property
    def columns(self) -> tuple[str, ...]:
        """The input columns it reads, each once."""
        return self._columns  # type: ignore[attr-defined, no-any-return]

    def score(self, row: Row, reasons: bool = True) -> Valued:
        """The value of one row; reasons are per cent of the price, explained by the first of the trees."""
        inputs = self.matrix.of_row(row)
        means, trees = self._means, self._trees  # type: ignore[attr-defined]
        raw = [each.raw_of_row(inputs) for each in means]
        shares = means[0].contributions_of_row(inputs) if reasons else None
        return self._valued(row, raw, trees[LOW].raw_of_row(inputs), trees[HIGH].raw_of_row(inputs), shares)

    def score_many(self, rows: Iterable[Row], reasons: bool = True) -> list[Valued]:
        """The values of rows in order; the same bits as `score` gives one by one."""
        given = list(rows)
        means, trees = self._means, self._trees  # type: ignore[attr-defined]
        found: list[Valued] = []
        for start in range(0, len(given), ROWS_AT_ONCE):
            part = given[start : start + ROWS_AT_ONCE]
            inputs, _ = self.matrix.of_rows(part)
            raws = [each.raw_of_rows(inputs) for each in means]
            shares = means[0].contributions_of_rows(inputs) if reasons else None
            low, high = trees[LOW].raw_of_rows(inputs), trees[HIGH].raw_of_rows(inputs)
            found += [
                self._valued(
                    row, [float(raw[place]) for raw in raws], float(low[place]), float(high[place]),
                    None if shares is None else shares[place],
                )  # fmt: skip
                for place, row in enumerate(part)
            ]
        return found

    def as_json(self) -> dict[str, object]:
        """The content of engine.json; the trees stand in their own files."""
        return {
            "format": FORMAT, "factor": self.factor, "correction": self.correction, "models": list(self.points),
            "formula": self.formula.as_json(), "matrix": self.matrix.as_json(),
        }  # fmt: skip

    def _valued(self, row: Row, raws: list[float], low: float, high: float, shares: Floats | None) -> Valued:
        start = self.formula.of_row(row)
        value = _exp(start + sum(raws) / len(raws)) * self.factor
        bottom, top = sorted((_exp(start + low - self.correction), _exp(start + high + self.correction)))
        unknown = tuple([name for name in self.columns if is_missing(row.get(name))])
        moved = [] if shares is None else shares.tolist()[:-1]
        told = [Contribution(column.name, 100.0 * math.expm1(share)) for column, share in zip(self.matrix.columns, moved, strict=False)]
        return Valued(value, min(bottom, value), max(top, value), losses(told), tuple(told), _exp(start), unknown)


def from_json(told: Mapping[str, object], texts: Mapping[str, str]) -> Valuation:
    """Read engine.json and the models back. Raises `artefact_schema`."""
    models = told.get("models")
    if told.get("format") != FORMAT or not isinstance(models, list) or not models:
        raise ModelError("artefact_schema", "engine.json")
    try:
        factor, correction = float(told["factor"]), float(told["correction"])  # type: ignore[arg-type]
        chosen = {name: texts[name] for name in (*models, f"{LOW}.txt", f"{HIGH}.txt")}
    except (KeyError, TypeError, ValueError):
        raise ModelError("artefact_schema", "engine.json")
    if not (0.5 < factor < 2.0 and math.isfinite(correction)):
        raise ModelError("artefact_schema", "engine.json")
    return Valuation(
        formulas.from_json(told.get("formula")), matrices.from_json(told.get("matrix")), tuple(models), chosen, factor, correction
    )


def conformal(low: Floats, high: Floats, actual: Floats, share: float) -> float:
    """How far the quantiles must be moved out so that `share` of held-out rows lie inside, with the correction for few rows."""
    outside = np.sort(np.maximum(low - actual, actual - high))
    place = min(math.ceil((len(outside) + 1) * share), len(outside)) - 1
    return float(outside[place])


def _exp(logarithm: float) -> float:
    return math.exp(min(max(logarithm, -LOG_MAX), LOG_MAX))
