"""Facts as they come in: known, missing, or of the wrong kind. Nothing is converted that could be meant otherwise.

| type | known | of the wrong kind, so unknown |
|---|---|---|
| number | Decimal or int, at most 14 digits before and 10 after the point | text, bool, float (not the digits sent), NaN, infinity |
| integer | int, or a Decimal without a fraction, at most 14 digits | as above, and a fraction |
| text | str with something in it | everything else; the empty text |
| boolean | True, False | 0, 1, "true" |
| date | date, or text `2026-01-31` | datetime, other text |
| datetime | datetime with a zone, or text `2026-01-31T08:00:00+08:00` | one without a zone, other text |

None is a missing fact. A rate kept as the text "0.4337" is text: who reads it from a store converts it by the type of its definition.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from decimal import Context, Decimal

from chezhe.decisiontables.grammar import day, moment
from chezhe.decisiontables.syntax import Value
from chezhe.decisiontables.values import DECIMALS_MAX, WHOLE_DIGITS_MAX, Type

# Wide enough for every sum of facts: exact, whatever context the caller has set.
EXACT = Context(prec=90, Emax=999_999, Emin=-999_999)
BOUND = 10**WHOLE_DIGITS_MAX
BLANKS = " \t\n\r\x0b\x0c"  # what a database trims as well
STEP = Decimal(1).scaleb(-DECIMALS_MAX)

# The states of a fact. Anything but KNOWN is unknown; only MISSING can be named by `null`.
KNOWN, MISSING, INVALID = "known", "missing", "invalid"
WRONG_TYPE, NOT_FINITE, OUT_OF_BOUNDS, TOO_FINE, NOT_WHOLE, EMPTY, NO_ZONE, NOT_ALLOWED = (
    "wrong_type", "not_finite", "out_of_bounds", "too_fine", "not_whole_fact", "empty_text", "no_zone", "not_allowed",
)  # fmt: skip

Read = tuple[Value | None, str]  # the value, or None and why not


def read_number(value: object) -> Read:
    """A Decimal or int as it stands."""
    if type(value) is int:
        return (value, "") if -BOUND < value < BOUND else (None, OUT_OF_BOUNDS)
    if type(value) is not Decimal:
        return None, WRONG_TYPE
    if not value.is_finite():
        return None, NOT_FINITE
    if not -BOUND < value < BOUND:
        return None, OUT_OF_BOUNDS
    exponent = value.as_tuple().exponent
    if isinstance(exponent, int) and exponent < -DECIMALS_MAX and EXACT.quantize(value, STEP) != value:
        return None, TOO_FINE
    return value, ""


def read_integer(value: object) -> Read:
    """An int; a Decimal only if it is whole."""
    if type(value) is int:
        return (value, "") if -BOUND < value < BOUND else (None, OUT_OF_BOUNDS)
    found, reason = read_number(value)
    if reason or not isinstance(found, Decimal):
        return None, reason or WRONG_TYPE
    return (int(found), "") if found == int(found) else (None, NOT_WHOLE)


def read_text(value: object) -> Read:
    """Text with something in it; members of a StrEnum count as their value."""
    if not isinstance(value, str):
        return None, WRONG_TYPE
    return (str.__str__(value), "") if value.strip(BLANKS) else (None, EMPTY)


def read_boolean(value: object) -> Read:
    """True or False and nothing that only looks like it."""
    return (value, "") if value is True or value is False else (None, WRONG_TYPE)


def read_date(value: object) -> Read:
    """A date, or its ISO text."""
    if type(value) is date:
        return value, ""
    found = day(value) if isinstance(value, str) else None
    return (found, "") if found else (None, WRONG_TYPE)


def read_datetime(value: object) -> Read:
    """A moment with a zone, or its ISO text."""
    if isinstance(value, datetime):
        return (value, "") if value.utcoffset() is not None else (None, NO_ZONE)
    found = moment(value) if isinstance(value, str) else None
    return (found, "") if found else (None, WRONG_TYPE)


READERS: dict[Type, Callable[[object], Read]] = {
    Type.NUMBER: read_number,
    Type.INTEGER: read_integer,
    Type.TEXT: read_text,
    Type.BOOLEAN: read_boolean,
    Type.DATE: read_date,
    Type.DATETIME: read_datetime,
}
