"""The lender's own figures of guarantees, from the dated parameters of a day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from chezhe.kernel import parameters
from chezhe.risk.guarantees.rules import Shares

_SHARES = {name: f"SECURITY_SHARE_{name.upper()}" for name in ("joint", "general", "pledge", "deposit", "insurance")}
_CODES = (*_SHARES.values(), "COVERAGE_MIN", "GUARANTOR_INCOME_MONTHS", "GUARANTOR_ASSETS_SHARE", "GUARANTEE_PERIOD_DEFAULT")


@dataclass(frozen=True, slots=True)
class Figures:
    """`least_rate` is COVERAGE_MIN; a guarantor can stand for `income_months` of income and `assets_share` of net assets."""

    shares: Shares
    least_rate: Decimal
    income_months: int
    assets_share: Decimal
    period_months: int


def on(day: date) -> Figures:
    """What is in force; raises ParameterMissing (409)."""
    rows = parameters.require_all(_CODES, day)
    shares = Shares(**{name: Decimal(rows[code].value) for name, code in _SHARES.items()})
    return Figures(
        shares, Decimal(rows["COVERAGE_MIN"].value), int(rows["GUARANTOR_INCOME_MONTHS"].value),
        Decimal(rows["GUARANTOR_ASSETS_SHARE"].value), int(rows["GUARANTEE_PERIOD_DEFAULT"].value),
    )
