"""Ratios worth a place beside the columns they are made of: overdue to all accounts, balance to limit, price to loan.

Every ordered pair of quantities is tried on a sample: how much of what the single columns leave unexplained (the residuals of a
regression over all of them) do twenty ranges of the ratio explain? The best are kept, near relatives once. Categories are paired.
"""

from __future__ import annotations

from itertools import combinations, permutations

import numpy as np

from chezhe.scorecards.features import Feature
from chezhe.scorecards.frame import Codes, Floats, Frame

# Between the two columns of a ratio's name; excluded, it leaves all ratios out.
SIGN = "÷"
SAMPLE = 40_000
RANGES = 16
RATIOS_MAX = 12
COLUMNS_MAX = 24
DISTINCT_MIN = 8
WORTH_MIN = 25.0  # above the RANGES that chance alone would give
RELATIVES = 0.95
PAIRS_MAX = 8
PAIR_CELLS_MIN = 12
PAIR_ROWS_MIN = 60
SEED_STEP = 7919  # a prime: rows of the sample are taken from all over the file


def propose(frame: Frame, features: list[Feature], residuals: Floats, spread: Floats) -> list[Feature]:
    """At most twelve ratios, best first. `residuals` are target − expected, `spread` the variance of each row's target."""
    chosen = _sample(frame.rows)
    gone, held = residuals[chosen], spread[chosen]
    columns = {
        feature.columns[0]: frame.numbers(feature)[chosen] for feature in features
        if feature.form == "number" and _is_quantity(frame.numbers(feature)[chosen])
    }  # fmt: skip
    names = sorted(columns, key=lambda name: -_worth(columns[name], gone, held, by_magnitude=True))[:COLUMNS_MAX]
    names = [name for name in columns if name in names]
    found = [(worth, top, below) for top, below in permutations(names, 2)
             if (worth := _worth(_ratio(columns[top], columns[below]), gone, held)) > WORTH_MIN + RANGES]  # fmt: skip
    found.sort(key=lambda each: (-each[0], each[1], each[2]))
    kept: list[tuple[str, str]] = []
    ranks: list[Floats] = []
    for _, top, below in found:
        rank = _rank(_ratio(columns[top], columns[below]))
        if (below, top) in kept:  # the same turned over
            continue
        if len(kept) < RATIOS_MAX and all(abs(float(np.mean(rank * other))) < RELATIVES for other in ranks):
            kept.append((top, below))
            ranks.append(rank)
    return [Feature(f"{top}{SIGN}{below}", "ratio", (top, below)) for top, below in kept]


def pairs(frame: Frame, features: list[Feature]) -> list[Feature]:
    """Categories two by two, where enough rows stand behind each pair: the same brand may be another risk at another branch."""
    texts = [feature for feature in features if feature.form == "text"]
    found: list[tuple[int, Feature]] = []
    for first, second in combinations(texts, 2):
        cells = len(frame.texts(first).labels) * len(frame.texts(second).labels)
        if PAIR_CELLS_MIN <= cells <= frame.rows / PAIR_ROWS_MIN:
            found.append((cells, Feature(f"{first.name}×{second.name}", "pair", (first.columns[0], second.columns[0]))))
    found.sort(key=lambda each: (-each[0], each[1].name))
    return [feature for _, feature in found[:PAIRS_MAX]]


def _sample(rows: int) -> Codes:
    if rows <= SAMPLE:
        return np.arange(rows)
    return np.sort(np.arange(SAMPLE) * SEED_STEP % rows)


def _is_quantity(numbers: Floats) -> bool:
    known = numbers[~np.isnan(numbers)]
    return len(known) > 0.5 * len(numbers) and bool((known >= 0).all()) and len(np.unique(known[:5000])) >= DISTINCT_MIN


def _ratio(top: Floats, below: Floats) -> Floats:
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(below == 0, np.nan, top / below)


def _worth(numbers: Floats, gone: Floats, held: Floats, by_magnitude: bool = False) -> float:
    """Σ (residuals)² / variance over the ranges, as a chi-square."""
    known = ~np.isnan(numbers)
    if known.sum() < 200:
        return 0.0
    if by_magnitude:
        return float(known.mean()) * len(np.unique(numbers[known]))
    cuts = np.unique(np.quantile(numbers[known][:: max(1, int(known.sum()) // 4000)], np.linspace(0, 1, RANGES + 1)[1:-1]))
    codes = np.searchsorted(cuts, numbers)
    codes[~known] = len(cuts) + 1
    sums = np.bincount(codes, weights=gone, minlength=len(cuts) + 2)
    spread = np.bincount(codes, weights=held, minlength=len(cuts) + 2)
    there = spread > 0
    return float(np.sum(sums[there] ** 2 / spread[there]))


def _rank(numbers: Floats) -> Floats:
    """Normalised ranks (mean 0, variance 1), missing in the middle."""
    filled = np.where(np.isnan(numbers), np.nanmedian(numbers), numbers)
    ranks = np.argsort(np.argsort(filled, kind="stable"), kind="stable").astype(np.float64)
    ranks -= ranks.mean()
    found: Floats = ranks / ranks.std()
    return found
