"""Cases as rows of a relation: a column a fact in the type of the catalogue, and the legal limits of each loan."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any, Final

import pyarrow as pa  # type: ignore[import-untyped]

from chezhe.risk.deciding.values import Case
from chezhe.risk.facts.catalogue import CATALOGUE
from chezhe.risk.lab import bulk_caps, bulk_coverage

# Larger sums could overflow where price and limit are reckoned; finer rates have no exact place in a column.
AMOUNT_MAX_FEN: Final = 10**12
RATE_PLACES: Final = 10
RATE_BOUND: Final = 10**5
# Up to eighteen digits are one machine word in an engine, more are two.
COUNT: Final = pa.int64()
# A book is written in blocks of so many: what is held in memory, and what one thread of an engine takes.
ROWS_AT_ONCE: Final = 10_000
_KINDS: Final = {
    "money": pa.int64(), "integer": pa.int64(), "rate": pa.decimal128(18, RATE_PLACES), "boolean": pa.bool_(), "text": pa.string(),
    "string": pa.string(), "date": pa.date32(),
}


class NoRow(ValueError):
    """A case that a relation cannot hold exactly: `code` is the fact."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def row_of(case: Case) -> dict[str, Any]:
    """The facts that are known, by code, and the limits; a blank text is nothing known. Raises NoRow for a figure too large or too fine."""
    known = {code: given.value for code, given in case.facts.items() if given.value is not None and not given.fault}
    facts = {code: _fitting(code, value) for code, value in known.items() if not isinstance(value, str) or value.strip()}
    return facts | bulk_caps.bounds_of(case.bounds) | bulk_coverage.bounds_of(case.cover)


def _fitting(code: str, value: Any) -> Any:
    if isinstance(value, bool) or not isinstance(value, int | Decimal):
        return value
    if isinstance(value, int):
        if abs(value) >= AMOUNT_MAX_FEN:
            raise NoRow(code)
        return value
    if not value.is_finite() or abs(value) >= RATE_BOUND or value != round(value, RATE_PLACES):
        raise NoRow(code)
    return value


def schema(codes: Iterable[str], others: Mapping[str, Any] | None = None) -> pa.Schema:
    """The columns of these facts, of the limits, and others by name and Arrow type."""
    facts = [(code, _KINDS[CATALOGUE[code].type]) for code in codes]
    bounds = [(bulk_caps.column(name), _KINDS[kind]) for name, kind in (bulk_caps.KINDS | bulk_coverage.KINDS).items()]
    return pa.schema([*(others or {}).items(), *facts, *bounds])


def table(rows: Sequence[Mapping[str, Any]], columns: pa.Schema) -> pa.Table:
    """The rows as Arrow columns; what a row does not tell is null."""
    return pa.table({field.name: pa.array([row.get(field.name) for row in rows], type=field.type) for field in columns}, schema=columns)
