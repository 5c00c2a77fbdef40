"""From raw log-odds to probabilities that come true: Platt's slope and shift, drawn to "as it is" where rows are few."""

from __future__ import annotations

import numpy as np

from chezhe.scorecards.fitting import chances
from chezhe.scorecards.frame import Floats

ROUNDS_MAX = 50
PRIOR = 5.0  # rows' worth of belief in slope 1
SLOPE_MIN, SLOPE_MAX = 0.05, 5.0


def platt(logits: Floats, target: Floats, weights: Floats | None = None) -> tuple[float, float]:
    """Slope and shift of the logistic regression of the target on the logits, by Newton's method. The slope stays above zero."""
    each_row = np.ones(len(target)) if weights is None else weights
    beta = np.array([1.0, 0.0])
    design = np.column_stack([logits, np.ones(len(logits))])
    for _ in range(ROUNDS_MAX):
        chance = chances(design @ beta)
        gradient = design.T @ (each_row * (chance - target)) + np.array([PRIOR * (beta[0] - 1.0), 0.0])
        curvature = design.T @ (design * (each_row * chance * (1 - chance))[:, None]) + np.diag([PRIOR, 1e-9])
        step = np.linalg.solve(curvature, gradient)
        beta -= np.clip(step, -2.0, 2.0)
        if float(np.abs(step).max()) < 1e-9:
            break
    return float(np.clip(beta[0], SLOPE_MIN, SLOPE_MAX)), float(beta[1])


def shift_only(logits: Floats, target: Floats, weights: Floats | None = None) -> float:
    """The shift that makes as many bads expected as there are, the order and the spread left as they stand."""
    each_row = np.ones(len(target)) if weights is None else weights
    shift = 0.0
    for _ in range(ROUNDS_MAX):
        chance = chances(logits + shift)
        step = float(np.sum(each_row * (chance - target)) / max(float(np.sum(each_row * chance * (1 - chance))), 1e-12))
        shift -= float(np.clip(step, -2.0, 2.0))
        if abs(step) < 1e-10:
            break
    return shift
