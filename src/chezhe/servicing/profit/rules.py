"""The price of money over time, and a profit statement. Pure sums in whole fen.

Principal outstanding in the evening costs one day. A movement of principal on day d therefore bears until the end of day t for
t + 1 − d days, and the cost of a loan to date is one product: fen-days × rate ÷ basis, rounded half up once. A month costs what the
running total grows by, so that months make the whole.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal

# Terms in months up to which a band reaches; the last is open.
BANDS = ((12, "FTP_RATE_12"), (36, "FTP_RATE_36"), (10_000, "FTP_RATE_60"))
# The rows of a statement in their order; costs are negative, and all of them make the profit.
INTEREST, PENALTY, FEES, WAIVED, VAT, FUNDING, CREDIT, COMMISSION, OPERATING = ROWS = (
    "interest", "penalty", "fees", "waived", "vat", "funding", "credit", "commission", "operating",
)
Statement = dict[str, int]
"""Fen by row."""


def band_of(months: int) -> str:
    """The parameter that prices a loan of this term."""
    return next(code for most, code in BANDS if months <= most)


def fen_days(movements: Iterable[tuple[date, int]], to: date) -> int:
    """The exact integral of the principal until the end of `to`, from its movements (day, fen)."""
    return sum(fen * ((to - on).days + 1) for on, fen in movements if on <= to)


def cost_of(days_of_fen: int, rate: Decimal, basis: int) -> int:
    """Fen, half up."""
    over, under = rate.as_integer_ratio()
    under *= basis
    return (2 * days_of_fen * over + under) // (2 * under)


def profit_of(statement: Mapping[str, int]) -> int:
    """What is left."""
    return sum(statement[row] for row in ROWS)


def between(now: Mapping[str, int], before: Mapping[str, int]) -> Statement:
    """A period's statement from two statements to date."""
    return {row: now[row] - before[row] for row in ROWS}


def together(statements: Iterable[Mapping[str, int]]) -> Statement:
    """Several statements as one."""
    sums = dict.fromkeys(ROWS, 0)
    for statement in statements:
        for row in ROWS:
            sums[row] += statement[row]
    return sums


def month_ends(first: date, last: date) -> list[date]:
    """The last days of months within [first, last]."""
    return [day for ordinal in range(first.toordinal(), last.toordinal() + 1) if (day := date.fromordinal(ordinal)).month
            != date.fromordinal(ordinal + 1).month]
