"""Rates as whole numbers, and the level instalment decided exactly."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from math import gcd

from chezhe.finmath import kernels

RATE_SCALE = 10**10  # the public rate has at most ten decimals
NO_RATE = Decimal(0)


@dataclass(frozen=True, slots=True)
class Factors:
    """Period interest factors numerators[k]/denominator, and the whole-month factor month/denominator."""

    numerators: tuple[int, ...]
    denominator: int
    month: int


def rate_units(rate: Decimal) -> int:
    """A rate in units of 10^-10. Raises ValueError when it has more than ten decimals."""
    top, bottom = rate.as_integer_ratio()
    if RATE_SCALE % bottom:
        raise ValueError(f"{rate} has more than ten decimals")
    return top * (RATE_SCALE // bottom)


def factors(annual_rate: Decimal, lengths: Sequence[tuple[int, int]]) -> Factors:
    """Factors of periods whose lengths are (units, base) in years, over one reduced denominator."""
    rate = rate_units(annual_rate)
    base = 12
    for _, own in lengths:
        base = base * own // gcd(base, own)
    numerators = [rate * units * (base // own) for units, own in lengths]
    month = rate * (base // 12)
    shared = gcd(RATE_SCALE * base, month, *numerators)
    return Factors(
        numerators=tuple(value // shared for value in numerators),
        denominator=RATE_SCALE * base // shared,
        month=month // shared,
    )


def level_instalment(
    principal: int,
    numerators: Sequence[int],
    denominator: int,
    weights: Sequence[int],
    weight_scale: int = 1,
    balloon: int = 0,
) -> int:
    """The base instalment in fen, half up, proved in integers: EMI = P·r·(1+r)^n/((1+r)^n−1) and its relatives.

    `weights[k]/weight_scale` is line k's multiple of the base instalment; a rent in advance has a first numerator
    of 0; `balloon` fen remain after the last instalment.
    """
    count = len(weights)
    scratch = [0] * count
    found = kernels.level_instalment(principal, numerators, denominator, weights, weight_scale, balloon, count, scratch, scratch)
    if found != kernels.UNSURE:
        return found
    return exact_instalment(principal, numerators, denominator, weights, weight_scale, balloon)


def exact_instalment(
    principal: int,
    numerators: Sequence[int],
    denominator: int,
    weights: Sequence[int],
    weight_scale: int,
    balloon: int,
) -> int:
    """The same by unbounded whole numbers, for answers too near a half fen for the quick proof."""
    grown, annuity, scale = principal, 0, 1
    for numerator, weight in zip(numerators, weights, strict=True):
        annuity = annuity * (denominator + numerator) + weight * scale * denominator
        grown = grown * (denominator + numerator)
        scale *= denominator
    return kernels.round_half_up((grown - balloon * scale) * weight_scale, annuity)
