"""Has the world moved away from the model? Who applies (PSI, CSI) and, once outcomes are known, whether probabilities come true.

A stable population is not a valid model: bad rates can move by a fifth while the score's PSI stays below 0.01, because the same people
pay differently. So the verdict needs both halves, and says "not judged" rather than "stable" when outcomes are missing.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from chezhe.scorecards import metrics
from chezhe.scorecards.frame import Floats

PSI_WATCH, PSI_MOVED = 0.10, 0.25
ECE_WATCH, ECE_MOVED = 0.01, 0.02
RATE_WATCH, RATE_MOVED = 1.96, 3.29  # standard errors: one in twenty, one in a thousand
RATE_GAP_MIN = 0.05  # of the expected rate; smaller gaps are significant on many rows, yet no reason to act
AUC_LOST = 0.03
SHARE_FLOOR = 1e-4
NOISE_MARGIN = 1.5  # right probabilities show an ECE of 1 ± 0.25 times the noise
OUTCOMES_MIN = 200
MAPE_GAP_MIN, BIAS_MIN, COVERAGE_GAP_MIN = 0.10, 0.03, 0.03  # smaller ones are no reason to act, however many deals show them
STABLE, WATCH, MOVED, UNJUDGED = "stable", "watch", "moved", "not_judged"


def psi(expected: Sequence[float], actual: Sequence[float]) -> float:
    """Population stability index of two lists of counts or shares over the same bins; an empty bin counts as 0.01 %."""
    first, second = (
        np.maximum(np.asarray(each, dtype=np.float64) / (float(np.sum(each)) or 1.0), SHARE_FLOOR) for each in (expected, actual)
    )
    return float(np.sum((second - first) * np.log(second / first)))


def shares(numbers: Floats, cuts: Sequence[float]) -> list[float]:
    """The share of figures in each range (up to and including its cut), missing last."""
    known = ~np.isnan(numbers)
    counts = np.bincount(np.searchsorted(np.asarray(cuts), numbers[known]), minlength=len(cuts) + 1).astype(np.float64)
    found: list[float] = (np.append(counts, float((~known).sum())) / max(len(numbers), 1)).tolist()
    return found


def tenths(numbers: Floats) -> list[float]:
    """Cuts that part the training figures into ten, ties allowing."""
    known = numbers[~np.isnan(numbers)]
    cuts: list[float] = np.unique(np.quantile(known, np.linspace(0, 1, 11)[1:-1])).tolist() if len(known) else []
    return cuts


@dataclass(frozen=True, slots=True)
class Outcomes:
    """Observed against expected: `z` is (bads − expected) in standard errors, `p_value` two-sided, `ece` over ten bins."""

    rows: int
    bads: int
    expected: float
    z: float
    p_value: float
    ece: float
    ece_noise: float

    @property
    def ratio(self) -> float:
        """Observed over expected; 1.13 means 13 % more bads than promised."""
        return self.bads / self.expected if self.expected else math.inf


def outcomes(target: Floats, chance: Floats) -> Outcomes:
    """Judge probabilities by what happened. `ece_noise` is the ECE that right probabilities would show on so many rows."""
    expected, spread = float(chance.sum()), float(np.sum(chance * (1 - chance)))
    z = (float(target.sum()) - expected) / math.sqrt(spread) if spread else 0.0
    bins = metrics.gains(target, chance)
    mean_rate = expected / len(chance)
    noise = sum(math.sqrt(2 / math.pi * mean_rate * (1 - mean_rate) * each.rows) for each in bins) / len(chance)
    error = metrics.calibration_error(target, chance)
    return Outcomes(len(target), int(target.sum()), expected, z, math.erfc(abs(z) / math.sqrt(2)), error, noise)


@dataclass(frozen=True, slots=True)
class Prices:
    """Prices that were paid against the values that a model gives. `bias` is the median of value ÷ price − 1; the `…_error` are the
    standard errors of the two means, `outside` counts deals beyond the interval."""

    rows: int
    outside: int
    mape: float
    mape_error: float
    bias: float
    bias_error: float

    @property
    def coverage(self) -> float:
        """The share of deals inside the interval."""
        return 1 - self.outside / self.rows


def prices(paid: Floats, value: Floats, low: Floats, high: Floats) -> Prices:
    """Judge values by what was paid."""
    off, ratio = np.abs(value - paid) / paid, np.log(value / paid)
    root = math.sqrt(len(paid))
    return Prices(
        len(paid), int(((paid < low) | (paid > high)).sum()), float(off.mean()), float(off.std()) / root,
        math.expm1(float(np.median(ratio))), float(ratio.std()) / root,
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Limits:
    """From where on a measure is watched and from where on it has moved; `outcomes_min` rows with outcomes are needed to judge them."""

    psi_watch: float = PSI_WATCH
    psi_moved: float = PSI_MOVED
    outcomes_min: int = OUTCOMES_MIN


USUAL = Limits()


@dataclass(frozen=True, slots=True)
class Finding:
    """One measure with its verdict: `what` is psi | csi | rate | ece | auc, of prices mape | bias | coverage; `of` is the input for csi."""

    what: str
    of: str
    value: float
    verdict: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """The worst of the findings. `population` and `outcome` are the halves; a half without data is `not_judged`."""

    overall: str
    population: str
    outcome: str
    findings: tuple[Finding, ...]


def judge(score_psi: float | None, csi: dict[str, float] | None = None, seen: Outcomes | None = None,
          auc_trained: float | None = None, auc_now: float | None = None, limits: Limits = USUAL) -> Verdict:  # fmt: skip
    """Put the measures together. A model whose bad rate moved is never called stable, however small its PSI."""
    population, outcome = _population(score_psi, csi, limits), []
    if seen is not None and seen.rows >= limits.outcomes_min:
        gap = abs(seen.ratio - 1)
        rate = _graded(abs(seen.z), RATE_WATCH, RATE_MOVED) if gap >= RATE_GAP_MIN else STABLE
        ece = _graded(max(seen.ece - NOISE_MARGIN * seen.ece_noise, 0.0), ECE_WATCH, ECE_MOVED)
        outcome = [Finding("rate", "", seen.ratio, rate), Finding("ece", "", seen.ece, ece)]
        if auc_trained is not None and auc_now is not None:
            outcome.append(Finding("auc", "", auc_now, WATCH if auc_trained - auc_now > AUC_LOST else STABLE))
    return _verdict(population, outcome)


def judge_prices(value_psi: float | None, csi: dict[str, float] | None, seen: Prices | None, promised: tuple[float, float],
                 limits: Limits = USUAL) -> Verdict:  # fmt: skip
    """The same for a price model. `promised` are the mean error and the coverage that its test rows showed."""
    outcome: list[Finding] = []
    if seen is not None and seen.rows >= limits.outcomes_min:
        mape, coverage = promised
        worse, lost = seen.mape - mape, coverage - seen.coverage
        error_of_coverage = math.sqrt(coverage * (1 - coverage) / seen.rows)
        outcome = [
            Finding("mape", "", seen.mape, _significant(worse, seen.mape_error, worse >= MAPE_GAP_MIN * mape)),
            Finding("bias", "", seen.bias, _significant(abs(seen.bias), seen.bias_error, abs(seen.bias) >= BIAS_MIN)),
            Finding("coverage", "", seen.coverage, _significant(lost, error_of_coverage, lost >= COVERAGE_GAP_MIN)),
        ]
    return _verdict(_population(value_psi, csi, limits), outcome)


def _significant(gap: float, error: float, matters: bool) -> str:
    return _graded(gap / error if error else math.inf, RATE_WATCH, RATE_MOVED) if matters else STABLE


def _population(score_psi: float | None, csi: dict[str, float] | None, limits: Limits) -> list[Finding]:
    bounds = limits.psi_watch, limits.psi_moved
    found = [Finding("psi", "", score_psi, _graded(score_psi, *bounds))] if score_psi is not None else []
    return found + [Finding("csi", name, value, _graded(value, *bounds)) for name, value in (csi or {}).items()]


def _verdict(population: list[Finding], outcome: list[Finding]) -> Verdict:
    halves = [worst([each.verdict for each in half]) for half in (population, outcome)]
    overall = worst([half for half in halves if half != UNJUDGED])
    if overall == STABLE and UNJUDGED in halves:
        overall = UNJUDGED
    return Verdict(overall, halves[0], halves[1], tuple(population + outcome))


def worst(verdicts: Sequence[str]) -> str:
    """moved before watch before stable; nothing is not judged."""
    return next((each for each in (MOVED, WATCH, STABLE) if each in verdicts), UNJUDGED)


def _graded(value: float, watch: float, moved: float) -> str:
    if value >= moved:
        return MOVED
    return WATCH if value >= watch else STABLE
