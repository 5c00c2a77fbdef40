"""Fees of a plan (费用): collected once at the start or with every month's line. No fee is ever hidden in interest."""

from collections.abc import Iterable

from chezhe.finmath.terms import FeeTerms, FeeWhen


def upfront_fen(fees: Iterable[FeeTerms]) -> int:
    """Sum of the fees paid at the start, in fen."""
    return sum(fee.amount_fen for fee in fees if fee.when is FeeWhen.UPFRONT)


def monthly_fen(fees: Iterable[FeeTerms]) -> int:
    """Sum of the fees of one month, in fen. A bullet collects all its months' fees with its only line."""
    return sum(fee.amount_fen for fee in fees if fee.when is FeeWhen.MONTHLY)
