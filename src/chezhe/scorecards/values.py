"""One value of one column as a model reads it: a float, a category, or a day. NaN and None mean missing.

Numbers: int, float, Decimal, bool (1 and 0) or plain decimal text (`"0.4337"`, how facts carry rates). Anything else is refused
by name, never guessed: text for a number would otherwise be scored as if it were missing. Infinity is refused.
Categories: text without outer blanks; whole numbers without decimals (`7.0` is `"7"`, as a column with gaps is read back).
Days: date, datetime, or text `2026-01-31` / `2026-01-31T…`; days since 1970-01-01 as a float.
"""

from __future__ import annotations

import math
import re
from datetime import date, datetime
from decimal import Decimal

from chezhe.scorecards.errors import ModelError

MISSING = math.nan
PLAIN_NUMBER = re.compile(r"\s*[-+]?[0-9]{1,18}(\.[0-9]{1,18})?\s*", re.ASCII)
PLAIN_DAY = re.compile(r"\s*([0-9]{4}-[0-9]{2}-[0-9]{2})(?:[T ][0-9:.,+Z-]*)?\s*", re.ASCII)
DURATION = re.compile(r"\s*([0-9]{1,4})\s*(?:yrs?|years?|年)\s*([0-9]{1,2})\s*(?:mons?|months?|个月|月)\s*", re.ASCII | re.IGNORECASE)
EPOCH = date(1970, 1, 1).toordinal()


def number(value: object, column: str) -> float:
    """The value as a finite float, NaN when missing. Raises `not_a_number` or `not_finite` with the column's name."""
    if value is None:
        return MISSING
    if isinstance(value, str):
        return _number_of_text(value, column)
    try:
        found = float(value)  # type: ignore[arg-type]
    except (TypeError, ValueError, OverflowError):
        raise ModelError("not_a_number", column, value=shown(value))
    if math.isinf(found):
        raise ModelError("not_finite", column)
    return found


def category(value: object, column: str) -> str | None:
    """The value as a category, None when missing. Raises `not_a_category` for lists and other shapes."""
    if value is None:
        return None
    if isinstance(value, str):
        return value.strip() or None
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value)
    if isinstance(value, (float, Decimal)):
        return _category_of_number(float(value), column)
    if isinstance(value, date):
        return value.isoformat()
    raise ModelError("not_a_category", column, value=shown(value))


def day(value: object, column: str) -> float:
    """The day as days since 1970, NaN when missing. Raises `not_a_day`."""
    if value is None or value is _not_a_time(value):
        return MISSING
    if isinstance(value, date):
        return float(value.toordinal() - EPOCH)
    if isinstance(value, str):
        if not value.strip():
            return MISSING
        found = PLAIN_DAY.fullmatch(value)
        if found is not None:
            try:
                return float(date.fromisoformat(found[1]).toordinal() - EPOCH)
            except ValueError:
                pass
    if isinstance(value, float) and math.isnan(value):
        return MISSING
    raise ModelError("not_a_day", column, value=shown(value))


def months(value: object, column: str) -> float:
    """Months of a duration text such as `3yrs 5mon` or `3年5个月`; NaN when missing. Raises `not_a_duration`."""
    if value is None or (isinstance(value, float) and math.isnan(value)):
        return MISSING
    if isinstance(value, str):
        if not value.strip():
            return MISSING
        found = DURATION.fullmatch(value)
        if found is not None:
            return float(int(found[1]) * 12 + int(found[2]))
    raise ModelError("not_a_duration", column, value=shown(value))


def shown(value: object) -> str:
    """A foreign value short enough for a sentence."""
    return str(value)[:40]


def _number_of_text(value: str, column: str) -> float:
    if PLAIN_NUMBER.fullmatch(value):
        return float(value)
    if not value.strip():
        return MISSING
    raise ModelError("not_a_number", column, value=shown(value))


def _category_of_number(value: float, column: str) -> str | None:
    if math.isnan(value):
        return None
    if math.isinf(value):
        raise ModelError("not_finite", column)
    return str(int(value)) if value.is_integer() else repr(value)


def _not_a_time(value: object) -> object:
    """pandas' NaT is a datetime that is not equal to itself; it is handed back when `value` is it."""
    return value if isinstance(value, datetime) and value != value else object()
