"""From the columns of a file to the features a model may look at, and why the others are left out.

Left out: what is constant, what names a row (unique and dense, or called id), what was asked for. Dates become ages against the
time column. Whole numbers that are codes rather than quantities are told apart by name or by what they predict (`codes.py`).
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

import numpy as np

from chezhe.scorecards import features, values
from chezhe.scorecards.errors import ModelError
from chezhe.scorecards.features import Feature
from chezhe.scorecards.frame import Frame

ROW_NAMES = re.compile(r"(?:^|.*[_. ])(?:row_?id|uuid|guid|hash|rownum|index)|^id|^unnamed:.*", re.IGNORECASE)
ID_NAMES = re.compile(r".*(?:[_. ]id|Id|ID|[_. ]no|number|[_. ]key|code|编号|号码)$|^(?:id|no|key).*|.*id$")
SHARE_OF_TEXTS_MAX = 0.5
NUMBERS_IN_TEXT_MIN = 0.95
DENSE = 20
PARTS_MAX = 3
DISTINCT_OF_PARTS_MIN = 30
MEASURES = re.compile(r"[0-9.]+(?:[*xX×][0-9.]+)+")


@dataclass
class Proposal:
    """`features` in the file's order; `excluded` says why a column is none; `dates` are the date columns, `time` the one ages refer to."""

    features: list[Feature] = field(default_factory=list)
    excluded: dict[str, str] = field(default_factory=dict)
    dates: list[str] = field(default_factory=list)
    time: str = ""


def propose(frame: Frame, target: str, time: str = "", exclude: Iterable[str] = ()) -> Proposal:
    """What the model may look at. Raises `column_missing` for an unknown `time` or excluded column, `no_features` when nothing is left."""
    left_out = set(exclude)
    if time and time not in frame.names:
        raise ModelError("column_missing", time, columns=time)
    found = Proposal(time=time)
    for column in frame.names:
        if column == target:
            continue
        if column in left_out:
            found.excluded[column] = "asked"
        else:
            _look_at(frame, column, found)
    _date_features(frame, found)
    if not found.features:
        raise ModelError("no_features", target)
    return found


def _look_at(frame: Frame, column: str, found: Proposal) -> None:
    import pyarrow as pa  # type: ignore[import-untyped]

    kind = frame.table.column(column).type
    if pa.types.is_nested(kind) or pa.types.is_duration(kind) or pa.types.is_time(kind):
        found.excluded[column] = "shape"
        return
    different, places = frame.distinct(column)
    told = [value for value in different if value is not None and value == value]
    if len(told) < 2 and not (told and len(different) > 1):
        found.excluded[column] = "constant"
    elif pa.types.is_temporal(kind):
        found.dates.append(column)
    elif pa.types.is_string(kind) or pa.types.is_large_string(kind):
        _text_column(column, [str(value) for value in told], frame.rows, found)
    elif pa.types.is_boolean(kind):
        found.features.append(Feature(column, "number", (column,)))
    elif pa.types.is_integer(kind) or pa.types.is_floating(kind) or pa.types.is_decimal(kind):
        _number_column(column, np.array([float(str(value)) for value in told]), len(places), found)
    else:
        found.excluded[column] = "shape"


def _text_column(column: str, told: list[str], rows: int, found: Proposal) -> None:
    told = [text for text in told if text.strip()]
    if len(told) < 2:
        found.excluded[column] = "constant"
    elif _share(values.PLAIN_DAY, told) == 1.0:
        found.dates.append(column)
    elif _share(values.DURATION, told) == 1.0:
        found.features.append(Feature(column, "months", (column,)))
    elif (numbers := _share(values.PLAIN_NUMBER, told)) == 1.0:
        found.features.append(Feature(column, "number", (column,)))
    elif numbers >= NUMBERS_IN_TEXT_MIN and len(told) > DISTINCT_OF_PARTS_MIN:
        raise ModelError("not_a_number", column, value=next(values.shown(text) for text in told if not values.PLAIN_NUMBER.fullmatch(text)))
    elif _share(MEASURES, told) >= NUMBERS_IN_TEXT_MIN and len(told) > DISTINCT_OF_PARTS_MIN:
        count = min(max(len(features.NUMBERS.findall(text)) for text in told), PARTS_MAX)
        found.features += [Feature(f"{column}.{place + 1}", "part", (column,), place) for place in range(count)]
    elif len(told) > max(SHARE_OF_TEXTS_MAX * rows, 50) or ROW_NAMES.fullmatch(column):
        found.excluded[column] = "row_name"
    else:
        found.features.append(Feature(column, "text", (column,)))


def _number_column(column: str, told: np.ndarray[tuple[int], np.dtype[np.float64]], rows: int, found: Proposal) -> None:
    if np.isinf(told).any():
        raise ModelError("not_finite", column)
    is_whole = bool((told == np.floor(told)).all())
    is_unique = len(told) >= rows
    span = told.max() - told.min() + 1
    if ROW_NAMES.fullmatch(column) or (is_whole and is_unique and rows > 1 and (span <= DENSE * rows or ID_NAMES.fullmatch(column))):
        found.excluded[column] = "row_name"
    elif is_whole and bool(((told >= 190001) & (told <= 220012) & (told % 100 >= 1) & (told % 100 <= 12)).all()):
        found.features.append(Feature(column, "year_month", (column,)))
    else:
        found.features.append(Feature(column, "number", (column,)))


def _date_features(frame: Frame, found: Proposal) -> None:
    if not found.dates:
        return
    if found.time and found.time not in found.dates:
        raise ModelError("time_not_a_date", found.time)
    reference = found.time or max(found.dates, key=lambda column: (_typical(frame, column), column))
    found.time = reference
    for column in found.dates:
        if column == reference:
            found.features.append(Feature(f"{column}.day", "day_of_month", (column,)))
        else:
            found.features.append(Feature(f"{column}.years", "years_between", (column, reference)))


def _typical(frame: Frame, column: str) -> float:
    """The median day of a column that is nearly always there; what has gaps dates nothing."""
    days = frame.days(column)
    known = days[~np.isnan(days)]
    return float(np.median(known)) if len(known) > 0.99 * len(days) else -np.inf


def _share(pattern: re.Pattern[str], told: list[str]) -> float:
    return sum(1 for text in told if pattern.fullmatch(text)) / len(told)
