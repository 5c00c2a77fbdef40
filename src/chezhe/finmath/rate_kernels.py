"""The rate of evenly spaced cash flows, by the rules of `kernels`: no imports, called for one list or compiled for arrays.

Floats throughout: what comes out is a proposal, which `rates` confirms in Decimal.
"""

from collections.abc import Sequence

NAN = float("nan")
INFINITY = float("inf")
STEPS_MAX = 200


def discount_factor(flows: Sequence[int], count: int) -> float:
    """v = 1/(1+periodic rate) with Σ flows[k]·v^k = 0 for flows with exactly one change of sign, else NaN.

    Halley's steps (each trebles the right digits, so one after a step below 1e-7 is exact to the float) inside a
    bracket kept from both sides.
    """
    changes = sign = 0
    total = moment = 0.0
    for k in range(count):
        flow = float(flows[k])
        changes, sign = turned(changes, sign, flow)
        total += flow
        moment += k * flow
    if changes != 1:
        return NAN
    guess = first_factor(total, moment, sign)
    low, high = 0.0, INFINITY
    for _ in range(STEPS_MAX):
        value = slope = bend = 0.0
        for k in range(count - 1, -1, -1):
            value, slope, bend = horner(value, slope, bend, guess, float(flows[k]))
        low, high = (low, guess) if value * sign > 0.0 else (guess, high)
        guess, is_near = better_factor(guess, value, slope, bend, low, high)
        if is_near:
            return guess
    return guess


def turned(changes: int, sign: int, flow: float) -> tuple[int, int]:
    """Changes of sign and the last sign, after one more flow; zeros are skipped."""
    here = int(flow > 0.0) - int(flow < 0.0)
    return changes + int(here * sign < 0), here if here != 0 else sign


def first_factor(total: float, moment: float, sign: int) -> float:
    """Where the search begins: the straight line through v = 1."""
    guess = 1.0 - total / moment if moment * sign > 0.0 else 1.0
    return 0.5 if guess <= 0.0 else min(guess, 4.0)


def horner(value: float, slope: float, bend: float, at: float, flow: float) -> tuple[float, float, float]:
    """One step of the sum, its derivative and half its second one."""
    return value * at + flow, slope * at + value, bend * at + slope


def better_factor(guess: float, value: float, slope: float, bend: float, low: float, high: float) -> tuple[float, bool]:
    """Halley's next factor, and whether it is the answer; a step out of the bracket becomes its middle."""
    steepness = slope * slope - value * bend
    better = guess - value * slope / steepness if steepness > 0.0 else 0.0
    if abs(better - guess) <= 1e-7 * guess and better > 0.0:
        return better, True
    if better <= low or better >= high:
        better = (low + high) / 2.0 if high < 1e300 else guess * 2.0
    return better, False
