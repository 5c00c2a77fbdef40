"""Which way a figure may push: asked for on the command line, or read from the data where it is beyond doubt."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from chezhe.scorecards import binning
from chezhe.scorecards.errors import ModelError
from chezhe.scorecards.features import Feature
from chezhe.scorecards.frame import Floats, Frame

CLEAR_GAIN, CLEAR_GAIN_A_ROW = 25.0, 0.002  # twice the log-likelihood that the order brings
SHARE_MIN = 0.98  # of what free bins would bring beyond chance, which gives one for each bin


def asked(words: Iterable[str], features: Iterable[Feature]) -> dict[str, str]:
    """`["ltv:+", "age:-"]` as a mapping. Raises `direction_unreadable`, `direction_unknown`, `direction_of_category`."""
    known = {feature.name: feature for feature in features}
    found: dict[str, str] = {}
    for word in words:
        name, _, sign = word.rpartition(":")
        if not name or sign not in ("+", "-"):
            raise ModelError("direction_unreadable", word)
        if name not in known:
            raise ModelError("direction_unknown", name, known=", ".join(sorted(known))[:300])
        if known[name].is_text:
            raise ModelError("direction_of_category", name)
        found[name] = sign
    return found


def automatic(frame: Frame, features: Iterable[Feature], target: Floats, weights: Floats) -> dict[str, str]:
    """The direction of every figure whose bad rate rises or falls all the way, as far as the data can tell."""
    found: dict[str, str] = {}
    for feature in features:
        if feature.is_text:
            continue
        numbers = frame.numbers(feature)
        known = ~np.isnan(numbers)
        if known.sum() < 200:
            continue
        fine = binning.coarse(numbers[known], target[known], weights[known])
        level = binning.likelihood(binning.Blocks(fine.uppers[-1:], np.array([fine.rows.sum()]), np.array([fine.bads.sum()])))
        free = 2 * (binning.likelihood(fine) - level) - len(fine.rows) + 1
        for sign in "+-":
            gain = 2 * (binning.likelihood(binning.pooled(fine, sign)) - level)
            if gain > max(CLEAR_GAIN, CLEAR_GAIN_A_ROW * len(numbers)) and gain > SHARE_MIN * free:
                found[feature.name] = sign
    return found
