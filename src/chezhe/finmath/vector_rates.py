"""Rates of many loans' cash flows: the proposals of `rates`, compiled. Floats, as good as a float can be (about 1e-12).

A row has a rate under the very rules of `rates`, else NaN: where none or several exist, or the rate is beyond all sense.
"""

from fractions import Fraction
from typing import TYPE_CHECKING, Any

from chezhe.finmath import lanes, rate_kernels, rates
from chezhe.finmath.compiled import load
from chezhe.finmath.vector import ints, threaded

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Ints = NDArray[np.int64]
    Floats = NDArray[np.float64]

DAYS_A_YEAR = 365


def monthly_irr(flows_fen: "Ints", counts: "Ints | None" = None, *, costs_money: bool = False) -> "Floats":
    """The rate per period of each row of evenly spaced flows (loans × flows, fen, the first at time 0).

    `counts[i]` is how many columns row i uses (all by default); `costs_money` as in `rates.solve`. Rows whose sign
    changes other than once are solved as dated ones.
    """
    import numpy as np

    flows, used = _rows(flows_fen, counts)
    factors = np.empty(len(flows), dtype=np.float64)
    compiled = load()

    def work(low: int, high: int) -> None:
        whole, real = np.empty(lanes.WHOLE, dtype=np.int64), np.empty(lanes.REAL, dtype=np.float64)
        amounts = np.empty((flows.shape[1], lanes.LANES), dtype=np.float64)
        low = compiled.irr_lanes(low, high, lanes.LANES, flows, used, whole, real, amounts, factors)
        compiled.irr_loop(low, high, flows, used, factors)

    threaded(len(flows), work)
    with np.errstate(divide="ignore"):
        found = _sensible(1.0 / factors - 1.0)
    odd = np.flatnonzero(np.isnan(factors))
    times = np.ascontiguousarray(np.broadcast_to(np.arange(flows.shape[1]), (len(odd), flows.shape[1])))
    found[odd] = timed_rates(times, flows[odd], used[odd], unit=1, costs_money=costs_money)
    return found


def dated_rates(days: "Ints", flows_fen: "Ints", counts: "Ints | None" = None, *, costs_money: bool = False) -> "Floats":
    """XIRR of each row: a yearly rate on ACT/365 of `flows_fen` (loans × flows) on `days` (day numbers, any order)."""
    import numpy as np

    flows, used = _rows(flows_fen, counts)
    on = np.ascontiguousarray(days, dtype=np.int64)
    if on.shape != flows.shape:
        raise ValueError("every flow needs its day")
    unused = np.arange(flows.shape[1]) >= used[:, None]
    if (np.diff(on, axis=1) < 0)[~unused[:, 1:]].any():
        order = np.argsort(np.where(unused, np.iinfo(np.int64).max, on), axis=1, kind="stable")
        on, flows = np.take_along_axis(on, order, axis=1), np.take_along_axis(flows, order, axis=1)
    return timed_rates(on, flows, used, unit=DAYS_A_YEAR, costs_money=costs_money)


def timed_rates(times: "Ints", flows_fen: "Ints", counts: "Ints | None" = None, *, unit: int, costs_money: bool) -> "Floats":
    """The rate per `unit` of ascending whole `times`. Rows the kernel is not sure of are solved by `rates.solve`, one by one."""
    import numpy as np

    flows, used = _rows(flows_fen, counts)
    forces = np.empty(len(flows), dtype=np.float64)
    force_loop = load().force_loop
    threaded(len(flows), lambda low, high: force_loop(low, high, times, flows, used, unit, costs_money, forces))
    found = _sensible(np.expm1(-forces))
    for row in np.flatnonzero(np.isnan(forces)):
        moments = [Fraction(time, unit) for time in times[row, : used[row]].tolist()]
        rate, _ = rates.solve(moments, flows[row, : used[row]].tolist(), costs_money=costs_money)
        found[row] = np.nan if rate is None else float(rate)
    return found


def annualised(periodic: "Floats", per_year: int = 12) -> tuple["Floats", "Floats"]:
    """Simple (× per_year) and compound ((1 + rate)^per_year − 1) forms of periodic rates; NaN where there is none."""
    import numpy as np

    with np.errstate(over="ignore"):
        yearly = rate_kernels.compound_rate(periodic, per_year)
    return periodic * per_year, np.where(yearly < float(rates.RATE_MAX), yearly, np.nan)


def _sensible(found: "Floats") -> "Floats":
    import numpy as np

    return np.where((found > -1.0) & (found < float(rates.RATE_MAX)), found, np.nan)


def _rows(flows_fen: Any, counts: Any) -> tuple["Ints", "Ints"]:
    import numpy as np

    flows = np.ascontiguousarray(flows_fen, dtype=np.int64)
    size, width = flows.shape
    return flows, ints(width if counts is None else counts, size)
