"""Scores of a boosted model for a whole book: what no engine can express is scored here by the trees themselves, in blocks."""

from __future__ import annotations

from typing import Any, Final

import numpy as np
import pyarrow as pa  # type: ignore[import-untyped]

from chezhe.scorecards.boosting import Boosting
from chezhe.scorecards.frame import Floats, Frame
from chezhe.scorecards.scaling import probability

ROWS_AT_ONCE: Final = 50_000


def scored(model: Boosting, table: Any) -> Any:
    """The score and the chance of every row, as the columns that `bulk.Judge` reads; the same as `model.score` gives one by one."""
    inputs = model.matrix.of_frame(Frame(table))
    logits: list[float] = []
    for start in range(0, len(inputs), ROWS_AT_ONCE):
        logits += _logits(model, inputs[start : start + ROWS_AT_ONCE])
    return pa.table({
        "model_score": pa.array([model.scale.points(logit) for logit in logits], type=pa.int64()),
        "model_probability": pa.array([probability(logit) for logit in logits], type=pa.float64()),
    })


def _logits(model: Boosting, inputs: Floats) -> list[float]:
    raws = [trees.raw_of_rows(inputs) for trees in model.trees]
    mean = raws[0] if len(raws) == 1 else np.asarray(sum(raws)) / len(raws)
    found: list[float] = (model.slope * mean + model.shift).tolist()
    return found
