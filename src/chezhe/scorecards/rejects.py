"""Reject inference: what the refused would have done, as far as a model of the accepted can tell.

- *Fuzzy augmentation*: each refused row enters twice, as bad with the weight of its expected probability, as good with the rest, so that
  the refused weigh what they are.
- *Parcelling*: accepted and refused are put into the same bands of expected probability (tenths of the accepted). In each band so many of
  the refused are called bad as make up the band's bad rate among the accepted; which ones, the seed draws.

Neither adds knowledge of outcomes; both correct the spread of what the model looks at. The report shows the figures with and without,
because the accepted alone can judge either.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from chezhe.scorecards import monitoring, tables
from chezhe.scorecards.errors import ModelError
from chezhe.scorecards.frame import Floats, Frame

if TYPE_CHECKING:
    from chezhe.scorecards.boosting import Boosting
    from chezhe.scorecards.card import Card

FUZZY, PARCELLING = "fuzzy", "parcelling"
WAYS = (FUZZY, PARCELLING)
PENALTY = 1.0  # the refused are taken to be as risky as the model says; no made-up surcharge


@dataclass(frozen=True)
class Parcel:
    """Refused rows once, with an outcome that was inferred for each and what it weighs."""

    target: Floats
    weights: Floats


@dataclass(frozen=True)
class Added:
    """Accepted rows followed by the refused, once for each parcel. `refused` and `parcels` are kept to join them to other accepted rows."""

    frame: Frame
    target: Floats
    weights: Floats
    refused: Frame
    parcels: tuple[Parcel, ...]

    def joined_to(self, frame: Frame, target: Floats) -> Added:
        """The same refused rows behind other accepted ones."""
        return _joined(frame, target, self.refused, self.parcels)


def augmented(frame: Frame, target: Floats, refused: Frame, model: Card | Boosting, column: str, way: str, seed: int) -> Added:
    """Augment accepted rows by refused ones. Raises `inference_unknown`, or `column_missing` when the refused lack one of the model."""
    if way not in WAYS:
        raise ModelError("inference_unknown", "--reject-inference", value=way, known=", ".join(WAYS))
    missing = [name for name in model.columns if name not in refused.names]
    if missing:
        raise ModelError("column_missing", missing[0], columns=", ".join(missing[:10]))
    chance = np.clip(_chances(refused, model) * PENALTY, 0.0, 1.0)
    parcels = fuzzy(chance) if way == FUZZY else parcelled(_chances(frame, model), target, chance, seed)
    names = [name for name in frame.names if name in refused.names and name != column]
    return _joined(frame, target, Frame(refused.table.select(names)), parcels)


def fuzzy(chance: Floats) -> tuple[Parcel, ...]:
    """Everybody as bad by the weight of their probability, and as good by the rest."""
    return Parcel(np.ones(len(chance)), chance), Parcel(np.zeros(len(chance)), 1 - chance)


def parcelled(accepted: Floats, target: Floats, refused: Floats, seed: int) -> tuple[Parcel, ...]:
    """Everybody once: in each band of probability the refused get the bad rate of the accepted, rounded to whole rows."""
    cuts = monitoring.tenths(accepted)
    of_accepted, of_refused = np.searchsorted(cuts, accepted), np.searchsorted(cuts, refused)
    draws, found = np.random.default_rng(seed), np.zeros(len(refused))
    for band in range(len(cuts) + 1):
        here = np.flatnonzero(of_refused == band)
        seen = target[of_accepted == band]
        rate = min(float(seen.mean()) * PENALTY, 1.0) if len(seen) else float(target.mean())
        found[draws.permutation(here)[: round(len(here) * rate)]] = 1.0
    return (Parcel(found, np.ones(len(refused))),)


def _chances(frame: Frame, model: Card | Boosting) -> Floats:
    return np.array([each.probability for each in model.score_many(tables.rows_of(frame.table, model.columns), reasons=False)])


def _joined(frame: Frame, target: Floats, refused: Frame, parcels: tuple[Parcel, ...]) -> Added:
    import pyarrow as pa  # type: ignore[import-untyped]

    filled = _like(refused.table, frame.table.schema)
    table = pa.concat_tables([frame.table, *[filled] * len(parcels)])
    outcomes = np.concatenate([target, *(parcel.target for parcel in parcels)])
    weights = np.concatenate([np.ones(frame.rows), *(parcel.weights for parcel in parcels)])
    return Added(Frame(table), outcomes, weights, refused, parcels)


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
