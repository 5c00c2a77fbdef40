"""Public interest subsidy (贴息, 财金〔2025〕80号, 财金〔2026〕1号): netted at interest settlement, capped per year."""

from collections.abc import Sequence

from chezhe.finmath import level, life_kernels
from chezhe.finmath.days import Period
from chezhe.finmath.terms import SubsidyTerms


def per_line(terms: SubsidyTerms, periods: Sequence[Period], opening_fen: Sequence[int]) -> list[int]:
    """Subsidy of each line in fen: opening balance × subsidy rate × period, half up, until the year's cap is used.

    `opening_fen[k]` is the principal outstanding during `periods[k]`; the cap counts by the calendar year of the
    period's end (settlement) date. The statutory ceiling as a share of the contract rate is the caller's parameter:
    hand in the rate after it.
    """
    factors = level.factors(terms.rate, [(period.units, period.base) for period in periods])
    years = [period.to_date.year for period in periods]
    lines = [0] * len(periods)
    life_kernels.fill_subsidy(opening_fen, factors.numerators, factors.denominator, years, cap_of(terms), len(periods), lines)
    return lines


def cap_of(terms: SubsidyTerms) -> int:
    """The cap of a calendar year in fen, as the kernel takes it."""
    return life_kernels.NO_CAP if terms.cap_per_year_fen is None else terms.cap_per_year_fen
