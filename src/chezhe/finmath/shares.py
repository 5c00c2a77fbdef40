"""Interest of a group of loans, exactly: every loan's part in it is two whole numbers, and parts add up.

`accrual` says what one line has earned, rounded; the group's total is rounded once, so it differs from the sum of the
rounded loans by less than half a fen each, and that difference can be named.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from functools import cache
from typing import Any

from chezhe.finmath import days, kernels, level
from chezhe.finmath.accrual import AccruingLine
from chezhe.finmath.terms import DayCount

EPOCH = date(1, 1, 1)


@cache
def day_units(day: date, day_count: DayCount) -> int:
    """The day as a running number of the basis: the length of any [a, b) is `day_units(b) − day_units(a)`."""
    return days.units_between(EPOCH, day, day_count)


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """A loan's part in the accrual of its group: up to day t it has earned (weight × units(t) − origin) / denominator fen,
    without rounding. Shares on one `day_count` and `denominator` add up, so a group of any size is two whole numbers."""

    day_count: DayCount
    denominator: int
    weight: int
    origin: int

    def earned(self, on: date) -> Fraction:
        """Fen earned up to `on` (that day not counted)."""
        return Fraction(self.weight * day_units(on, self.day_count) - self.origin, self.denominator)


def basis_of(day_count: DayCount, *, is_flat: bool) -> DayCount:
    """By which units a line earns: a flat charge in equal steps by actual days, else by its day count."""
    return DayCount.ACT_365 if is_flat else day_count


@cache
def scale_of(basis: DayCount) -> int:
    """What a balance × rate (10^-10) × units of the basis is divided by to be fen."""
    return level.RATE_SCALE * days.BASES[basis]


def speed(is_flat: Any, balance_fen: Any, interest_fen: Any, rate: Any, length: Any, scale: Any) -> tuple[Any, Any, Any]:
    """Amount, rate and denominator with which a line earns: every unit of its basis adds amount × rate / denominator fen.

    A flat charge is earned in equal steps over the `length` of its days, anything else by its balance and its `rate` (10^-10) over the
    `scale` of its basis. No line is a flat one without interest. Of one loan (`is_flat` 1 or 0), or of columns of 64 bits.
    """
    is_rated = 1 - is_flat
    days_long = length + (length < 1)
    return is_flat * interest_fen + is_rated * balance_fen, is_flat + is_rated * rate, is_flat * days_long + is_rated * scale


def part_of(amount: Any, rate: Any, denominator: Any, start: Any, before_fen: Any) -> tuple[Any, Any]:
    """Weight and origin (see `Share`) of a loan whose line earns at that `speed` from the running number `start` of its basis, after
    `before_fen`. Of one loan, or of columns without a limit of size."""
    weight = amount * rate
    return weight, weight * start - before_fen * denominator


def has_earned(weight: Any, units: Any, interest_fen: Any, denominator: Any) -> Any:
    """Whether a line that earns anything has earned all its interest after so many units. Of one loan, or of columns without a limit."""
    return (weight > 0) & (weight * units >= interest_fen * denominator)


def share(line: AccruingLine | None, *, as_of: date, before_fen: int) -> Share:
    """The share of a loan whose `line` is running on `as_of`; `before_fen` is what it earned before that line.

    It holds from `as_of` until the line ends or is fully earned (`full_on`), whichever comes first. Without a running
    line nothing more is earned.
    """
    basis, start, (amount, rate, denominator) = _speed(line)
    full = full_on(line) if line else None
    if line is not None and full is not None and as_of >= full:
        amount, before_fen = 0, before_fen + line.interest_fen
    weight, origin = part_of(amount, rate, denominator, start, before_fen)
    return Share(day_count=basis, denominator=denominator, weight=weight, origin=origin)


def full_on(line: AccruingLine) -> date | None:
    """The first day before the due date by which the line has earned all its interest; None for most.

    On 30/360 a month from 28 February to 31 March has 32 days of which only 30 earn.
    """
    basis, start, (amount, rate, denominator) = _speed(line)
    (weight, _origin), full = part_of(amount, rate, denominator, start, 0), None
    for back in range(1, (line.due_date - line.from_date).days):
        day = line.due_date - timedelta(days=back)
        if not has_earned(weight, day_units(day, basis) - start, line.interest_fen, denominator):
            break
        full = day
    return full


def _speed(line: AccruingLine | None) -> tuple[DayCount, int, tuple[int, int, int]]:
    """Basis, its running number at the start of the line, and `speed`."""
    if line is None:
        return basis_of(DayCount.ACT_365, is_flat=True), 0, speed(1, 0, 0, 0, 0, 1)
    is_flat = line.annual_rate is None
    basis, rate = basis_of(line.day_count, is_flat=is_flat), 0 if line.annual_rate is None else _rate_units(line.annual_rate)
    length = (line.due_date - line.from_date).days
    found = speed(int(is_flat), line.balance_fen, line.interest_fen, rate, length, scale_of(basis))
    return basis, day_units(line.from_date, basis), found


@cache
def _rate_units(rate: Decimal) -> int:
    return level.rate_units(rate)


def to_post(earned: Fraction, posted_fen: int) -> int:
    """Fen to post so that what was posted is the exact total rounded half up; what stays is under half a fen."""
    return kernels.round_half_up(earned.numerator, earned.denominator) - posted_fen
