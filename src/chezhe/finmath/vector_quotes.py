"""Fees, subsidies and yearly costs of many plans at once: what `quote` says of one, for the arrays of `vector_schedules`."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from chezhe.finmath import life_kernels, life_loops
from chezhe.finmath.level import RATE_SCALE
from chezhe.finmath.terms import DepositRefund, Method
from chezhe.finmath.vector import ints, over_rows, reduced, too_large
from chezhe.finmath.vector_rates import DAYS_A_YEAR, annualised, monthly_irr, timed_rates
from chezhe.finmath.vector_schedules import Batch, Columns, ScheduleArrays

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Ints = NDArray[np.int64]
    Floats = NDArray[np.float64]


def fee_lines(batch: Batch, made: ScheduleArrays) -> "Ints":
    """The monthly fee of every line (loans × lines, fen), as in `fees.per_line`: a bullet's only line, in its last month's
    column, has those of all months. `made` is the answer of `schedules(batch)`."""
    import numpy as np

    size = len(made.periods)
    first = made.periods - 1 if batch.method is Method.BULLET else ints(0, size)
    lines = np.zeros_like(made.principal_fen)
    over_rows(life_loops.fee_loop, [ints(batch.monthly_fee_fen, size), first, made.periods], [], [lines])
    lines[made.refused] = 0
    return lines


def subsidies(batch: Batch, made: ScheduleArrays, rate_units: Any, cap_per_year_fen: Any = None) -> "Ints":
    """The subsidy of every period (loans × lines, fen), as in `subsidy.per_line`: `rate_units` a year in 10^-10 on the
    opening balance, until the cap of the calendar year is used (−1 or None: there is none).

    Raises ValueError for a cap without dates: it counts by calendar years.
    """
    import numpy as np

    columns = Columns(batch)
    size, width = made.principal_fen.shape
    columns.lay_out_dates(int(columns.asked.max()) if size else 0)
    cap = ints(life_kernels.NO_CAP if cap_per_year_fen is None else cap_per_year_fen, size)
    dues = made.due_ordinals
    if dues is None:
        if (cap != life_kernels.NO_CAP).any():
            raise ValueError("a cap counts by calendar years: the batch needs its start dates")
        dues = np.zeros((size, width), dtype=np.int64)
    units = np.ascontiguousarray(np.broadcast_to(columns.units, (size, columns.units.shape[1])))
    rate, denominator = reduced(ints(rate_units, size), RATE_SCALE * columns.base)
    lines = np.zeros_like(made.principal_fen)
    over_rows(
        life_loops.subsidy_loop, [columns.principal, made.principal_fen, units, dues, made.periods, rate, cap], [denominator], [lines],
        scratch=[width] * 3, beyond=too_large(columns.principal, rate, units.max(axis=1, initial=0)),
    )  # fmt: skip
    lines[made.refused] = 0
    return lines


@dataclass(frozen=True, slots=True, kw_only=True)
class CostRates:
    """Yearly costs of each loan as floats, the fields of `terms.Rates`; NaN where no rate or several exist. The dated ones
    are None for a batch without dates."""

    monthly_irr: "Floats"
    simple: "Floats"
    compound: "Floats"
    xirr: "Floats | None"
    all_in_simple: "Floats"
    all_in_compound: "Floats"
    all_in_xirr: "Floats | None"


def cost_rates(batch: Batch, made: ScheduleArrays) -> CostRates:
    """What each loan costs a year without fees and all-in, on the net cash its borrower receives (`quote.rates_of`).
    `made` is the answer of `schedules(batch)`."""
    flows = _Flows(batch, made)
    monthly, xirr = flows.costs(fees=False)
    full, full_xirr = (monthly, xirr) if flows.are_free else flows.costs(fees=True)
    simple, compound = annualised(monthly)
    all_in_simple, all_in_compound = annualised(full)
    return CostRates(
        monthly_irr=monthly, simple=simple, compound=compound, xirr=xirr,
        all_in_simple=all_in_simple, all_in_compound=all_in_compound, all_in_xirr=full_xirr,
    )  # fmt: skip


class _Flows:
    """The lender's cash of each loan: column 0 at the start, then one a line; a deposit that comes back later has its own."""

    def __init__(self, batch: Batch, made: ScheduleArrays) -> None:
        self.batch, self.made = batch, made
        self.columns = Columns(batch)
        self.columns.lay_out_dates(int(self.columns.asked.max()) if self.columns.size else 0)
        self.advance = self.columns.advance
        self.has_refund = batch.deposit_refund is DepositRefund.END and self.advance == 1 and bool(self.columns.deposit.any())
        self.last = made.periods - self.advance
        self.counts = self.last + 1 + int(self.has_refund)
        self.are_free = not (self.columns.upfront_fee.any() or self.columns.monthly_fee.any())

    def amounts(self, *, fees: bool) -> "Ints":
        """Fen of every flow; the advance is negative."""
        import numpy as np

        columns, made = self.columns, self.made
        size, width = made.principal_fen.shape
        flows = np.zeros((size, width + 2), dtype=np.int64)
        lines = flows[:, 1 - self.advance : 1 - self.advance + width]
        lines += made.principal_fen + made.interest_fen
        flows[:, 0] += columns.deposit - columns.principal
        if fees:
            lines += fee_lines(self.batch, made)
            flows[:, 0] += columns.upfront_fee
        flows[np.arange(size), self.last + int(self.has_refund)] -= columns.deposit
        return flows

    def costs(self, *, fees: bool) -> tuple["Floats", "Floats | None"]:
        """The rate per month and, with dates, the yearly one."""
        import numpy as np

        flows, columns = self.amounts(fees=fees), self.columns
        monthly = np.empty(len(flows))
        odd = columns.is_stub != 0
        monthly[~odd] = monthly_irr(flows[~odd], self.counts[~odd], costs_money=True)
        monthly[odd] = timed_rates(self.months()[odd], flows[odd], self.counts[odd], unit=columns.base, costs_money=True)
        yearly = None
        if columns.dues is not None:
            yearly = timed_rates(self.days(), flows, self.counts, unit=DAYS_A_YEAR, costs_money=True)
            yearly[self.made.refused] = np.nan
        monthly[self.made.refused] = np.nan
        return monthly, yearly

    def months(self) -> "Ints":
        """When each flow falls, in 1/base months: an irregular first period counts by its own units, later ones are months."""
        import numpy as np

        columns, width = self.columns, self.made.principal_fen.shape[1] + 2
        first = np.full(columns.size, columns.base)
        if columns.units.shape[1] > self.advance:
            first = np.where(columns.is_stub != 0, 12 * columns.units[:, self.advance], columns.base)
        later = np.arange(-1, width - 1) * columns.base
        months = first[:, None] + later
        months[:, 0] = 0
        return np.ascontiguousarray(months)

    def days(self) -> "Ints":
        """The day of each flow."""
        import numpy as np

        columns, (size, width) = self.columns, self.made.principal_fen.shape
        days = np.zeros((size, width + 2), dtype=np.int64)
        days[:, 1 - self.advance : 1 - self.advance + width] = columns.dues[:, :width]
        days[:, 0] = columns.starts
        if self.has_refund:
            rows = np.arange(size)
            refunded = np.empty(size, dtype=np.int64)
            over_rows(life_loops.month_loop, [days[rows, self.last], columns.anchors], [], [refunded])
            days[rows, self.last + 1] = refunded
        return days
