"""Terms and days of collateral. Pure values."""

from __future__ import annotations

from datetime import date, timedelta

TERM_DAYS_MIN, TERM_YEARS_MAX = 28, 30


def is_term(begins_on: date, ends_on: date) -> bool:
    """Whether a record in the unified registry may stand so long: a month at least, thirty years at most."""
    last = date(begins_on.year + TERM_YEARS_MAX, begins_on.month, min(begins_on.day, 28)) + timedelta(days=3)
    return begins_on + timedelta(days=TERM_DAYS_MIN) <= ends_on <= last
