"""The kernels over many loans: loops that `compiled` turns into machine code. Loans [low, high) of each array.

Same rules as `kernels`, whose functions they call by name: whole numbers, no allocation, scratch handed in.
Arrays are int64 unless said otherwise; a schedule array has one row a loan and one column a line.
"""

from typing import Any

from chezhe.finmath.calendar_kernels import civil, fill_due_ordinals, first_due, is_whole_month, line_units
from chezhe.finmath.kernels import (
    accrue,
    band,
    count_lines,
    days_past_due,
    fill_bullet,
    fill_equal_principal,
    fill_flat,
    fill_interest_only,
    fill_level,
    level_instalment,
    restate_interest,
    spread,
)
from chezhe.finmath.life_kernels import is_late
from chezhe.finmath.rate_kernels import dated_force, discount_factor

EQUAL_PRINCIPAL = 1
INTEREST_ONLY = 2
BULLET = 3
FLAT = 4
DONE = 0
DECIDE_EXACTLY = 1
REFUSED = 2
FILLED = 3


def level_loop(
    low: int,
    high: int,
    principal: Any,
    rate: Any,
    denominator: int,
    units: Any,
    month_unit: int,
    full_level: bool,
    two_levels: bool,
    advance: int,
    is_stub: Any,
    weights: Any,
    weight_scale: int,
    balloon: Any,
    instalment: Any,
    periods: Any,
    numerators: Any,
    level_numerators: Any,
    principals: Any,
    interests: Any,
    status: Any,
) -> None:
    """Level plans. `units` has a row a loan or one row for all; `advance` is 1 when the first line is paid at the
    start; a given `instalment` (> 0) shortens `periods`, else it is solved and written there. Status per loan."""
    for i in range(low, high):
        if status[i] != DONE:
            continue
        count = periods[i]
        row = i if units.shape[0] > 1 else 0
        stub = full_level and is_stub[i] != 0
        month = rate[i] * month_unit
        for k in range(count):
            numerators[k] = month if stub and k == advance else rate[i] * units[row, k]
        if two_levels:
            for k in range(count):
                level_numerators[k] = month if k >= advance else numerators[k]
        base = instalment[i]
        instalment_given = base > 0
        if instalment_given:
            count = count_lines(principal[i], numerators, denominator, base, count)
            periods[i] = max(count, 1)
        else:
            base = level_instalment(
                principal[i], level_numerators if two_levels else numerators, denominator, weights, weight_scale, balloon[i], count,
                principals[i], interests[i],
            )  # fmt: skip
            instalment[i] = max(base, 0)
        if base < 0 or count == 0:
            status[i] = DECIDE_EXACTLY if base < 0 else REFUSED
            continue
        if two_levels or instalment_given:
            refused, _, _ = fill_level(
                principal[i], numerators, denominator, weights, weight_scale, balloon[i], base, count,
                principals[i], interests[i],
            )  # fmt: skip
            status[i] = REFUSED if refused != 0 else DONE
        if stub and count > advance:
            restate_interest(principal[i], principals[i], interests[i], advance, rate[i] * units[row, advance], denominator)


def plain_loop(
    low: int,
    high: int,
    method: int,
    principal: Any,
    rate: Any,
    denominator: int,
    units: Any,
    periods: Any,
    numerators: Any,
    principals: Any,
    interests: Any,
    status: Any,
) -> None:
    """Plans without a level instalment; for FLAT, rate/denominator is the flat charge a month."""
    for i in range(low, high):
        if status[i] != DONE:
            continue
        count = periods[i]
        if method == FLAT:
            fill_flat(principal[i], rate[i], denominator, count, principals[i], interests[i])
            continue
        row = i if units.shape[0] > 1 else 0
        for k in range(count):
            numerators[k] = rate[i] * units[row, k]
        if method == EQUAL_PRINCIPAL:
            fill_equal_principal(principal[i], numerators, denominator, count, principals[i], interests[i])
        elif method == INTEREST_ONLY:
            fill_interest_only(principal[i], numerators, denominator, count, principals[i], interests[i])
        else:
            fill_bullet(principal[i], numerators, denominator, count, principals[i], interests[i])


def start_loop(low: int, high: int, start: Any, day: Any) -> None:
    """The day of the month of each start."""
    for i in range(low, high):
        day[i] = civil(start[i])[2]


def first_due_loop(low: int, high: int, start: Any, anchor: Any, skip_below: int, first: Any) -> None:
    """First due days."""
    for i in range(low, high):
        first[i] = first_due(start[i], anchor[i], skip_below)


def due_loop(low: int, high: int, start: Any, first_due: Any, anchor: Any, advance: int, periods: Any, dues: Any) -> None:
    """Due day numbers; with `advance` the first line is due on the start day itself."""
    for i in range(low, high):
        if advance == 1:
            dues[i, 0] = start[i]
        if periods[i] > advance:
            fill_due_ordinals(first_due[i], 0, anchor[i], periods[i] - advance, dues[i, advance:])


def units_loop(
    low: int,
    high: int,
    start: Any,
    anchor: Any,
    advance: int,
    day_count: int,
    scale: int,
    stub_day_count: int,
    stub_scale: int,
    periods: Any,
    dues: Any,
    units: Any,
    is_stub: Any,
) -> None:
    """Period units over the batch's common base (`scale` per unit of the day count); marks irregular first periods."""
    for i in range(low, high):
        before = start[i]
        if advance == 1:
            units[i, 0] = 0
        for k in range(advance, periods[i]):
            due = dues[i, k]
            whole = is_whole_month(before, due, anchor[i]) if k == advance else 1
            if k == advance:
                is_stub[i] = 1 - whole
            units[i, k] = line_units(before, due, whole, day_count, scale, stub_day_count, stub_scale)
            before = due


def irr_loop(low: int, high: int, flows: Any, counts: Any, factors: Any) -> None:
    """Discount factors (float64) of evenly spaced flows; NaN where the sign does not change exactly once."""
    for i in range(low, high):
        factors[i] = discount_factor(flows[i], counts[i])


def force_loop(low: int, high: int, times: Any, flows: Any, counts: Any, unit: int, costs_money: bool, forces: Any) -> None:
    """`dated_force` (float64) of each row of dated flows."""
    for i in range(low, high):
        forces[i] = dated_force(times[i], flows[i], counts[i], unit, costs_money)


def accrue_loop(low: int, high: int, carry: Any, balance: Any, numerator: Any, denominator: int, posted: Any, carried: Any) -> None:
    """Exact-carry accrual."""
    for i in range(low, high):
        posted[i], carried[i] = accrue(carry[i], balance[i], numerator[i], denominator)


def spread_loop(low: int, high: int, amount: Any, dues: Any, dpd: Any, late_after: int, orders: Any, paid: Any, left_over: Any) -> None:
    """Allocation of one payment a loan over its flat row of dues, by the first of the two `orders` or the late one."""
    for i in range(low, high):
        left_over[i] = spread(amount[i], dues[i], orders[is_late(dpd[i], late_after)], paid[i])


def ageing_loop(low: int, high: int, dues: Any, unpaid: Any, counts: Any, as_of: int, bounds: Any, dpd: Any, at: Any) -> None:
    """Days past due and the index of their bucket."""
    for i in range(low, high):
        dpd[i] = days_past_due(dues[i], unpaid[i], counts[i], as_of)
        at[i] = band(dpd[i], bounds)
