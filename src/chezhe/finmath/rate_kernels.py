"""The rate of cash flows, evenly spaced or dated, by the rules of `kernels`: called for one list or compiled for arrays.

Floats throughout: what comes out is a proposal, which `rates` confirms in Decimal.
"""

from collections.abc import Sequence
from math import exp
from typing import Any

NAN = float("nan")
INFINITY = float("inf")
STEPS_MAX = 200
SURE_FROM = 12  # from this step on every third one halves the bracket, so that all of it is searched
FORCE_MIN = -14.0  # a yearly rate of 1.2 million; `rates` believes none above a million
FORCE_MAX = 38.0  # here 1 + rate is less than a float beside 1 can tell from 0


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


def dated_force(times: Sequence[int], flows: Sequence[int], count: int, unit: int, costs_money: bool) -> float:
    """x with Σ flows[k]·e^(x·times[k]/unit) = 0, so that the rate per unit is e^(−x) − 1; else NaN.

    `times` ascend; flows of one time count as one. The answer is sure for exactly one change of sign, and with
    `costs_money` for two of them whose sum is above what was lent: then one rate above zero and one below solve them
    (Descartes), and the upper one counts. All other flows are left to `rates.solve`.
    """
    changes, first, last, total = turns(times, flows, count)
    low, high, sign = FORCE_MIN, FORCE_MAX, last
    if costs_money and changes == 2 and total * first < 0:
        high, sign = 0.0, -first
    elif changes != 1:
        return NAN
    begin, end = 0, count - 1
    while flows[begin] == 0:
        begin += 1
    while flows[end] == 0:
        end -= 1
    guess = first_force(times, flows, begin, end, unit)
    guess = guess if low < guess < high else (max(low, -2.0) + min(high, 2.0)) / 2.0
    for step in range(STEPS_MAX):
        value, slope, bend = worth(times, flows, begin, end, unit, guess)
        low, high = (low, guess) if value * sign > 0.0 else (guess, high)
        guess, is_near = better_force(guess, value, slope, bend, low, high, step > SURE_FROM and step % 3 == 0)
        if is_near:
            return guess
    return guess


def turns(times: Sequence[int], flows: Sequence[int], count: int) -> tuple[int, int, int, int]:
    """Changes of sign, the first and the last sign, and the sum; flows of one time are added up, zeros skipped."""
    changes = first = last = total = 0
    at = 0
    while at < count:
        time = times[at]
        amount = 0
        while at < count and times[at] == time:
            amount += flows[at]
            at += 1
        total += amount
        here = int(amount > 0) - int(amount < 0)
        changes += int(here * last < 0)
        first = first if first != 0 else here
        last = here if here != 0 else last
    return changes, first, last, total


def first_force(times: Sequence[int], flows: Sequence[int], begin: int, end: int, unit: int) -> float:
    """Where the search begins: the straight line through x = 0, at most 2 either way."""
    total = moment = 0.0
    for k in range(begin, end + 1):
        total += flows[k]
        moment += flows[k] * ((times[k] - times[begin]) / unit)
    return max(-2.0, min(2.0, -total / moment)) if moment != 0.0 else 0.0


def worth(times: Sequence[int], flows: Sequence[int], begin: int, end: int, unit: int, force: float) -> tuple[float, float, float]:
    """The sum at `force`, its derivative and half its second one, as seen from the end where no term can overflow."""
    origin = times[end] if force > 0.0 else times[begin]
    value = slope = bend = 0.0
    for k in range(begin, end + 1):
        time = (times[k] - origin) / unit
        term = flows[k] * exp(force * time)
        value += term
        slope += term * time
        bend += term * time * time
    return value, slope, bend / 2.0


def better_force(
    guess: float, value: float, slope: float, bend: float, low: float, high: float, halve: bool
) -> tuple[float, bool]:
    """Halley's next x, and whether it is the answer; a step out of the bracket becomes its middle."""
    steepness = slope * slope - value * bend
    better = guess - value * slope / steepness if steepness > 0.0 else low
    if steepness > 0.0 and abs(better - guess) <= 1e-7 * min(1.0, abs(guess) + 1e-3):
        return better, True
    if halve or better <= low or better >= high:
        better = (low + high) / 2.0
    return better, False


def compound_rate(rate: Any, per_year: int) -> Any:
    """(1 + rate)^per_year − 1, of a Decimal, a float or an array of floats."""
    return (1 + rate) ** per_year - 1
