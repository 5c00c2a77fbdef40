"""A data file for training: columns as numpy arrays, each read once in the one way that scoring reads single values."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from chezhe.scorecards import features, values
from chezhe.scorecards.errors import ModelError
from chezhe.scorecards.features import Feature

if TYPE_CHECKING:
    import pyarrow as pa  # type: ignore[import-untyped]

Floats = npt.NDArray[np.float64]
Codes = npt.NDArray[np.int64]
MISSING_CODE = -1


def weighed(places: Codes, weights: Floats, size: int) -> Floats:
    """The sum of the weights at each place from 0 to size − 1."""
    return np.bincount(places, weights=weights, minlength=size).astype(np.float64)


@dataclass(frozen=True, slots=True)
class Texts:
    """A category column: `codes` into `labels`, -1 where missing. Labels are sorted, so that order never depends on the file's."""

    codes: Codes
    labels: tuple[str, ...]


@dataclass
class Frame:
    """The columns of one table. All arrays are of its length; nothing is changed once read."""

    table: pa.Table
    _read: dict[Feature, Any] = field(default_factory=dict, repr=False)

    @property
    def rows(self) -> int:
        """How many."""
        return int(self.table.num_rows)

    @property
    def names(self) -> list[str]:
        """The columns in the file's order."""
        return list(self.table.column_names)

    def numbers(self, feature: Feature) -> Floats:
        """The feature of every row, NaN where missing; the same figures, to the bit, as `features.reader` gives row by row."""
        if feature not in self._read:
            self._read[feature] = self._numbers(feature)
        found: Floats = self._read[feature]
        return found

    def texts(self, feature: Feature) -> Texts:
        """The category of every row."""
        if feature not in self._read:
            self._read[feature] = self._pair(feature) if feature.form == "pair" else self._texts(feature.columns[0])
        found: Texts = self._read[feature]
        return found

    def take(self, chosen: npt.NDArray[np.bool_]) -> Frame:
        """The rows where `chosen` holds, in order."""
        import pyarrow as pa

        return Frame(self.table.filter(pa.array(chosen)))

    def distinct(self, column: str) -> tuple[list[object], Codes]:
        """The different values of a column as Python has them (None included, when there), and where each row's stands."""
        encoded = self.table.column(column).combine_chunks().dictionary_encode(null_encoding="encode")
        return encoded.dictionary.to_pylist(), np.asarray(encoded.indices.to_numpy(zero_copy_only=False), dtype=np.int64)

    def content_hash(self) -> str:
        """SHA-256 over names, types and values in order: the same data in parquet written twice is the same data."""
        import pyarrow as pa

        digest = hashlib.sha256()
        for name in self.names:
            column = self.table.column(name)
            digest.update(f"{name}\0{column.type}\0{len(column)}\0".encode())
            sink = pa.BufferOutputStream()
            batch = pa.record_batch([column.combine_chunks()], names=["c"])
            with pa.ipc.new_stream(sink, batch.schema) as stream:
                stream.write_batch(batch)
            digest.update(sink.getvalue())
        return digest.hexdigest()

    def _numbers(self, feature: Feature) -> Floats:
        if feature.form in features.TWO:
            return self._of_two(feature)
        column = feature.columns[0]
        if feature.form == "number" and _is_plain_number(self.table.column(column).type):
            return self._plain(column)
        convert = features.SCALARS[feature.form]
        return self._by_value(column, lambda value: convert(value, column, feature.place))

    def _of_two(self, feature: Feature) -> Floats:
        first, second = feature.columns
        if feature.form == "years_between":
            return (self._days(second) - self._days(first)) / features.DAYS_A_YEAR
        a, b = (self.numbers(Feature(column, "number", (column,))) for column in (first, second))
        if feature.form == "ratio":
            with np.errstate(divide="ignore", invalid="ignore"):
                return np.where(b == 0, np.nan, a / b)
        return a - b if feature.form == "difference" else a * b

    def days(self, column: str) -> Floats:
        """Days since 1970 of a date column, NaN where missing."""
        return self._days(column)

    def _days(self, column: str) -> Floats:
        return self._by_value(column, lambda value: values.day(value, column))

    def _by_value(self, column: str, convert: Any) -> Floats:
        found, places = self.distinct(column)
        return np.array([convert(value) for value in found], dtype=np.float64)[places]

    def _plain(self, column: str) -> Floats:
        import pyarrow as pa

        found = self.table.column(column).combine_chunks().cast(pa.float64(), safe=False).to_numpy(zero_copy_only=False)
        numbers = np.array(found, dtype=np.float64)
        if np.isinf(numbers).any():
            raise ModelError("not_finite", column)
        return numbers

    def _pair(self, feature: Feature) -> Texts:
        """Only pairs that occur become labels."""
        first, second = (self.texts(Feature(column, "text", (column,))) for column in feature.columns)
        width = len(second.labels)
        both = np.where((first.codes < 0) | (second.codes < 0), MISSING_CODE, first.codes * width + second.codes)
        there, places = np.unique(both, return_inverse=True)
        told = [
            None if pair < 0 else f"{first.labels[pair // width]}{features.BETWEEN}{second.labels[pair % width]}"
            for pair in there.tolist()
        ]
        labels = tuple(sorted(label for label in told if label is not None))
        place_of = {label: place for place, label in enumerate(labels)}
        codes = np.array([MISSING_CODE if label is None else place_of[label] for label in told], dtype=np.int64)
        return Texts(codes[places], labels)

    def _texts(self, column: str) -> Texts:
        found, places = self.distinct(column)
        told = [values.category(value, column) for value in found]
        labels = tuple(sorted({label for label in told if label is not None}))
        place_of = {label: place for place, label in enumerate(labels)}
        codes = np.array([MISSING_CODE if label is None else place_of[label] for label in told], dtype=np.int64)
        return Texts(codes[places], labels)


def _is_plain_number(kind: pa.DataType) -> bool:
    import pyarrow as pa

    return bool(pa.types.is_integer(kind) or pa.types.is_floating(kind))


def target_of(frame: Frame, column: str, is_binary: bool) -> Floats:
    """The target as floats.

    Raises `column_missing`, `target_missing` (a gap), `target_not_binary`, `target_one_class`, `target_not_positive`.
    """
    if column not in frame.names:
        raise ModelError("column_missing", column, columns=column)
    found = frame.numbers(Feature(column, "number", (column,)))
    if np.isnan(found).any():
        raise ModelError("target_missing", column, rows=int(np.isnan(found).sum()))
    different = np.unique(found)
    if not is_binary:
        if (found <= 0).any():
            raise ModelError("target_not_positive", column)
        if len(different) < 2:
            raise ModelError("target_one_class", column)
        return found
    if not set(different) <= {0.0, 1.0}:
        raise ModelError("target_not_binary", column, value=f"{different[-1]:g}")
    if len(different) < 2:
        raise ModelError("target_one_class", column)
    return found
