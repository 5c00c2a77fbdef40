"""What may be judged by: a value of the kind its fact has, and one that can be. Everything else counts as unknown, and says so.

The catalogue of facts has refused most of it before; the strategy does not rely on that.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Final

from chezhe.risk.deciding.values import Given

WRONG_TYPE, IMPOSSIBLE, FUTURE = "wrong_type", "out_of_range", "from_the_future"
# Figures of the loan that are nothing at all when they are not above zero.
ABOVE_ZERO: Final = ("amount", "price_base", "periods", "product_ltv_max", "owed_to_maturity")
# Figures that cannot be below it.
NOT_BELOW: Final = (
    "annual_rate", "ltv", "dti", "income_verified_monthly", "monthly_debt", "instalment", "all_in_simple", "all_in_compound",
    "penalty_multiple", "misuse_multiple", "product_rate_usual", "product_rate_min", "product_rate_max", "upfront_fees", "coverage_value",
)


def usable(facts: Mapping[str, Given]) -> dict[str, Given]:
    """The facts, those that cannot be judged by without a value and with the fault."""
    return {code: _judged(code, given) for code, given in facts.items()}


def _judged(code: str, given: Given) -> Given:
    if given.value is None:
        return given
    if given.fault:
        return replace(given, value=None)
    fits: Callable[[object], bool] = _FITS.get(given.type, _nothing)
    if not fits(given.value):
        return replace(given, value=None, fault=WRONG_TYPE)
    value: Any = given.value
    if (code in ABOVE_ZERO and value <= 0) or (code in NOT_BELOW and value < 0):
        return replace(given, value=None, fault=IMPOSSIBLE)
    return given


def _nothing(_: object) -> bool:
    return False


def _is_whole(value: object) -> bool:
    return type(value) is int


_FITS: Final = {
    "money": _is_whole, "integer": _is_whole, "boolean": lambda value: type(value) is bool,
    "rate": lambda value: type(value) is Decimal and value.is_finite(),
    "text": lambda value: isinstance(value, str) and bool(value.strip()),
    "date": lambda value: isinstance(value, date) and not isinstance(value, datetime),
}
