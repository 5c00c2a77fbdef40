"""Rows as the floats a tree model reads, with the same specification in training, for one row and for a file.

A number stands as it is. A category of few values becomes its place in a vocabulary, which LightGBM splits as a set. A category of
many values becomes what its rows paid or failed on average (learnt out of fold while training, with all rows afterwards). NaN is
missing; a category never seen counts as missing for the vocabulary and as the average for the means.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

import numpy as np

from chezhe.scorecards import features as reading
from chezhe.scorecards.card import is_missing
from chezhe.scorecards.errors import ModelError
from chezhe.scorecards.features import Feature, Row
from chezhe.scorecards.frame import Floats, Frame

NUMBER, VOCABULARY, MEANS = "number", "vocabulary", "means"


@dataclass(frozen=True)
class Column:
    """One column of the matrix. `table` is the place (vocabulary) or the mean of each category; `otherwise` of what is not in it."""

    feature: Feature
    kind: str
    table: Mapping[str, float] = field(default_factory=dict)
    otherwise: float = math.nan

    @property
    def name(self) -> str:
        """The code in reasons: a column of means speaks for its category."""
        return self.feature.name

    def reader(self) -> reading.Read:
        """A function from a row to this column's float."""
        if self.kind == NUMBER:
            return reading.reader(self.feature)
        read, table, otherwise = reading.text_reader(self.feature), self.table, self.otherwise

        def look_up(row: Row) -> float:
            label = read(row)
            return table.get(label, otherwise) if label is not None else otherwise

        return look_up

    def of_frame(self, frame: Frame) -> Floats:
        """This column for every row."""
        if self.kind == NUMBER:
            return frame.numbers(self.feature)
        texts = frame.texts(self.feature)
        known = np.array([self.table.get(label, self.otherwise) for label in (*texts.labels, "")], dtype=np.float64)
        known[-1] = self.otherwise
        return known[texts.codes]

    def as_json(self) -> dict[str, object]:
        """The form that stands in engine.json."""
        told: dict[str, object] = {"feature": self.feature.as_json(), "kind": self.kind}
        if self.kind == NUMBER:
            return told
        otherwise = None if math.isnan(self.otherwise) else self.otherwise
        return told | {"otherwise": otherwise, "table": dict(self.table)}


class Matrix:
    """The columns of a tree model in order. Functions of it hand out arrays of float64."""

    def __init__(self, columns: Iterable[Column]) -> None:
        self.columns = tuple(columns)
        self.inputs = tuple(dict.fromkeys(name for column in self.columns for name in column.feature.columns))
        self._readers: list[Callable[[Row], float]] = [column.reader() for column in self.columns]

    def of_row(self, row: Row) -> Floats:
        """One row. Raises ModelError for values of the wrong type, naming the column."""
        return np.array([read(row) for read in self._readers], dtype=np.float64)

    def of_rows(self, rows: Iterable[Row]) -> tuple[Floats, list[tuple[str, ...]]]:
        """Many rows, and the names of the inputs each lacks."""
        found, unknown = [], []
        for row in rows:
            found.append([read(row) for read in self._readers])
            unknown.append(self.unknown(row))
        return np.array(found, dtype=np.float64).reshape(len(found), len(self.columns)), unknown

    def of_frame(self, frame: Frame) -> Floats:
        """All rows of a frame."""
        return np.column_stack([column.of_frame(frame) for column in self.columns])

    def unknown(self, row: Row) -> tuple[str, ...]:
        """The inputs without a value."""
        return tuple([name for name in self.inputs if is_missing(row.get(name))])

    def categories(self) -> list[int]:
        """The places LightGBM is to read as sets."""
        return [place for place, column in enumerate(self.columns) if column.kind == VOCABULARY]

    def as_json(self) -> list[dict[str, object]]:
        """The form that stands in engine.json."""
        return [column.as_json() for column in self.columns]


def from_json(told: object) -> Matrix:
    """Read the columns back. Raises `artefact_schema`."""
    if not isinstance(told, list) or not told:
        raise ModelError("artefact_schema", "matrix")
    return Matrix([_column(each) for each in told])


def _column(told: object) -> Column:
    if not isinstance(told, dict) or told.get("kind") not in (NUMBER, VOCABULARY, MEANS):
        raise ModelError("artefact_schema", "matrix")
    feature = reading.from_json(told.get("feature"))
    table, otherwise = told.get("table", {}), told.get("otherwise")
    if feature.is_text != (told["kind"] != NUMBER) or not isinstance(table, dict):
        raise ModelError("artefact_schema", feature.name)
    try:
        known = {str(label): float(value) for label, value in table.items()}
        return Column(feature, told["kind"], known, math.nan if otherwise is None else float(otherwise))
    except (TypeError, ValueError):
        raise ModelError("artefact_schema", feature.name)
