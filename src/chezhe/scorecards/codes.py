"""Which whole numbers are codes (a branch, a brand) and which are quantities. A code read as a quantity loses what it knows.

Told by the name, or by the target: when the mean of each single value, learnt on other rows, predicts clearly better than the mean
of twenty ranges, the order of the values means nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

import numpy as np

from chezhe.scorecards.features import Feature
from chezhe.scorecards.frame import Codes, Floats, Frame

NAMES = re.compile(
    r".*(?:[_. ]id|Id|ID|code|Code|[_. ]type|Type|branch|brand|serial|series|model|colou?r|city|region|province|country|state|gearbox)$"
    r"|.*(?:车系|品牌|城市|颜色)$"
    r"|^(?:brand|model|city|branch|state|province|region|make|maker)[_. ]?.*id$",
)
FOLDS = 5
RANGES = 20
PRIOR_ROWS = 20.0
DISTINCT_MIN, DISTINCT_MAX = 3, 20_000
ROWS_A_VALUE = 2
GAIN, GAIN_SHARE = 0.001, 0.25


def told_apart(frame: Frame, features: Iterable[Feature], target: Floats, asked: Iterable[str] = ()) -> list[Feature]:
    """The same features, those that are codes as categories. `asked` names columns to be taken as codes in any case."""
    wanted = set(asked)
    return [
        Feature(feature.name, "text", feature.columns) if feature.form == "number" and _is_code(frame, feature, target, wanted) else feature
        for feature in features
    ]


def _is_code(frame: Frame, feature: Feature, target: Floats, wanted: set[str]) -> bool:
    numbers = frame.numbers(feature)
    known = ~np.isnan(numbers)
    different = np.unique(numbers[known])
    if feature.name in wanted:
        return True
    is_whole = bool((different == np.floor(different)).all())
    if not is_whole or not DISTINCT_MIN <= len(different) <= min(DISTINCT_MAX, frame.rows / ROWS_A_VALUE):
        return False
    if NAMES.fullmatch(feature.name):
        return True
    if len(different) > frame.rows / PRIOR_ROWS:
        return False
    codes = np.searchsorted(different, numbers[known])
    by_value = explained(codes, target[known])
    by_range = explained(_ranges(numbers[known]), target[known])
    return by_value > by_range + GAIN + GAIN_SHARE * max(by_range, 0.0)


def explained(codes: Codes, target: Floats) -> float:
    """The share of the target's variance that the means of the codes explain on rows they were not learnt from."""
    variance = float(np.var(target))
    if variance == 0.0:
        return 0.0
    return 1.0 - float(np.mean((target - out_of_fold(codes, target)) ** 2)) / variance


def out_of_fold(codes: Codes, target: Floats, prior_rows: float = PRIOR_ROWS) -> Floats:
    """For each row the mean target of its code on the other four folds, drawn to the overall mean by `prior_rows`."""
    folds = np.arange(len(codes)) % FOLDS
    size = int(codes.max()) + 1 if len(codes) else 0
    means = np.empty(len(codes))
    for fold in range(FOLDS):
        inside = folds == fold
        others = ~inside
        counts = np.bincount(codes[others], minlength=size)
        sums = np.bincount(codes[others], weights=target[others], minlength=size)
        overall = float(target[others].mean())
        means[inside] = ((sums + prior_rows * overall) / (counts + prior_rows))[codes[inside]]
    return means


def _ranges(numbers: Floats) -> Codes:
    cuts = np.unique(np.quantile(numbers, np.linspace(0, 1, RANGES + 1)[1:-1]))
    return np.searchsorted(cuts, numbers)
