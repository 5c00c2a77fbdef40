"""A night and a morning for arrays of loans: the rules of `daily_kernels`, compiled where there are enough of them."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from chezhe.finmath import daily_kernels
from chezhe.finmath.compiled import load
from chezhe.finmath.daily_kernels import HAPPENED_COLUMNS, LINE_COLUMNS, STATE_COLUMNS

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Ints = NDArray[Any]

# So many loans are done sooner by the plain functions than the compiler is loaded.
FEW = 100


def day_steps(states: "Ints", lines: "Ints", to: int, marks: Sequence[int]) -> tuple["Ints", "Ints"]:
    """Bring every loan to the morning of the ordinal `to`, changing `states` in place.

    Returns what happened (loans × HAPPENED_COLUMNS) and a code a loan: DONE, or BEYOND where the state is not to be used.
    Raises ValueError for arrays of another shape.
    """
    import numpy as np

    size = len(states)
    if states.shape != (size, STATE_COLUMNS) or lines.shape != (size, LINE_COLUMNS) or states.dtype != np.int64:
        raise ValueError("states and lines are int64 rows in the columns of daily_kernels")
    happened, codes = np.zeros((size, HAPPENED_COLUMNS), dtype=np.int64), np.zeros(size, dtype=np.int64)
    rows = np.ascontiguousarray(lines, dtype=np.int64)
    day_loop = daily_kernels.day_loop if size <= FEW else load().day_loop
    day_loop(0, size, states, rows, happened, to, np.array(marks, dtype=np.int64), codes)
    return happened, codes


def next_mornings(states: "Ints", dues: "Ints", fulls: "Ints", marks: Sequence[int]) -> "Ints":
    """The first morning after it stands on which something will have happened to each loan (`daily_kernels.next_morning`), 0 for
    none: `dues` are the due days of the next lines, `fulls` the days on which those have earned everything, 0 for none of either."""
    import numpy as np

    size = len(states)
    mornings = np.zeros(size, dtype=np.int64)
    rows, dues, fulls = (np.ascontiguousarray(columns, dtype=np.int64) for columns in (states, dues, fulls))
    morning_loop = daily_kernels.morning_loop if size <= FEW else load().morning_loop
    morning_loop(0, size, rows, dues, fulls, np.array(marks, dtype=np.int64), mornings)
    return mornings
