"""Schedules of many loans at once, identical to `schedule.build` to the fen.

One batch is one product: method, day count, stub rule and steps are shared; everything else is a column.
"""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from math import gcd
from typing import TYPE_CHECKING, Any

from chezhe.finmath import days, lanes, loops, plan, schedule
from chezhe.finmath.checks import INSTALMENT_METHODS
from chezhe.finmath.compiled import load
from chezhe.finmath.level import RATE_SCALE
from chezhe.finmath.terms import DayCount, Deposit, DepositRefund, FeeTerms, FeeWhen, Method, QuoteTerms, Step, Stub, TermsError
from chezhe.finmath.vector import fits, ints, largest, over_rows, threaded

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Ints = NDArray[np.int64]

PRINCIPAL_FITS = 2**40
NUMERATOR_FITS = 2**38
DENOMINATOR_FITS = 2**42
WEIGHT_FITS = 2**34
_PLAIN_CODES = {
    Method.EQUAL_PRINCIPAL: loops.EQUAL_PRINCIPAL,
    Method.INTEREST_ONLY_BULLET: loops.INTEREST_ONLY,
    Method.BULLET: loops.BULLET,
    Method.FLAT_EQUAL: loops.FLAT,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    """Loans of one product as columns (a single number stands for all).

    `rate_units` is the yearly rate in 10^-10; for flat_equal the flat rate, a month's unless `flat_is_annual`.
    Without `starts` every period is a whole month (30/360 only). `starts` and `first_dues` are day numbers,
    `anchor_days` the due day kept. Fees and the deposit change no line: `vector_quotes` counts them.
    """

    method: Method
    principal_fen: Any
    periods: Any
    rate_units: Any
    instalment_fen: Any = 0
    balloon_fen: Any = 0
    flat_is_annual: bool = False
    steps: tuple[Step, ...] = ()
    day_count: DayCount = DayCount.THIRTY_360
    stub: Stub | None = None
    starts: Any = None
    first_dues: Any = None
    anchor_days: Any = None
    upfront_fee_fen: Any = 0
    monthly_fee_fen: Any = 0
    deposit_fen: Any = 0
    deposit_refund: DepositRefund = DepositRefund.LAST_RENT


@dataclass(frozen=True, slots=True, kw_only=True)
class ScheduleArrays:
    """Row i is loan i; columns beyond `periods[i]` are 0. `refused[i]` marks an instalment that never repays (its
    row is 0). A bullet's only line stands in its last month's column. `due_ordinals` is None without dates."""

    principal_fen: "Ints"
    interest_fen: "Ints"
    instalment_fen: "Ints"
    periods: "Ints"
    refused: "NDArray[np.bool_]"
    due_ordinals: "Ints | None"


def schedules(batch: Batch, into: ScheduleArrays | None = None) -> ScheduleArrays:
    """Every loan's schedule; a loan whose single quote would be refused for its amounts is `refused`.

    Raises ValueError for columns that make no sense, OverflowError never.

    `into`, an earlier answer for as many loans and lines, lends its two big arrays to be overwritten: touching
    fresh memory costs as much as the arithmetic.
    """
    import numpy as np

    columns = Columns(batch)
    width = int(columns.periods.max()) if columns.size else 0
    columns.lay_out_dates(width)
    if into is not None and into.principal_fen.shape == (columns.size, width):
        principals, interests = into.principal_fen, into.interest_fen
        if int(columns.periods.min()) < width or batch.method in INSTALMENT_METHODS and columns.given.any():
            principals[:], interests[:] = 0, 0
    else:
        principals = np.zeros((columns.size, width), dtype=np.int64)
        interests = np.zeros((columns.size, width), dtype=np.int64)
    status = columns.fitting()
    columns.run(width, principals, interests, status)
    for row in np.flatnonzero(status == loops.DECIDE_EXACTLY):
        status[row] = _fill_one(columns, int(row), principals, interests)
    refused = status == loops.REFUSED
    principals[refused] = 0
    interests[refused] = 0
    return ScheduleArrays(
        principal_fen=principals,
        interest_fen=interests,
        instalment_fen=columns.instalment,
        periods=columns.periods,
        refused=refused,
        due_ordinals=columns.dues,
    )


def terms_of(batch: Batch, row: int) -> QuoteTerms:
    """Loan `row` of a batch as the terms of a single quote."""
    return Columns(batch).terms(row)


class Columns:
    """The batch as int64 arrays over one reduced denominator. After `lay_out_dates`, period k of loan i is
    `units[i or 0, k]`/`base` years, and an irregular first one is marked in `is_stub`."""

    def __init__(self, batch: Batch) -> None:
        self.batch = batch
        self.size = size = len(batch.principal_fen)
        self.principal = ints(batch.principal_fen, size)
        self.periods = ints(batch.periods, size).copy()
        self.given = ints(batch.instalment_fen, size)
        self.instalment = self.given.copy()
        self.balloon = ints(batch.balloon_fen, size)
        self.rate_units = ints(batch.rate_units, size)
        self.upfront_fee = ints(batch.upfront_fee_fen, size)
        self.monthly_fee = ints(batch.monthly_fee_fen, size)
        self.deposit = ints(batch.deposit_fen, size)
        self.asked = self.periods.copy()
        self.advance = 1 if batch.method is Method.RENT_IN_ADVANCE else 0
        self.is_stub = ints(0, size).copy()
        self.dues: Any = None
        self._check()

    def _check(self) -> None:
        if self.size and (self.principal.min() <= 0 or self.periods.min() < 1 or self.rate_units.min() < 0):
            raise ValueError("principals and periods must be positive, rates not negative")
        if self.size and min(self.upfront_fee.min(), self.monthly_fee.min(), self.deposit.min()) < 0:
            raise ValueError("fees and deposits must not be negative")
        if self.batch.starts is None and self.batch.day_count is not DayCount.THIRTY_360:
            raise ValueError("an actual day count needs the start dates")
        if self.batch.first_dues is not None and self.advance:
            raise ValueError("a rent in advance is first due on its start date")
        if (self.given > 0).any() and self.batch.method not in INSTALMENT_METHODS:
            raise ValueError("an instalment can be given only for equal_instalment and rent_in_advance")

    def lay_out_dates(self, width: int) -> None:
        """Due dates and period units, over one base; without dates one row of whole months serves every loan."""
        import numpy as np

        batch = self.batch
        stub_basis = batch.stub.basis if batch.stub else batch.day_count
        own, stub = days.BASES[batch.day_count], days.BASES[stub_basis]
        self.base = np.lcm.reduce([12, own, stub]).item()
        self.month_unit = self.base // 12
        if batch.starts is None:
            self.units = np.full((1, width), self.month_unit, dtype=np.int64)
            self.units[0, : self.advance] = 0
        else:
            self._date_loops(width, stub_basis, self.base // own, self.base // stub)
        shared = gcd(self.base, self.month_unit, int(np.gcd.reduce(self.units, axis=None)) if self.units.size else 0)
        self.units //= shared
        self.month_unit //= shared
        self.base //= shared

    def _date_loops(self, width: int, stub_basis: DayCount, scale: int, stub_scale: int) -> None:
        import numpy as np

        batch, compiled = self.batch, load()
        starts = ints(batch.starts, self.size)
        anchors = ints(batch.anchor_days, self.size) if batch.anchor_days is not None else _days_of(starts)
        if batch.first_dues is not None:
            first_dues = ints(batch.first_dues, self.size)
        else:
            first_dues = _after(starts, anchors, (batch.stub.skip_below_days if batch.stub else None) or 0)
        self.starts, self.anchors, self.first_dues = starts, anchors, first_dues
        self.dues = dues = np.zeros((self.size, width), dtype=np.int64)
        self.units = units = np.zeros((self.size, width), dtype=np.int64)
        code, stub_code = days.KERNEL_CODES[batch.day_count], days.KERNEL_CODES[stub_basis]

        def work(low: int, high: int) -> None:
            compiled.due_loop(low, high, starts, first_dues, anchors, self.advance, self.periods, dues)
            compiled.units_loop(
                low,
                high,
                starts,
                anchors,
                self.advance,
                code,
                scale,
                stub_code,
                stub_scale,
                self.periods,
                dues,
                units,
                self.is_stub,
            )

        threaded(self.size, work)

    def fitting(self) -> "Ints":
        """Reduce rates over the batch, and mark the loans whose products leave 62 bits for the plain functions."""
        import numpy as np

        scale = RATE_SCALE * (12 if self.batch.flat_is_annual else 1)
        shared = gcd(scale, int(np.gcd.reduce(self.rate_units))) if self.size else 1
        self.rate = self.rate_units // shared
        flat = self.batch.method is Method.FLAT_EQUAL
        self.denominator = scale // shared * (1 if flat else self.base)
        unit = 1 if flat else max(int(self.units.max()), self.month_unit) if self.units.size else 1
        if self.batch.method is Method.BULLET:
            unit *= max(int(self.periods.max()), 1) if self.size else 1
        _, weight_scale = self.weights()
        heaviest = int(max(self.weights()[0], default=1))
        status = np.zeros(self.size, dtype=np.int64)
        too_fine = self.denominator >= DENOMINATOR_FITS or heaviest >= WEIGHT_FITS
        if too_fine or not fits(largest(self.principal), 4 * heaviest):
            status[:] = loops.DECIDE_EXACTLY
        limit = np.minimum(PRINCIPAL_FITS, (2**61) // np.maximum(self.rate * unit, 1))
        status[(self.principal >= limit) | (self.rate * unit >= NUMERATOR_FITS)] = loops.DECIDE_EXACTLY
        status[self._doubtful()] = loops.DECIDE_EXACTLY
        return status

    def _doubtful(self) -> Any:
        """Loans that a single quote refuses, perhaps: a balloon not below the principal or none where there must be one,
        and nothing left of the principal after fees and deposit."""
        wrong = self.upfront_fee + self.deposit >= self.principal
        if self.batch.method is Method.BALLOON:
            return wrong | (self.balloon <= 0) | (self.balloon >= self.principal)
        return wrong | (self.balloon != 0)

    def weights(self) -> tuple[tuple[int, ...], int]:
        """Step weights of the longest term, and their scale."""
        return plan.step_weights(self.batch.steps, int(self.asked.max()) if self.size else 0)

    def run(self, width: int, principals: "Ints", interests: "Ints", status: "Ints") -> None:
        """Fill every loan that fits, on all processors."""
        import numpy as np

        batch, compiled = self.batch, load()
        full_level = plan.has_full_period_level(batch.stub, batch.day_count)
        # Whole months of 30/360 are what the instalment is solved on; only actual days need both sets of factors.
        two_levels = full_level and batch.day_count is not DayCount.THIRTY_360
        steps, weight_scale = self.weights()
        weights = np.array(steps, dtype=np.int64)
        is_shared = len(self.units) == 1 and weight_scale == 1 and not self.given.any()
        are_plain = is_shared and batch.method in plan.LEVEL_METHODS

        def work(low: int, high: int) -> None:
            scratch = np.empty(width, dtype=np.int64)
            if are_plain:
                self._side_by_side(low, high, width, weights, principals, interests, status)
            if batch.method in plan.LEVEL_METHODS:
                compiled.level_loop(
                    low, high, self.principal, self.rate, self.denominator, self.units, self.month_unit, full_level, two_levels,
                    self.advance, self.is_stub, weights, weight_scale, self.balloon, self.instalment, self.periods,
                    scratch, np.empty(width, dtype=np.int64), principals, interests, status,
                )  # fmt: skip
            else:
                compiled.plain_loop(
                    low, high, _PLAIN_CODES[batch.method], self.principal, self.rate, self.denominator, self.units,
                    self.periods, scratch, principals, interests, status,
                )  # fmt: skip

        threaded(self.size, work)

    def _side_by_side(
        self, low: int, high: int, width: int, weights: "Ints", principals: "Ints", interests: "Ints", status: "Ints"
    ) -> None:
        """Level plans over the same periods, many at once; what is not plain stays for the loop over single loans."""
        import numpy as np

        whole, real = np.empty(lanes.WHOLE, dtype=np.int64), np.empty(lanes.REAL, dtype=np.float64)
        parts, charges = np.empty((2, width, lanes.LANES), dtype=np.int64)
        load().level_lanes(
            low, high, lanes.LANES, self.principal, self.rate, self.denominator, self.units, weights, self.balloon,
            self.instalment, self.periods, whole, real, parts, charges, principals, interests, status,
        )  # fmt: skip

    def terms(self, row: int) -> QuoteTerms:
        """Loan `row` as the terms of a single quote."""
        batch, flat = self.batch, self.batch.method is Method.FLAT_EQUAL
        rate = Decimal(int(self.rate_units[row])).scaleb(-10)
        dated = batch.starts is not None
        if dated and not hasattr(self, "starts"):
            self.lay_out_dates(int(self.periods.max()))
        advance = batch.method is Method.RENT_IN_ADVANCE
        return QuoteTerms(
            principal_fen=int(self.principal[row]),
            method=batch.method,
            start_date=date.fromordinal(int(self.starts[row])) if dated else date(2000, 1, 15),
            annual_rate=None if flat else rate,
            periods=int(self.asked[row]),
            first_due_date=date.fromordinal(int(self.first_dues[row])) if dated and not advance else None,
            due_day=int(self.anchors[row]) if dated else None,
            day_count=batch.day_count,
            instalment_fen=int(self.given[row]) or None,
            balloon_fen=int(self.balloon[row]) or None,
            steps=batch.steps,
            flat_monthly_rate=rate if flat and not batch.flat_is_annual else None,
            flat_annual_rate=rate if flat and batch.flat_is_annual else None,
            stub=batch.stub,
            deposit=Deposit(amount_fen=int(self.deposit[row]), refund=batch.deposit_refund) if self.deposit[row] else None,
            fees=(
                FeeTerms(code="upfront", amount_fen=int(self.upfront_fee[row]), when=FeeWhen.UPFRONT),
                FeeTerms(code="monthly", amount_fen=int(self.monthly_fee[row]), when=FeeWhen.MONTHLY),
            ),
        )


def _fill_one(columns: Columns, row: int, principals: "Ints", interests: "Ints") -> int:
    try:
        laid_out = plan.lay_out(columns.terms(row))
        parts, charges = schedule.fill(laid_out)
    except TermsError:
        return loops.REFUSED
    principals[row, : len(parts)] = parts
    interests[row, : len(charges)] = charges
    columns.instalment[row] = laid_out.instalment_fen
    columns.periods[row] = len(parts)
    return loops.DONE


def _days_of(ordinals: "Ints") -> "Ints":
    found = ints(0, len(ordinals)).copy()
    over_rows(loops.start_loop, [ordinals], [], [found])
    return found


def _after(starts: "Ints", anchors: "Ints", skip_below: int) -> "Ints":
    found = ints(0, len(starts)).copy()
    over_rows(loops.first_due_loop, [starts, anchors], [skip_below], [found])
    return found
