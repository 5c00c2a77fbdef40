"""Loan arithmetic over arrays of many loans: the kernels of one loan, compiled (numpy and numba load on first use).

Arrays are int64; money in fen, rates in units of 10^-10 (`level.rate_units`), dates as day numbers
(`date.toordinal()`). 64 bits hold amount × rate × units up to 2^62; every call checks this first and hands the
loans beyond it to the plain functions, whose whole numbers have no end. So the answer is always the exact one.
"""

import os
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

from chezhe.finmath import ageing, days, kernels, lanes, rates
from chezhe.finmath.allocation import AllocationRule, Item, positions
from chezhe.finmath.compiled import load
from chezhe.finmath.level import RATE_SCALE, rate_units
from chezhe.finmath.penalty import GRACE_CODES, PenaltyRule

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Ints = NDArray[np.int64]
    Floats = NDArray[np.float64]

FITS = 2**62
CHUNK = 8_192


def threaded(size: int, work: Callable[[int, int], object]) -> None:
    """Run `work(low, high)` over [0, size) in chunks, on as many threads as there are processors."""
    edges = [(low, min(low + CHUNK, size)) for low in range(0, size, CHUNK)]
    workers = min(len(edges), os.cpu_count() or 1)
    if workers <= 1:
        for low, high in edges:
            work(low, high)
        return
    with ThreadPoolExecutor(workers) as pool:
        for done in [pool.submit(work, low, high) for low, high in edges]:
            done.result()


def monthly_irr(flows_fen: "Ints", counts: "Ints | None" = None) -> "Floats":
    """The periodic rate of each row of evenly spaced flows (float64, good to about 1e-15; NaN where none or several).

    `counts[i]` is how many columns row i uses (all by default). Rows whose sign changes other than once are solved
    one by one by `rates.solve`.
    """
    import numpy as np

    flows = np.ascontiguousarray(flows_fen, dtype=np.int64)
    size = len(flows)
    used = np.full(size, flows.shape[1], dtype=np.int64) if counts is None else ints(counts, size)
    factors = np.empty(size, dtype=np.float64)
    compiled = load()

    def work(low: int, high: int) -> None:
        whole, real = np.empty(lanes.WHOLE, dtype=np.int64), np.empty(lanes.REAL, dtype=np.float64)
        amounts = np.empty((flows.shape[1], lanes.LANES), dtype=np.float64)
        low = compiled.irr_lanes(low, high, lanes.LANES, flows, used, whole, real, amounts, factors)
        compiled.irr_loop(low, high, flows, used, factors)

    threaded(size, work)
    found = 1.0 / factors - 1.0
    for row in np.flatnonzero(np.isnan(factors)):
        values = flows[row, : used[row]].tolist()
        rate, _ = rates.solve(list(range(len(values))), values)
        found[row] = np.nan if rate is None else float(rate)
    return found


def accrue(carry: "Ints", balance_fen: "Ints", numerator: "Ints", denominator: int) -> tuple["Ints", "Ints"]:
    """Fen to recognise and the new exact carry of each loan (`kernels.accrue`); numerator = rate × units.

    Raises OverflowError when a balance × numerator reaches 2^62: use smaller steps or a reduced denominator.
    """
    import numpy as np

    size = len(balance_fen)
    balance, top = ints(balance_fen, size), ints(numerator, size)
    if not fits(denominator, 2) or not fits(largest(balance), largest(top)):
        raise OverflowError("balance × numerator must stay below 2^62")
    carried, posted = ints(carry, size).copy(), np.empty(size, dtype=np.int64)
    loop = load().accrue_loop
    threaded(size, lambda low, high: loop(low, high, carried, balance, top, denominator, posted))
    return posted, carried


