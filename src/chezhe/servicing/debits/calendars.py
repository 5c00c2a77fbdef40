"""The debit calendar of a product, from the dated parameters."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from chezhe.kernel import parameters
from chezhe.servicing.debits.rules import Calendar, Meaning

_MEANINGS: dict[str, Meaning] = {
    "DEBIT_REASONS_RETRIED": "retry", "DEBIT_REASONS_SPLIT": "split", "DEBIT_REASONS_NEXT_DAY": "next_day", "DEBIT_REASONS_STOP": "stop",
}
CODES = ("DEBIT_HOURS", "DEBIT_DAYS_AFTER", "DEBIT_HOURS_AFTER", "DEBIT_TRIES_MAX", *_MEANINGS)


def of(product_code: str, on: date) -> Calendar:
    """What holds for a product on a day. Raises ParameterMissing (409)."""
    rows = parameters.require_all(CODES, on, product=product_code)
    return Calendar(
        hours=_numbers(rows["DEBIT_HOURS"].value), days_after=_numbers(rows["DEBIT_DAYS_AFTER"].value),
        hours_after=_numbers(rows["DEBIT_HOURS_AFTER"].value), tries_max=int(rows["DEBIT_TRIES_MAX"].value),
        meanings={code: meaning for name, meaning in _MEANINGS.items() for code in _words(rows[name].value)},
    )


def of_all(product_codes: Iterable[str], on: date) -> dict[str, Calendar]:
    """By product; there are few."""
    return {code: of(code, on) for code in set(product_codes)}


def _words(text: str) -> list[str]:
    return [word.strip() for word in text.split(",") if word.strip()]


def _numbers(text: str) -> tuple[int, ...]:
    return tuple(sorted(int(word) for word in _words(text)))
