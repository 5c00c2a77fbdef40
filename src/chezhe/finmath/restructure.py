"""Extension 展期, restructuring 重组 and refinancing 借新还旧: new terms for an old debt."""

from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from chezhe.finmath import life_kernels, schedule
from chezhe.finmath.terms import Method, QuoteTerms, Row, TermsError


@dataclass(frozen=True, slots=True, kw_only=True)
class ExtensionLimits:
    """How long an extension may be (贷款通则 §12; dated parameters): up to `short_months` the original term itself,
    up to `medium_months` half of it, beyond that `long_extension_months`."""

    short_months: int
    medium_months: int
    long_extension_months: int


def longest_extension(limits: ExtensionLimits, original_months: int) -> int:
    """The most months a loan of `original_months` may be extended by."""
    return life_kernels.extension_max(
        original_months, limits.short_months, limits.medium_months, limits.long_extension_months
    )


def extension(original: QuoteTerms, *, principal_fen: int, matures_on: date, months: int, annual_rate: Decimal) -> tuple[Row, ...]:
    """Rows of the extended time from the old maturity: interest each month, `principal_fen` at the new maturity."""
    terms = extension_terms(
        original, principal_fen=principal_fen, matures_on=matures_on, months=months, annual_rate=annual_rate
    )
    return schedule.build(terms)


def extension_terms(
    original: QuoteTerms, *, principal_fen: int, matures_on: date, months: int, annual_rate: Decimal
) -> QuoteTerms:
    """What `extension` plans, as terms of its own."""
    return QuoteTerms(
        principal_fen=principal_fen,
        method=Method.INTEREST_ONLY_BULLET,
        start_date=matures_on,
        annual_rate=annual_rate,
        periods=months,
        due_day=original.due_day or original.start_date.day,
        day_count=original.day_count,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Restructured:
    """The new rows, and for each the part of the old arrears that falls due with it, in fen (not in the row)."""

    rows: tuple[Row, ...]
    arrears_fen: tuple[int, ...]


def restructure(terms: QuoteTerms, arrears_fen: int) -> Restructured:
    """A new plan on the outstanding balance (`terms.principal_fen`); unpaid interest is spread evenly over the new
    lines, the last taking the remainder. It is not capitalised: no interest is ever charged on it."""
    rows = schedule.build(terms)
    return Restructured(rows=rows, arrears_fen=tuple(evenly(arrears_fen, len(rows))))


def evenly(amount_fen: int, lines: int) -> list[int]:
    """`amount_fen` in equal half-up parts, the last taking what remains (0 and more each)."""
    parts = [0] * lines
    life_kernels.spread_evenly(amount_fen, lines, parts)
    return parts


@dataclass(frozen=True, slots=True, kw_only=True)
class Refinance:
    """A new loan that pays the old one off: what goes to the payoff and what the borrower receives, in fen."""

    terms: QuoteTerms
    payoff_fen: int
    to_borrower_fen: int


def refinance(terms: QuoteTerms, payoff_fen: int) -> Refinance:
    """Apply the proceeds of `terms` to `payoff_fen`, the old loan's settlement figure. Raises TermsError when they
    fall short: the old mortgage could then not be released."""
    rest = life_kernels.after_payoff(terms.principal_fen, payoff_fen)
    if rest == life_kernels.NOT_COVERED:
        raise TermsError("payoff_not_covered", "principal", {"payoff_fen": payoff_fen})
    return Refinance(terms=replace(terms), payoff_fen=payoff_fen, to_borrower_fen=rest)
