"""Level plans and rates of several loans side by side: the steps of `kernels`, each for every lane before the next.

The lines of one loan wait for each other; those of its neighbours do not, so the processor works on many at once.
Rules as in `loops`. Only plain lanes are finished here; all others are left as they were, for `loops` to decide.
`lanes` is always LANES: handed in, so that the compiler keeps the loops over it and does eight loans in one instruction.
"""

from typing import Any

from chezhe.finmath.kernels import FACTOR_SHIFT, doubt, drift_shifts, grown, line_interest, proposal
from chezhe.finmath.loops import DONE, FILLED
from chezhe.finmath.rate_kernels import INFINITY, NAN, STEPS_MAX, better_factor, first_factor, horner, turned

LANES = 32
# Where each figure of the lanes begins in `whole` (int64) and `real` (float64).
BALANCE, NUMERATOR, FACTOR, INSTALMENT, DRIFT, REACH, BAD, SIGN, CHANGES, SOUGHT = (LANES * at for at in range(10))
RISE, GROWTH, ANNUITY, STEEPEST, GUESS, VALUE, SLOPE, BEND, LOW, HIGH = (LANES * at for at in range(10))
WHOLE = REAL = LANES * 10


def level_lanes(
    low: int,
    high: int,
    lanes: int,
    principal: Any,
    rate: Any,
    denominator: int,
    units: Any,
    weights: Any,
    balloon: Any,
    instalment: Any,
    periods: Any,
    whole: Any,
    real: Any,
    parts: Any,
    charges: Any,
    principals: Any,
    interests: Any,
    status: Any,
) -> None:
    """Level plans whose periods are the same for all loans (`units[0]`), solved here, with whole weights.

    Loans proved at the first proposal get their rows and the status FILLED. `parts` and `charges` are scratch, a row a line.
    """
    up, down = drift_shifts(denominator)
    unit = (denominator << up) >> down
    for first in range(low, high - lanes + 1, lanes):
        count = periods[first]
        if not are_alike(first, lanes, count, periods, status):
            continue
        for j in range(lanes):
            whole[BALANCE + j] = principal[first + j]
        propose_lanes(first, lanes, count, principal, rate, denominator, units, weights, balloon, whole, real)
        fill_lanes(first, lanes, count, rate, denominator, units, weights, up, down, unit, whole, parts, charges)
        for j in range(lanes):
            i = first + j
            left = whole[BALANCE + j]
            gap, reach = (left - balloon[i]) * unit + whole[DRIFT + j], whole[REACH + j]
            sure = reach - doubt(reach, count, 1)
            if whole[BAD + j] != 0 or not -sure <= 2 * gap < sure:
                continue
            for k in range(count):
                principals[i, k] = parts[k, j]
                interests[i, k] = charges[k, j]
            principals[i, count - 1] += left
            instalment[i] = whole[INSTALMENT + j]
            status[i] = FILLED


def are_alike(first: int, lanes: int, count: int, periods: Any, status: Any) -> bool:
    """Whether every lane waits to be filled and has `count` lines."""
    different = 0
    for j in range(lanes):
        different |= status[first + j] ^ DONE | periods[first + j] ^ count
    return bool(different == 0)


def propose_lanes(
    first: int,
    lanes: int,
    count: int,
    principal: Any,
    rate: Any,
    denominator: int,
    units: Any,
    weights: Any,
    balloon: Any,
    whole: Any,
    real: Any,
) -> None:
    """`kernels.propose_instalment` for every lane; a lane without a proposal is BAD."""
    part = 1.0 / denominator
    for j in range(lanes):
        real[GROWTH + j] = 1.0
        real[ANNUITY + j] = 0.0
        real[STEEPEST + j] = 0.0
    length = -1
    for k in range(count):
        if units[0, k] != length:
            length = units[0, k]
            for j in range(lanes):
                rise = rate[first + j] * length * part
                real[RISE + j] = 1.0 + rise
                real[STEEPEST + j] = max(real[STEEPEST + j], rise)
        weight = weights[k]
        for j in range(lanes):
            real[GROWTH + j] = real[GROWTH + j] * real[RISE + j]
            real[ANNUITY + j] = real[ANNUITY + j] * real[RISE + j] + weight
    for j in range(lanes):
        i = first + j
        guess = proposal(principal[i], balloon[i], real[GROWTH + j], real[ANNUITY + j], real[STEEPEST + j])
        whole[BAD + j] = int(guess < 0)
        whole[INSTALMENT + j] = max(guess, 0)