def penalties(rule: PenaltyRule, amount_fen: "Ints", days_late: "Ints") -> "Ints":
    """Penalty (or compound) interest of each constant overdue amount for its days late, grace included, in fen.

    Days are actual days: the rule's day count is ACT/360 or ACT/365.
    """
    import numpy as np

    if days.KERNEL_CODES[rule.day_count] != 1:
        raise ValueError("the array form counts actual days: ACT/360 or ACT/365")
    size = len(amount_fen)
    amount, late = ints(amount_fen, size), ints(days_late, size)
    unit, denominator = _reduced(rate_units(rule.annual_rate), RATE_SCALE * days.BASES[rule.day_count])
    if not fits(largest(amount), unit, max(largest(late), 1)):
        raise OverflowError("amount × rate × days must stay below 2^62")
    rate, charges = np.full(size, unit, dtype=np.int64), np.empty(size, dtype=np.int64)
    mode, loop = GRACE_CODES[rule.grace_mode], load().penalty_loop
    threaded(
        size,
        lambda low, high: loop(low, high, late, rule.grace_days, mode, amount, rate, denominator, charges),
    )
    return charges


def allocate(rule: AllocationRule, dues_fen: "Ints", amount_fen: "Ints", *, dpd: int) -> tuple["Ints", "Ints"]:
    """Spread one payment a loan. `dues_fen` is (loans, instalments, items in the order of `Item`), oldest first.

    Returns what was paid in the same shape, and what is left over. All loans share one allocation order: group
    them by it (`rule.order_at(dpd)`).
    """
    import numpy as np

    dues = np.ascontiguousarray(dues_fen, dtype=np.int64)
    size, instalments, wide = dues.shape
    if wide != len(Item):
        raise ValueError("dues have one column per item")
    order = np.array(positions(rule, instalments, dpd), dtype=np.int64)
    flat = dues.reshape(size, instalments * wide)
    paid, left_over = np.zeros_like(flat), np.empty(size, dtype=np.int64)
    amount, loop = ints(amount_fen, size), load().spread_loop
    threaded(size, lambda low, high: loop(low, high, amount, flat, order, paid, left_over))
    return paid.reshape(dues.shape), left_over


def days_past_due(due_ordinals: "Ints", unpaid_fen: "Ints", as_of: int, counts: "Ints | None" = None) -> tuple["Ints", "Ints"]:
    """Days past due of each loan, and the index of its bucket in `ageing.Bucket` (0 = C … 7 = M7)."""
    return banded(due_ordinals, unpaid_fen, as_of, ageing.BUCKET_BOUNDS, counts)


def banded(
    due_ordinals: "Ints", unpaid_fen: "Ints", as_of: int, bounds: Sequence[int], counts: "Ints | None" = None
) -> tuple["Ints", "Ints"]:
    """Days past due, and how many of the ascending `bounds` they exceed (buckets or five classes)."""
    import numpy as np

    dues = np.ascontiguousarray(due_ordinals, dtype=np.int64)
    unpaid = np.ascontiguousarray(unpaid_fen, dtype=np.int64)
    size = len(dues)
    used = np.full(size, dues.shape[1], dtype=np.int64) if counts is None else ints(counts, size)
    edges = np.array(bounds, dtype=np.int64)
    dpd, at = np.empty(size, dtype=np.int64), np.empty(size, dtype=np.int64)
    loop = load().ageing_loop
    threaded(size, lambda low, high: loop(low, high, dues, unpaid, used, as_of, edges, dpd, at))
    return dpd, at


def ints(values: Any, size: int) -> "Ints":
    """`values` as a contiguous int64 array of `size`; one number stands for all."""
    import numpy as np

    found = np.asarray(values)
    if found.dtype.kind not in "iu":
        raise TypeError(f"whole numbers expected, not {found.dtype}")
    if found.shape != (size,):
        return np.full(size, found, dtype=np.int64)
    # Always C-ordered and writable: one machine-code version of every loop.
    return np.require(found, dtype=np.int64, requirements=["C", "W"])


def largest(values: "Ints") -> int:
    """The largest magnitude, 0 for no values."""
    return max(int(values.max()), -int(values.min())) if len(values) else 0


def fits(*factors: int) -> bool:
    """Whether the product stays below 2^62."""
    product = 1
    for factor in factors:
        product *= factor
    return product < FITS


def _reduced(numerator: int, denominator: int) -> tuple[int, int]:
    from math import gcd

    shared = gcd(numerator, denominator)
    return numerator // shared, denominator // shared


__all__ = ["accrue", "allocate", "banded", "days_past_due", "kernels", "monthly_irr", "penalties", "threaded"]
