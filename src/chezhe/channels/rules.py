"""What a dealer earns for a loan, and what of it goes back. Pure: whole fen, rounded half up once, at the end.

DOMAIN.md (返佣 / 退佣): 5 % of 175,000.00 is 8,750.00; with a minimum hold of 24 months and a payoff at month 14 the ten months that are
missing go back: 8,750.00 × 10 ÷ 24 = 3,645.83.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from chezhe.finmath.days import month_step

HOLD_MONTHS_MAX = 120


def commission_of(principal_fen: int, rate: Decimal, *, cap_rate: Decimal, most_fen: int | None = None) -> int:
    """Fen a dealer earns: the plan's fraction of the money lent, never more than the cap's fraction nor than the plan's own maximum."""
    numerator, denominator = min(rate, cap_rate).as_integer_ratio()
    fen = _half_up(principal_fen * numerator, denominator)
    return fen if most_fen is None else min(fen, most_fen)


def months_held(since: date, until: date) -> int:
    """Whole months for which a loan was held: a month is over on the same day of the next, or on its last day where there is none."""
    months = (until.year - since.year) * 12 + until.month - since.month
    if months > 0 and month_step(since, months, since.day) > until:
        months -= 1
    return max(0, months)


def clawback_of(commission_fen: int, held_months: int, minimum_months: int) -> int:
    """Fen that go back for the months missing at the minimum hold; nothing when it was kept."""
    missing = max(0, minimum_months - held_months)
    return _half_up(commission_fen * missing, minimum_months) if missing else 0


def _half_up(numerator: int, denominator: int) -> int:
    return (2 * numerator + denominator) // (2 * denominator)
