"""All discount factors of a cash-flow list: roots of Σ amount·x^time for real times, by Rolle and Descartes.

Floats live here on purpose: these are proposals which `rates` confirms in Decimal.
"""

from collections.abc import Callable, Sequence
from math import expm1

from chezhe.finmath import rate_kernels

TOUCHING = 1e-13  # a turning point this near to zero, relative to the terms' size, counts as a root


def sign_changes(amounts: Sequence[float]) -> int:
    """Changes of sign along the list, zeros skipped: at most this many positive roots (Descartes)."""
    signs = [amount > 0 for amount in amounts if amount]
    return sum(a != b for a, b in zip(signs, signs[1:], strict=False))


def roots_in_unit(amounts: Sequence[float], times: Sequence[float]) -> list[float]:
    """Distinct roots strictly inside (0, 1), ascending. `times` ascend; zero amounts are ignored.

    Between two neighbouring roots of the derivative the function is monotone, so one bisection finds each root.
    Dividing by the lowest power before deriving removes a term, and so at most every change of sign.
    """
    terms = [(float(amount), time) for amount, time in zip(amounts, times, strict=True) if amount]
    if sign_changes([amount for amount, _ in terms]) == 0:
        return []
    first = terms[0][1]
    coefficients = [amount for amount, _ in terms]
    powers = [time - first for _, time in terms]

    def value(x: float) -> float:
        return float(sum(c * x**p for c, p in zip(coefficients, powers, strict=True)))

    turning = []
    if sign_changes(coefficients) > 1:
        derived = [c * p for c, p in zip(coefficients[1:], powers[1:], strict=True)]
        turning = roots_in_unit(derived, powers[1:])
    found = []
    left, at_left = 0.0, coefficients[0]
    for right in [*turning, 1.0]:
        at_right = value(right)
        size = sum(abs(c) * right**p for c, p in zip(coefficients, powers, strict=True))
        if right < 1.0 and abs(at_right) <= TOUCHING * size:
            found.append(right)
            at_right = 0.0
        elif at_left * at_right < 0.0:
            found.append(_bisect(value, left, right, at_left > 0.0))
        left, at_left = right, at_right or at_left
    return found


def even_root(flows_fen: Sequence[int]) -> float | None:
    """The one discount factor of evenly spaced flows with a single change of sign, by the array kernel; else None."""
    found = rate_kernels.discount_factor(flows_fen, len(flows_fen))
    return found if found == found else None


def dated_root(times: Sequence[int], flows_fen: Sequence[int], unit: int, *, costs_money: bool) -> float | None:
    """The rate per `unit` that the array kernel is sure of (`rate_kernels.dated_force`), else None."""
    force = rate_kernels.dated_force(times, flows_fen, len(flows_fen), unit, costs_money)
    return expm1(-force) if force == force else None


def _bisect(value: Callable[[float], float], low: float, high: float, falling: bool) -> float:
    for _ in range(80):
        middle = (low + high) / 2.0
        if high - low <= 1e-11 * high:
            break
        if (value(middle) > 0.0) == falling:
            low = middle
        else:
            high = middle
    return (low + high) / 2.0
