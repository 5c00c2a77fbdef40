"""Fees of a plan (费用): collected once at the start or with every month's line. No fee is ever hidden in interest."""

from collections.abc import Iterable

from chezhe.finmath import life_kernels
from chezhe.finmath.terms import FeeTerms, FeeWhen


def upfront_fen(fees: Iterable[FeeTerms]) -> int:
    """Sum of the fees paid at the start, in fen."""
    return sum(fee.amount_fen for fee in fees if fee.when is FeeWhen.UPFRONT)


def monthly_fen(fees: Iterable[FeeTerms]) -> int:
    """Sum of the fees of one month, in fen."""
    return sum(fee.amount_fen for fee in fees if fee.when is FeeWhen.MONTHLY)


def per_line(fees: Iterable[FeeTerms], first: int, count: int) -> list[int]:
    """The monthly fees of `count` lines, in fen; a bullet collects those of all months with its only line, the last
    (`first` = count − 1)."""
    lines = [0] * count
    life_kernels.fill_fees(monthly_fen(fees), first, count, lines)
    return lines