def fill_lanes(
    first: int,
    lanes: int,
    count: int,
    rate: Any,
    denominator: int,
    units: Any,
    weights: Any,
    up: int,
    down: int,
    unit: int,
    whole: Any,
    parts: Any,
    charges: Any,
) -> None:
    """`kernels.fill_level` for every lane; one whose balance does not fall to the end in even steps is BAD.

    The last line takes its share like the others: what is left of the balance stays in BALANCE.
    """
    half = denominator // 2
    inverse = 1.0 / denominator
    length = -1
    for j in range(lanes):
        whole[DRIFT + j] = 0
        whole[REACH + j] = 0
    for k in range(count):
        if units[0, k] != length:
            length = units[0, k]
            for j in range(lanes):
                whole[NUMERATOR + j] = rate[first + j] * length
                whole[FACTOR + j] = (whole[NUMERATOR + j] << FACTOR_SHIFT) // denominator
        weight, owed, is_watched = weights[k], unit * weights[k], int(k < count - 1)
        part, charge = parts[k], charges[k]
        for j in range(lanes):
            balance, factor = whole[BALANCE + j], whole[FACTOR + j]
            interest, dropped = line_interest(balance, whole[NUMERATOR + j], denominator, half, inverse)
            share = whole[INSTALMENT + j] * weight - interest
            whole[BAD + j] |= is_watched * (int(share < 0) | int(share > balance))
            whole[DRIFT + j] = grown(whole[DRIFT + j], factor) + ((dropped << up) >> down)
            whole[REACH + j] = grown(whole[REACH + j], factor) + owed
            whole[BALANCE + j] = balance - share
            part[j] = share
            charge[j] = interest


def irr_lanes(
    low: int, high: int, lanes: int, flows: Any, counts: Any, whole: Any, real: Any, amounts: Any, factors: Any
) -> int:
    """`loops.irr_loop` for loans [low, …); returns the first one that is left. `amounts` is scratch, a row a flow."""
    for first in range(low, high - lanes + 1, lanes):
        count = counts[first]
        different = 0
        for j in range(lanes):
            different |= counts[first + j] ^ count
        if different != 0:
            return first
        begin_lanes(first, lanes, count, flows, whole, real, amounts)
        improve_lanes(lanes, count, whole, real, amounts)
        for j in range(lanes):
            factors[first + j] = real[GUESS + j] if whole[CHANGES + j] == 1 else NAN
    return high - (high - low) % lanes


def begin_lanes(first: int, lanes: int, count: int, flows: Any, whole: Any, real: Any, amounts: Any) -> None:
    """Turn the rows of flows into columns, count their changes of sign, and make the first guess of each lane."""
    for j in range(lanes):
        whole[CHANGES + j] = 0
        whole[SIGN + j] = 0
        real[VALUE + j] = 0.0
        real[SLOPE + j] = 0.0
        for k in range(count):
            amounts[k, j] = flows[first + j, k]
    for k in range(count):
        amount = amounts[k]
        for j in range(lanes):
            whole[CHANGES + j], whole[SIGN + j] = turned(whole[CHANGES + j], whole[SIGN + j], amount[j])
            real[VALUE + j] += amount[j]
            real[SLOPE + j] += k * amount[j]
    for j in range(lanes):
        real[GUESS + j] = first_factor(real[VALUE + j], real[SLOPE + j], whole[SIGN + j])
        real[LOW + j] = 0.0
        real[HIGH + j] = INFINITY
        whole[SOUGHT + j] = int(whole[CHANGES + j] == 1)


def improve_lanes(lanes: int, count: int, whole: Any, real: Any, amounts: Any) -> None:
    """Better every guess until each lane is near; SOUGHT is 1 where one is not."""
    for _ in range(STEPS_MAX):
        waiting = 0
        for j in range(lanes):
            waiting += whole[SOUGHT + j]
            real[VALUE + j] = 0.0
            real[SLOPE + j] = 0.0
            real[BEND + j] = 0.0
        if waiting == 0:
            return
        for k in range(count - 1, -1, -1):
            amount = amounts[k]
            for j in range(lanes):
                real[VALUE + j], real[SLOPE + j], real[BEND + j] = horner(
                    real[VALUE + j], real[SLOPE + j], real[BEND + j], real[GUESS + j], amount[j]
                )
        for j in range(lanes):
            if whole[SOUGHT + j] == 0:
                continue
            guess = real[GUESS + j]
            if real[VALUE + j] * whole[SIGN + j] > 0.0:
                real[HIGH + j] = guess
            else:
                real[LOW + j] = guess
            guess, is_near = better_factor(guess, real[VALUE + j], real[SLOPE + j], real[BEND + j], real[LOW + j], real[HIGH + j])
            real[GUESS + j] = guess
            whole[SOUGHT + j] = int(not is_near)
