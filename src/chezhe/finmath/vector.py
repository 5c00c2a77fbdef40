"""Loan arithmetic over arrays of many loans: the kernels of one loan, compiled (numpy and numba load on first use).

Arrays are int64; money in fen, rates in units of 10^-10 (`level.rate_units`), dates as day numbers
(`date.toordinal()`). 64 bits hold amount × rate × units up to 2^62; every call checks this first and hands the
loans beyond it to the plain functions, whose whole numbers have no end. So the answer is always the exact one.
"""

import os
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from math import gcd
from typing import TYPE_CHECKING, Any

from chezhe.finmath import ageing, loops
from chezhe.finmath.allocation import AllocationRule, Item, late_after, positions
from chezhe.finmath.compiled import load

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Ints = NDArray[np.int64]
    Flags = NDArray[np.bool_]

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


def over_rows(
    loop: Callable[..., None],
    columns: Sequence["Ints"],
    shared: Sequence[Any],
    answers: Sequence["Ints"],
    *,
    scratch: Sequence[int] = (),
    beyond: "Flags | None" = None,
) -> None:
    """Fill `answers` by `loop(low, high, *columns, *shared, *scratch, *answers)`: compiled, and for the rows `beyond` 64
    bits the same loop as Python runs it, on whole numbers without end.

    `columns` and `answers` have a row a loan; `shared` are whole numbers or arrays for all loans; `scratch` are lengths.
    Raises OverflowError when an answer itself does not fit 64 bits.
    """
    import numpy as np

    size = len(answers[0])
    left = np.zeros(size, dtype=bool) if beyond is None else beyond
    if any(isinstance(value, int) and not fits(value) for value in shared):
        left = np.ones(size, dtype=bool)
    if not left.all():
        machine = getattr(load(), loop.__name__)

        def work(low: int, high: int) -> None:
            machine(low, high, *columns, *shared, *(np.empty(length, dtype=np.int64) for length in scratch), *answers)

        threaded(size, work)
    alike = [value.tolist() if isinstance(value, np.ndarray) else value for value in shared]
    for row in np.flatnonzero(left).tolist():
        own = [np.zeros_like(answer[row : row + 1], dtype=object) for answer in answers]
        wide = [column[row : row + 1].astype(object) for column in columns]
        loop(0, 1, *wide, *alike, *([0] * length for length in scratch), *own)
        for answer, found in zip(answers, own, strict=True):
            answer[row : row + 1] = found


def accrue(carry: "Ints", balance_fen: "Ints", numerator: "Ints", denominator: int) -> tuple["Ints", "Ints"]:
    """Fen to recognise and the new exact carry of each loan (`kernels.accrue`); numerator = rate × units."""
    import numpy as np

    size = len(balance_fen)
    columns = [ints(carry, size), ints(balance_fen, size), ints(numerator, size)]
    posted, carried = np.empty((2, size), dtype=np.int64)
    over_rows(loops.accrue_loop, columns, [denominator], [posted, carried], beyond=too_large(*columns[1:]) | too_large(columns[0], 2))
    return posted, carried


def allocate(rule: AllocationRule, dues_fen: "Ints", amount_fen: "Ints", *, dpd: Any) -> tuple["Ints", "Ints"]:
    """Spread one payment a loan. `dues_fen` is (loans, instalments, items in the order of `Item`), oldest first.

    `dpd` is each loan's days past due (or one number): it turns to the rule's late order by itself. Returns what was
    paid in the same shape, and what is left over. Raises ValueError for another shape or a negative payment.
    """
    import numpy as np

    dues = np.ascontiguousarray(dues_fen, dtype=np.int64)
    size, instalments, wide = dues.shape
    if wide != len(Item):
        raise ValueError("dues have one column per item")
    amount = ints(amount_fen, size)
    if size and amount.min() < 0:
        raise ValueError("a payment is not negative")
    orders = np.array([positions(rule, instalments, order) for order in (rule.order, rule.late_order or rule.order)], dtype=np.int64)
    flat = dues.reshape(size, instalments * wide)
    paid, left_over = np.zeros_like(flat), np.empty(size, dtype=np.int64)
    over_rows(loops.spread_loop, [amount, flat, ints(dpd, size)], [late_after(rule), orders], [paid, left_over])
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


def too_large(*factors: Any) -> "Flags":
    """For each row whether the product of the magnitudes reaches 2^61: half of what fits, for what is added to it."""
    import numpy as np

    product: Any = 1.0
    for factor in factors:
        product = product * np.abs(np.asarray(factor, dtype=np.float64))
    return np.asarray(product >= 2.0**61)


def reduced(rates: "Ints", scale: int) -> tuple["Ints", int]:
    """Rates in 1/scale, both divided by what they share, so that more products fit."""
    import numpy as np

    shared = gcd(scale, int(np.gcd.reduce(rates))) if len(rates) else 1
    return np.ascontiguousarray(rates // shared), scale // shared


__all__ = ["accrue", "allocate", "banded", "days_past_due", "fits", "ints", "largest", "over_rows", "reduced", "threaded", "too_large"]
