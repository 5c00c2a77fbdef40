"""Annualised cost (PBOC notice 2021-3): monthly IRR, its simple (×12) and compound forms, XIRR on ACT/365.

A rate belongs to flows whose value today is zero: Σ amount/(1+rate)^time = 0. It exists when exactly one rate does
that; otherwise it is None, with a note. Beside another one, a rate that loses more than half in each unit of time is
none: a deposit paid back at the end gives every lease such a root. For the cost of a plan (`costs_money`) the only
rate at or above zero counts, whatever lies below it.
A float proposes, Newton in 40-digit Decimal confirms; results carry twelve decimals.
"""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal, localcontext
from fractions import Fraction
from math import lcm

from chezhe.finmath import rate_kernels, roots
from chezhe.finmath.terms import RateAnswer, RateNote

LOSS_MAX = -0.5
PLACES = Decimal("1e-12")
RATE_MAX = Decimal(10**6)  # a hundred million per cent: beyond it the figure says nothing


def periodic_rate(flows_fen: Sequence[int], per_year: int) -> RateAnswer:
    """The rate of evenly spaced flows (fen, signed; the first at time 0), `per_year` to the year.

    periodic = IRR per period; simple = periodic × per_year; compound = (1 + periodic)^per_year − 1.
    """
    rate, note = solve(list(range(len(flows_fen))), flows_fen)
    if rate is None:
        return RateAnswer(note=note)
    return RateAnswer(periodic=rate, simple=rate * per_year, compound=compounded(rate, per_year))


def dated_rate(flows: Sequence[tuple[date, int]], *, costs_money: bool = False) -> RateAnswer:
    """XIRR of dated flows (date, fen), any order: a yearly rate, days/365, from the earliest date."""
    if not flows:
        return RateAnswer(note=RateNote.NO_RATE)
    start = min(on for on, _ in flows)
    rate, note = solve([Fraction((on - start).days, 365) for on, _ in flows], [amount for _, amount in flows], costs_money=costs_money)
    return RateAnswer(xirr=rate, note=note)


def compounded(rate: Decimal, per_year: int) -> Decimal | None:
    """(1 + rate)^per_year − 1 to twelve decimals, None when it is beyond all sense."""
    with localcontext(prec=60):
        yearly: Decimal = rate_kernels.compound_rate(rate, per_year)
        return yearly.quantize(PLACES) if yearly < RATE_MAX else None


def solve(
    times: Sequence[int] | Sequence[Fraction], amounts_fen: Sequence[int], *, costs_money: bool = False
) -> tuple[Decimal | None, RateNote | None]:
    """The rate per unit of time, or None and why. Amounts at equal times are added up."""
    merged: dict[Fraction, int] = {}
    for time, amount in sorted(zip(map(Fraction, times), amounts_fen, strict=True)):
        merged[time] = merged.get(time, 0) + amount
    moments = list(merged)
    flows = list(merged.values())
    if roots.sign_changes(flows) == 0:
        return None, RateNote.NO_RATE
    guess, note = _propose(moments, flows, costs_money)
    if guess is None:
        return None, note
    rate = _confirm(guess, moments, flows)
    return (rate, None) if rate is not None else (None, RateNote.NO_RATE)


def _propose(moments: list[Fraction], flows: list[int], costs_money: bool) -> tuple[float | None, RateNote | None]:
    if moments == list(range(len(moments))):
        factor = roots.even_root(flows)
        if factor is not None:
            return 1.0 / factor - 1.0 if factor > 0.0 else None, None
    unit = lcm(*(moment.denominator for moment in moments))
    sure = roots.dated_root([int(moment * unit) for moment in moments], flows, unit, costs_money=costs_money)
    if sure is not None:
        return sure, None
    times = [float(moment - moments[0]) for moment in moments]
    candidates = [1.0 / factor - 1.0 for factor in roots.roots_in_unit(flows, times)]
    if sum(flows) == 0:
        candidates.append(0.0)
    if not (candidates and costs_money):
        backward = [times[-1] - time for time in reversed(times)]
        losses = [growth - 1.0 for growth in roots.roots_in_unit(flows[::-1], backward)]
        candidates += [loss for loss in losses if not candidates or loss > LOSS_MAX - 1e-9]
    if len(candidates) == 1:
        return candidates[0], None
    return None, RateNote.SEVERAL_RATES if candidates else RateNote.NO_RATE


def _confirm(guess: float, moments: list[Fraction], flows: list[int]) -> Decimal | None:
    """Newton from the float's guess in 40 digits; None when the rate is beyond RATE_MAX."""
    if not -1.0 < guess < float(RATE_MAX):
        return None
    with localcontext(prec=40):
        growth = 1 + Decimal(guess)
        exponents = [Decimal(m.numerator) / m.denominator for m in moments]
        for _ in range(8):
            value, slope = _value_and_slope(growth, exponents, flows)
            step = value / slope if slope else Decimal(0)
            if abs(step) > growth / 2:
                break
            growth += step
            if abs(step) <= Decimal("1e-17") * growth:
                break
        return (growth - 1).quantize(PLACES)


def _value_and_slope(growth: Decimal, exponents: list[Decimal], flows: list[int]) -> tuple[Decimal, Decimal]:
    """Present value, and minus its derivative in the growth factor."""
    whole = all(e == e.to_integral_value() for e in exponents)
    log = None if whole else growth.ln()
    value = slope = Decimal(0)
    for exponent, flow in zip(exponents, flows, strict=True):
        discount = growth ** -int(exponent) if log is None else (-exponent * log).exp()
        value += flow * discount
        slope += flow * exponent * discount
    return value, slope / growth


__all__ = ["compounded", "dated_rate", "periodic_rate", "solve"]
