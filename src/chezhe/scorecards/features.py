"""What a model looks at: a column as it is, or one simple figure of one or two columns. The same specification trains and serves.

| form | of | is |
|---|---|---|
| number | a | the number |
| text | a | the category |
| pair | a, b | the two categories together (`248 × salaried`); missing when either is |
| months | a | the months of a duration text (`3yrs 5mon`) |
| day_of_month | a | 1 … 31 of a date |
| month_of_year | a | 1 … 12 of a date |
| date_years | a | years since 1970 of a date |
| years_between | a, b | (b − a) in years of 365.25 days |
| ratio | a, b | a / b; missing when b is 0 |
| difference | a, b | a − b |
| product | a, b | a × b |
| part | a, with `place` | the n-th number of a text such as `4631*1760*1503` |
| year_month | a | the years of 201603 or of 2016: 2016.1667 |
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date

from chezhe.scorecards import values
from chezhe.scorecards.errors import ModelError

Row = Mapping[str, object]
Read = Callable[[Row], float]
ReadText = Callable[[Row], str | None]
DAYS_A_YEAR = 365.25
NUMBER_LONGEST = 18
NUMBERS = re.compile(r"[0-9]+(?:\.[0-9]+)?", re.ASCII)
COLUMNS_OF = {
    "number": 1, "text": 1, "months": 1, "day_of_month": 1, "month_of_year": 1, "part": 1, "year_month": 1, "date_years": 1,
    "years_between": 2, "pair": 2, "ratio": 2, "difference": 2, "product": 2,
}  # fmt: skip
TEXTS = ("text", "pair")
BETWEEN = " × "
DATED = ("day_of_month", "month_of_year", "years_between", "date_years")


@dataclass(frozen=True, slots=True)
class Feature:
    """One input of a model. `name` is its code in reasons and reports; `place` counts from 0 and belongs to `part` alone."""

    name: str
    form: str
    columns: tuple[str, ...]
    place: int = field(default=0)

    @property
    def is_text(self) -> bool:
        """A category, not a figure."""
        return self.form in TEXTS

    def as_json(self) -> dict[str, object]:
        """The form that stands in artefacts."""
        told: dict[str, object] = {"name": self.name, "form": self.form, "columns": list(self.columns)}
        return told | ({"place": self.place} if self.form == "part" else {})


def from_json(told: object) -> Feature:
    """Read a specification back. Raises `artefact_schema` for unknown forms and wrong shapes."""
    if not isinstance(told, dict):
        raise ModelError("artefact_schema", "feature")
    name, form, columns, place = told.get("name"), told.get("form"), told.get("columns"), told.get("place", 0)
    is_list = isinstance(columns, list) and all(isinstance(column, str) for column in columns)
    if (
        not isinstance(name, str)
        or form not in COLUMNS_OF
        or not is_list
        or len(columns or []) != COLUMNS_OF[form]
        or type(place) is not int
    ):
        raise ModelError("artefact_schema", f"feature {name}")
    return Feature(name, str(form), tuple(columns or ()), place)


def reader(feature: Feature) -> Read:
    """A function from a row to the feature's number, NaN when missing."""
    if feature.is_text:
        raise TypeError(f"{feature.name} is a category")
    if feature.form in TWO:
        return _of_two(feature)
    return _of_one(feature.columns[0], SCALARS[feature.form], feature.place)


def text_reader(feature: Feature) -> ReadText:
    """A function from a row to the feature's category, None when missing."""
    if feature.form == "pair":
        return _of_pair(*feature.columns)
    column = feature.columns[0]

    def read(row: Row) -> str | None:
        value = row.get(column)
        return value.strip() or None if type(value) is str else values.category(value, column)

    return read


def _of_pair(first: str, second: str) -> ReadText:
    def read(row: Row) -> str | None:
        a, b = values.category(row.get(first), first), values.category(row.get(second), second)
        return None if a is None or b is None else f"{a}{BETWEEN}{b}"

    return read


def _of_one(column: str, convert: Callable[[object, str, int], float], place: int) -> Read:
    if convert is plain:

        def read_number(row: Row) -> float:
            value = row.get(column)
            kind = type(value)
            return float(value) if kind is int else values.number(value, column)  # type: ignore[arg-type]

        return read_number

    def read(row: Row) -> float:
        return convert(row.get(column), column, place)

    return read


def _of_two(feature: Feature) -> Read:
    first, second = feature.columns
    convert = values.day if feature.form in DATED else values.number
    combine = TWO[feature.form]

    def read(row: Row) -> float:
        return combine(convert(row.get(first), first), convert(row.get(second), second))

    return read


def plain(value: object, column: str, place: int) -> float:
    """The number itself."""
    return values.number(value, column)


def months(value: object, column: str, place: int) -> float:
    """Months of a duration."""
    return values.months(value, column)


def day_of_month(value: object, column: str, place: int) -> float:
    """1 … 31, NaN when missing."""
    found = values.day(value, column)
    return found if math.isnan(found) else float(date.fromordinal(int(found) + values.EPOCH).day)


def month_of_year(value: object, column: str, place: int) -> float:
    """1 … 12, NaN when missing."""
    found = values.day(value, column)
    return found if math.isnan(found) else float(date.fromordinal(int(found) + values.EPOCH).month)


def date_years(value: object, column: str, place: int) -> float:
    """Years since 1970, for what moves with the market; NaN when missing."""
    return values.day(value, column) / DAYS_A_YEAR


def part(value: object, column: str, place: int) -> float:
    """The n-th number inside a text, NaN when there are fewer."""
    told = values.category(value, column)
    found = NUMBERS.findall(told) if told is not None else []
    return float(found[place]) if place < len(found) and len(found[place]) <= NUMBER_LONGEST else values.MISSING


def year_month(value: object, column: str, place: int) -> float:
    """Years with a fraction of a figure such as 201603; NaN for what is no month."""
    found = values.number(value, column)
    if math.isnan(found) or not 190001 <= found <= 220012:
        return values.MISSING
    year, month = divmod(int(found), 100)
    return year + (month - 1) / 12 if 1 <= month <= 12 else values.MISSING


def years_between(first: float, second: float) -> float:
    """Years from the first day to the second."""
    return (second - first) / DAYS_A_YEAR


def ratio(first: float, second: float) -> float:
    """NaN instead of a division by nothing."""
    return first / second if second else values.MISSING


def difference(first: float, second: float) -> float:
    """NaN when either is missing."""
    return first - second


def product(first: float, second: float) -> float:
    """NaN when either is missing."""
    return first * second


SCALARS: dict[str, Callable[[object, str, int], float]] = {
    "number": plain, "months": months, "day_of_month": day_of_month, "month_of_year": month_of_year, "part": part, "year_month": year_month,
    "date_years": date_years,
}  # fmt: skip
TWO: dict[str, Callable[[float, float], float]] = {
    "years_between": years_between, "ratio": ratio, "difference": difference, "product": product,
}  # fmt: skip
