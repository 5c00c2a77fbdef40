"""Reject inference by fuzzy augmentation: what the refused would have done, as far as a model of the accepted can tell.

Each refused row enters twice: as bad with the weight of its expected probability, as good with the rest, both scaled so that the
refused weigh what they are. It adds no knowledge of outcomes; it corrects the spread of what the model looks at. The report shows the
figures with and without, because the accepted alone can judge either.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from chezhe.scorecards import tables
from chezhe.scorecards.errors import ModelError
from chezhe.scorecards.frame import Floats, Frame

if TYPE_CHECKING:
    from chezhe.scorecards.boosting import Boosting
    from chezhe.scorecards.card import Card

PENALTY = 1.0  # the refused are taken to be as risky as the model says; no made-up surcharge


@dataclass(frozen=True)
class Added:
    """Accepted rows followed by the refused twice. `refused` and `chance` are kept to join them to other accepted rows."""

    frame: Frame
    target: Floats
    weights: Floats
    refused: Frame
    chance: Floats

    def joined_to(self, frame: Frame, target: Floats) -> Added:
        """The same refused rows behind other accepted ones."""
        return _joined(frame, target, self.refused, self.chance)


def fuzzy(frame: Frame, target: Floats, refused: Frame, model: Card | Boosting, column: str) -> Added:
    """Augment accepted rows by refused ones. Raises `column_missing` when the refused lack a column of the model."""
    missing = [name for name in model.columns if name not in refused.names]
    if missing:
        raise ModelError("column_missing", missing[0], columns=", ".join(missing[:10]))
    scored = model.score_many(tables.rows_of(refused.table, model.columns))
    chance = np.array([each.probability for each in scored]) * PENALTY
    names = [name for name in frame.names if name in refused.names and name != column]
    return _joined(frame, target, Frame(refused.table.select(names)), np.clip(chance, 0.0, 1.0))


def _joined(frame: Frame, target: Floats, refused: Frame, chance: Floats) -> Added:
    import pyarrow as pa  # type: ignore[import-untyped]

    schema = frame.table.schema
    filled = _like(refused.table, schema)
    table = pa.concat_tables([frame.table, filled, filled])
    ones, nothing = np.ones(refused.rows), np.zeros(refused.rows)
    return Added(
        Frame(table), np.concatenate([target, ones, nothing]), np.concatenate([np.ones(frame.rows), chance, 1 - chance]), refused, chance,
    )  # fmt: skip


def _like(table: Any, schema: Any) -> Any:
    """The table with the columns and types of another; what it lacks is null."""
    import pyarrow as pa

    columns = []
    for field in schema:
        if field.name not in table.column_names:
            columns.append(pa.nulls(table.num_rows, field.type))
            continue
        try:
            columns.append(table.column(field.name).cast(field.type))
        except pa.ArrowException:
            raise ModelError("column_other_type", field.name, found=str(table.schema.field(field.name).type), known=str(field.type))
    return pa.table(columns, schema=schema)
