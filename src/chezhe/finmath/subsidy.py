"""Public interest subsidy (贴息, 财金〔2025〕80号, 财金〔2026〕1号): netted at interest settlement, capped per year."""

from collections.abc import Sequence
from datetime import date

from chezhe.finmath import kernels, level
from chezhe.finmath.days import Period
from chezhe.finmath.terms import SubsidyTerms


def per_line(terms: SubsidyTerms, periods: Sequence[Period], opening_fen: Sequence[int]) -> list[int]:
    """Subsidy of each line in fen: opening balance × subsidy rate × period, half up, until the year's cap is used.

    `opening_fen[k]` is the principal outstanding during `periods[k]`; the cap counts by the calendar year of the
    period's end (settlement) date. The statutory ceiling as a share of the contract rate is the caller's parameter:
    hand in the rate after it.
    """
    factors = level.factors(terms.rate, [(period.units, period.base) for period in periods])
    used: dict[int, int] = {}
    lines = []
    for period, opening, numerator in zip(periods, opening_fen, factors.numerators, strict=True):
        amount = kernels.round_half_up(opening * numerator, factors.denominator)
        if terms.cap_per_year_fen is not None:
            amount = min(amount, terms.cap_per_year_fen - used.get(_year(period.to_date), 0))
        used[_year(period.to_date)] = used.get(_year(period.to_date), 0) + amount
        lines.append(amount)
    return lines


def _year(settled_on: date) -> int:
    return settled_on.year
