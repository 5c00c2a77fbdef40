"""Does the model treat groups alike? Approval ratios at one cut-off, and whether probabilities come true for each group.

The cut-off approves the safer seven tenths of all test rows. A ratio below 0.8 of the best group's (the four-fifths rule) is to be
explained or mended; a group whose bads exceed what was expected is under-priced, the reverse over-priced.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from chezhe.scorecards import metrics
from chezhe.scorecards.errors import ModelError
from chezhe.scorecards.features import Feature
from chezhe.scorecards.frame import Floats, Frame

APPROVED_SHARE = 0.7
GROUPS_MAX = 12
ROWS_MIN = 30
BANDS = 4
FOUR_FIFTHS = 0.8


@dataclass(frozen=True, slots=True)
class Group:
    """One group of one column. `ratio` is its approval rate over that of the best group."""

    column: str
    group: str
    rows: int
    approved: float
    ratio: float
    bad_rate: float
    expected_rate: float
    auc: float

    def as_json(self) -> dict[str, object]:
        """The form that stands in metrics.json."""
        told: dict[str, object] = {
            "column": self.column, "group": self.group, "rows": self.rows, "approved": round(self.approved, 6), "ratio": round(self.ratio,
            6),
            "bad_rate": round(self.bad_rate, 6), "expected_rate": round(self.expected_rate, 6),
        }  # fmt: skip
        return told | ({"auc": round(self.auc, 6)} if self.auc == self.auc else {})


def compare(frame: Frame, columns: Iterable[str], target: Floats, chance: Floats) -> list[Group]:
    """Every group of every column with at least thirty rows. Raises `column_missing`."""
    found: list[Group] = []
    cut_off = float(np.quantile(chance, APPROVED_SHARE))
    for column in columns:
        if column not in frame.names:
            raise ModelError("column_missing", column, columns=column)
        groups = [each for each in _groups(frame, column, target, chance, cut_off) if each.rows >= ROWS_MIN]
        best = max((each.approved for each in groups), default=1.0) or 1.0
        found += [Group(each.column, each.group, each.rows, each.approved, each.approved / best, each.bad_rate, each.expected_rate,
            each.auc)
                  for each in groups]  # fmt: skip
    return found


def _groups(frame: Frame, column: str, target: Floats, chance: Floats, cut_off: float) -> Iterable[Group]:
    labels, places = _labels(frame, column)
    for place, label in enumerate(labels):
        inside = places == place
        if inside.any():
            yield Group(column, label, int(inside.sum()), float((chance[inside] <= cut_off).mean()), 1.0, float(target[inside].mean()),
                        float(chance[inside].mean()), metrics.auc(target[inside], chance[inside]))  # fmt: skip


def _labels(frame: Frame, column: str) -> tuple[list[str], np.ndarray[tuple[int], np.dtype[np.int64]]]:
    """Categories as they are; figures and dates of many values in four bands of equal size."""
    different, _ = frame.distinct(column)
    if len(different) <= GROUPS_MAX:
        texts = frame.texts(Feature(column, "text", (column,)))
        return [*texts.labels], texts.codes
    import pyarrow as pa  # type: ignore[import-untyped]

    is_day = pa.types.is_temporal(frame.table.column(column).type)
    numbers = frame.days(column) if is_day else frame.numbers(Feature(column, "number", (column,)))
    known = numbers[~np.isnan(numbers)]
    cuts = np.unique(np.quantile(known, np.linspace(0, 1, BANDS + 1)[1:-1]))
    places = np.searchsorted(cuts, numbers)
    places[np.isnan(numbers)] = -1
    return [f"{column} {place + 1}/{len(cuts) + 1}" for place in range(len(cuts) + 1)], places.astype(np.int64)
