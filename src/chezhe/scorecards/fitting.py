"""Two bounded logistic regressions: of coefficients that may not be negative, and of step weights that may not turn back.

A wrong-sign coefficient or a step that rewards what the bin's own bad rate punishes cannot be explained to a customer, so the solver
may not produce one.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from chezhe.scorecards.frame import Floats, weighed

RIDGE = 1.0
ROUNDS_MAX = 60
JOINT_ROUNDS_MAX = 12
JOINT_STEP_SMALL = 1e-5
STEP_SMALL = 1e-8
COEFFICIENT_STEP_SMALL = 1e-5
# As many rows, by weight, would have to contradict a bin's own weight of evidence before the joint fit leaves it half way.
PRIOR_STRENGTH = 4.0
LOGIT_MAX = 30.0


def chances(logits: Floats) -> Floats:
    """The probability of each logit."""
    found: Floats = 1.0 / (1.0 + np.exp(-np.clip(logits, -LOGIT_MAX, LOGIT_MAX)))
    return found


def not_negative(columns: Floats, target: Floats, weights: Floats, start: tuple[float, Floats] | None = None) -> tuple[float, Floats]:
    """Intercept and coefficients ≥ 0 of a logistic regression (rows × columns), by Newton's method on those that are not at zero.

    `start` is a guess from which fewer rounds are needed.
    """
    count = columns.shape[1]
    rate = float(np.average(target, weights=weights))
    beta = np.zeros(count + 1)
    beta[0] = np.log(rate / (1 - rate))
    if start is not None:
        beta[0], beta[1:] = start
    free = np.ones(count + 1, dtype=bool)
    design = np.column_stack([np.ones(len(target)), columns])
    for _ in range(ROUNDS_MAX):
        chance = chances(design @ beta)
        gradient = design.T @ (weights * (chance - target)) + RIDGE * np.append(0.0, beta[1:])
        free = (beta > 0) | (gradient < 0)
        free[0] = True
        inside = design[:, free]
        curvature = inside.T @ (inside * (weights * chance * (1 - chance))[:, None]) + RIDGE * np.eye(int(free.sum()))
        step = np.linalg.solve(curvature, gradient[free])
        beta[free] -= step
        beta[1:] = np.maximum(beta[1:], 0.0)
        if float(np.abs(step).max()) < COEFFICIENT_STEP_SMALL:
            break
    return float(beta[0]), beta[1:]


@dataclass(frozen=True, slots=True)
class Steps:
    """One characteristic in the joint fit. `places` of the rows; the first `ordered` bins may only rise (sign 1) or fall (−1);
    the rest stand free. `start` are the weights of evidence times the coefficient, to which the fit is drawn.

    With `evidence` (weights learnt on other rows) the bins keep their proportions and only one slope is fitted.
    """

    places: npt.NDArray[np.int64]
    ordered: int
    sign: float
    start: Floats
    evidence: Floats | None = None


def jointly(characteristics: list[Steps], intercept: float, target: Floats, weights: Floats) -> tuple[float, list[Floats]]:
    """Intercept and the weights of every bin, fitted together under the order of each characteristic.

    Newton's method in the space of bins; each step is a bounded least-squares problem in first weights and steps between neighbours.
    """
    from scipy.optimize import lsq_linear  # type: ignore[import-untyped]

    parts = _parts(characteristics)
    size = parts[-1].stop if parts else 1
    turn = _turn(characteristics, parts, size)
    start = np.concatenate([[intercept], *(each.start if each.evidence is None else np.ones(1) for each in characteristics)])
    pull = np.concatenate([[0.0], *(_pull(each) for each in characteristics)])
    theta = np.linalg.solve(turn, start)
    limits = np.array([(-np.inf, np.inf), *(bound for each in characteristics for bound in _bounds(each))])
    lower, upper = limits[:, 0], limits[:, 1]
    theta = np.clip(theta, lower, upper)
    for _ in range(JOINT_ROUNDS_MAX):
        beta = turn @ theta
        chance = chances(_logits(characteristics, parts, beta, len(target)))
        gradient = _folded(characteristics, parts, size, weights * (chance - target)) + pull * (beta - start)
        curvature = _curvature(characteristics, parts, size, weights * chance * (1 - chance)) + np.diag(pull + STEP_SMALL)
        root = np.linalg.cholesky(turn.T @ curvature @ turn + STEP_SMALL * np.eye(size)).T
        wanted = root @ theta - np.linalg.solve(root.T, turn.T @ gradient)
        moved = np.asarray(lsq_linear(root, wanted, (lower, upper), method="bvls", tol=1e-12).x, dtype=np.float64)
        change = float(np.abs(turn @ (moved - theta)).max())
        theta = moved
        if change < JOINT_STEP_SMALL:
            break
    beta = turn @ theta
    return float(beta[0]), [
        beta[part] if each.evidence is None else each.start * beta[part] for each, part in zip(characteristics, parts, strict=True)
    ]


def _parts(characteristics: list[Steps]) -> list[slice]:
    """Where the bins of each characteristic stand behind the intercept; one place for a slope."""
    parts, at = [], 1
    for each in characteristics:
        size = 1 if each.evidence is not None else len(each.start)
        parts.append(slice(at, at + size))
        at += size
    return parts


def _turn(characteristics: list[Steps], parts: list[slice], size: int) -> Floats:
    """The matrix from first weights and steps to the weights of bins."""
    turn = np.eye(size)
    for each, part in zip(characteristics, parts, strict=True):
        if each.evidence is None:
            inside = slice(part.start, part.start + each.ordered)
            turn[inside, inside] = np.tri(each.ordered)
    return turn


def _bounds(each: Steps) -> list[tuple[float, float]]:
    if each.evidence is not None:
        return [(0.0, np.inf)]
    step = (0.0, np.inf) if each.sign > 0 else (-np.inf, 0.0)
    return [step if 0 < place < each.ordered else (-np.inf, np.inf) for place in range(len(each.start))]


def _pull(each: Steps) -> Floats:
    """How strongly each bin is drawn to its start."""
    return np.full(len(each.start), PRIOR_STRENGTH) if each.evidence is None else np.array([PRIOR_STRENGTH])


def _logits(characteristics: list[Steps], parts: list[slice], beta: Floats, rows: int) -> Floats:
    logits = np.full(rows, beta[0])
    for each, part in zip(characteristics, parts, strict=True):
        logits += beta[part][each.places] if each.evidence is None else float(beta[part][0]) * each.evidence
    return logits


def _folded(characteristics: list[Steps], parts: list[slice], size: int, figures: Floats) -> Floats:
    """The transpose of the design times a figure per row."""
    found = np.empty(size)
    found[0] = figures.sum()
    for each, part in zip(characteristics, parts, strict=True):
        found[part] = _against(each, figures)
    return found


def _against(each: Steps, figures: Floats) -> Floats:
    if each.evidence is not None:
        return np.array([float(figures @ each.evidence)])
    return weighed(each.places, figures, len(each.start))


def _curvature(characteristics: list[Steps], parts: list[slice], size: int, spread: Floats) -> Floats:
    """The design's transpose times itself, each row with its variance."""
    found = np.zeros((size, size))
    found[0, 0] = spread.sum()
    for place, (each, part) in enumerate(zip(characteristics, parts, strict=True)):
        found[0, part] = _against(each, spread)
        found[part, part] = np.diag(found[0, part]) if each.evidence is None else np.array([[float(spread @ each.evidence**2)]])
        for other, beside in zip(characteristics[:place], parts[:place], strict=True):
            found[beside, part] = _between(other, each, spread)
    upper = np.triu(found, 1)
    return np.diag(np.diag(found)) + upper + upper.T


def _between(first: Steps, second: Steps, spread: Floats) -> Floats:
    if second.evidence is not None:
        return _against(first, spread * second.evidence)[:, None]
    if first.evidence is not None:
        return _against(second, spread * first.evidence)[None, :]
    width = len(second.start)
    pairs = weighed(first.places * width + second.places, spread, len(first.start) * width)
    return pairs.reshape(len(first.start), width)
