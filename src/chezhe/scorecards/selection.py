"""Which characteristics stand on the card: one after the other the one that explains most of what is still unexplained.

A candidate is measured by the score test against the card so far: the square of its covariance with what is unexplained, over the
part of its variance that the card does not already hold. Only the right sign counts; close relatives of a chosen one are left out.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from chezhe.scorecards import fitting
from chezhe.scorecards.candidates import Candidate
from chezhe.scorecards.frame import Floats

MOST = 20
CORRELATION_MAX = 0.92
WORTH_MIN = 5.0  # chi-square with one degree of freedom; one useless candidate in forty would pass


@dataclass(frozen=True, slots=True)
class Selection:
    """Places of the chosen among the candidates in order, what each was worth when chosen, and the regression over them."""

    chosen: list[int]
    worth: list[float]
    intercept: float
    coefficients: Floats


def select(candidates: list[Candidate], target: Floats, weights: Floats, most: int = MOST,
           correlation_max: float = CORRELATION_MAX) -> Selection:  # fmt: skip
    """Choose at most `most` candidates; every coefficient of the result is above zero."""
    columns = np.column_stack([candidate.evidence for candidate in candidates])
    correlations = correlation(columns)
    found = _forward(columns, correlations, target, weights, most, correlation_max)
    while len(found.chosen) > 1 and (found.coefficients <= 0).any():
        kept = [place for place, slope in zip(found.chosen, found.coefficients, strict=True) if slope > 0]
        worth = [each for each, slope in zip(found.worth, found.coefficients, strict=True) if slope > 0]
        intercept, slopes = fitting.not_negative(columns[:, kept], target, weights)
        found = Selection(kept, worth, intercept, slopes)
    return found


def correlation(columns: Floats) -> Floats:
    """Pearson correlations; 0 where a column does not vary."""
    centred = columns - columns.mean(axis=0)
    lengths = np.sqrt((centred**2).sum(axis=0))
    lengths[lengths == 0] = np.inf
    centred /= lengths
    found: Floats = centred.T @ centred
    return found


def _forward(columns: Floats, correlations: Floats, target: Floats, weights: Floats, most: int, correlation_max: float) -> Selection:
    chosen: list[int] = []
    worth: list[float] = []
    rate = float(np.average(target, weights=weights))
    intercept, slopes = float(np.log(rate / (1 - rate))), np.zeros(0)
    gram = _gram(columns, weights) * rate * (1 - rate)
    while len(chosen) < min(most, columns.shape[1]):
        gains = _gains(columns, gram, chosen, fitting.chances(intercept + columns[:, chosen] @ slopes), target, weights)
        relatives = np.abs(correlations[:, chosen]).max(axis=1) > correlation_max if chosen else np.zeros(columns.shape[1], dtype=bool)
        gains[relatives] = -np.inf
        gains[chosen] = -np.inf
        best = int(np.argmax(gains))
        if gains[best] < WORTH_MIN and chosen:  # a card needs one: the best there is
            break
        chosen.append(best)
        worth.append(float(gains[best]))
        intercept, slopes = fitting.not_negative(columns[:, chosen], target, weights, (intercept, np.append(slopes, 0.5)))
        if gains[best] < WORTH_MIN:
            break
    return Selection(chosen, worth, intercept, slopes)


def _gram(columns: Floats, weights: Floats) -> Floats:
    """Products of all columns and of the constant (last) with each other."""
    both = np.column_stack([columns, np.ones(len(columns))])
    found: Floats = both.T @ (both * weights[:, None])
    return found


def _gains(columns: Floats, gram: Floats, chosen: list[int], chance: Floats, target: Floats, weights: Floats) -> Floats:
    """The score test of every candidate, 0 for the wrong sign; every row counts with the variance of the average row."""
    covariance = columns.T @ (weights * (target - chance))
    base = [*chosen, columns.shape[1]]
    own = np.diag(gram)[:-1]
    mixed = gram[base, :-1]
    held = np.einsum("ij,ij->j", mixed, np.linalg.solve(gram[np.ix_(base, base)] + 1e-6 * np.eye(len(base)), mixed))
    left = own - held
    with np.errstate(divide="ignore", invalid="ignore"):
        gains = np.where((covariance > 0) & (left > 1e-6 * np.maximum(own, 1e-12)), covariance**2 / left, 0.0)
    found: Floats = gains
    return found
