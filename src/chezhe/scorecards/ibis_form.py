"""A scorecard as Ibis expressions, for backtests of a million rows on DuckDB or Spark.

Points and score are whole numbers and equal the Python runtime's on every row. The probability adds the same weights in the same order;
the engine's exponential may differ from Python's in the last bit, so compare probabilities with a tolerance of 1e-12 and decide by score.
What the runtime refuses (text for a number, infinity) must be refused before: an engine would score it as missing.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from chezhe.scorecards import values
from chezhe.scorecards.bins import Bin, Characteristic
from chezhe.scorecards.card import Card
from chezhe.scorecards.errors import ModelError
from chezhe.scorecards.features import BETWEEN, DAYS_A_YEAR, Feature
from chezhe.scorecards.scaling import LOGIT_MAX

if TYPE_CHECKING:
    from chezhe.scorecards.artefact import Model

DURATION = f"(?i)^{values.DURATION.pattern}$"


def score(model: Model | Card, table: Any) -> Any:
    """The table with `probability` and `score` added. Raises `not_in_engine` for other kinds of model, `column_missing` for columns."""
    card = model if isinstance(model, Card) else model.engine
    if not isinstance(card, Card):
        raise ModelError("not_in_engine", card.kind)
    missing = [column for column in card.columns if column not in table.columns]
    if missing:
        raise ModelError("column_missing", missing[0], columns=", ".join(missing[:10]))
    found = expressions(card, table)
    return table.mutate(probability=found["probability"], score=found["score"])


def expressions(card: Card, table: Any, keep: Callable[[Any], Any] = lambda value: value) -> dict[str, Any]:
    """`probability`, `score` and `points:<code>` of each characteristic as column expressions. `keep` may have what every bin is asked for
    worked out before."""
    import ibis  # type: ignore[import-untyped]

    logit, total = ibis.literal(card.intercept, "float64"), ibis.literal(card.base_points, "int64")
    points: dict[str, Any] = {}
    for characteristic in card.characteristics:
        value = keep(_value(characteristic.feature, table))
        logit = logit + _by_bin(characteristic, value, lambda row: ibis.literal(row.weight, "float64"))
        points[f"points:{characteristic.name}"] = _by_bin(characteristic, value, lambda row: ibis.literal(row.points, "int64"))
        total = total + points[f"points:{characteristic.name}"]
    bounded = ibis.least(ibis.greatest(logit, ibis.literal(-LOGIT_MAX)), ibis.literal(LOGIT_MAX))
    return {"probability": 1.0 / (1.0 + (-bounded).exp()), "score": total} | points


def _by_bin(characteristic: Characteristic, value: Any, told: Any) -> Any:
    import ibis

    *others, missing = characteristic.bins
    cases = [(value.isnull(), told(missing)), *((_inside(row, value),
        told(row)) for row in _asked_first(others) if row.kind not in ("above", "others"))]
    last = next(row for row in others if row.kind in ("above", "others"))
    return ibis.cases(*cases, else_=told(last))


def _asked_first(rows: list[Bin]) -> list[Bin]:
    """The special value before the ranges that would hold it."""
    return sorted(rows, key=lambda row: row.kind != "special")


def _inside(row: Bin, value: Any) -> Any:
    if row.kind == "group":
        return value.isin(list(row.members))
    return value == row.upto if row.kind == "special" else value <= row.upto


def _value(feature: Feature, table: Any) -> Any:
    """The feature as an expression that is null where missing."""
    first = table[feature.columns[0]]
    if feature.form == "pair":
        return _category(first) + BETWEEN + _category(table[feature.columns[1]])
    if feature.is_text:
        return _category(first)
    if feature.form == "number":
        return _number(first)
    if feature.form == "months":
        told = first.cast("string")
        years, months = told.re_extract(DURATION, 1), told.re_extract(DURATION, 2)
        return (years.nullif("").cast("float64") * 12) + months.nullif("").cast("float64")
    if feature.form in ("day_of_month", "month_of_year", "date_years"):
        return _of_day(feature.form, first.cast("timestamp").date())
    if len(feature.columns) == 2:
        return _of_two(feature.form, first, table[feature.columns[1]])
    raise ModelError("not_in_engine", feature.form)


def _of_day(form: str, day: Any) -> Any:
    import ibis

    if form == "date_years":
        return day.delta(ibis.date("1970-01-01"), unit="day").cast("float64") / DAYS_A_YEAR
    return (day.day() if form == "day_of_month" else day.month()).cast("float64")


def _of_two(form: str, first: Any, second: Any) -> Any:
    if form == "years_between":
        return second.cast("timestamp").date().delta(first.cast("timestamp").date(), unit="day").cast("float64") / DAYS_A_YEAR
    a, b = _number(first), _number(second)
    if form == "ratio":
        return a / b.nullif(0.0)
    return a - b if form == "difference" else a * b


def _number(column: Any) -> Any:
    kind = column.type()
    if kind.is_string():
        return column.strip().nullif("").cast("float64")
    return column.nullif(float("nan")) if kind.is_floating() else column.cast("float64")


def _category(column: Any) -> Any:
    """The label as `values.category` writes it."""
    kind = column.type()
    if kind.is_string():
        return column.strip().nullif("")
    if kind.is_floating():
        import ibis

        known = column.nullif(float("nan"))
        return ibis.cases((known == known.floor(), known.cast("int64").cast("string")), else_=known.cast("string"))
    return column.cast("string")
