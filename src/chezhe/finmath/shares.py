"""Interest of a group of loans, exactly: every loan's part in it is two whole numbers, and parts add up.

`accrual` says what one line has earned, rounded; the group's total is rounded once, so it differs from the sum of the
rounded loans by less than half a fen each, and that difference can be named.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from functools import cache

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


def share(line: AccruingLine | None, *, as_of: date, before_fen: int) -> Share:
    """The share of a loan whose `line` is running on `as_of`; `before_fen` is what it earned before that line.

    It holds from `as_of` until the line ends or is fully earned (`full_on`), whichever comes first. Without a running
    line nothing more is earned.
    """
    if line is None:
        return Share(day_count=DayCount.ACT_365, denominator=1, weight=0, origin=-before_fen)
    day_count, weight, denominator = _speed(line)
    full = full_on(line)
    if full is not None and as_of >= full:
        return Share(day_count=day_count, denominator=denominator, weight=0, origin=-(before_fen + line.interest_fen) * denominator)
    origin = weight * day_units(line.from_date, day_count) - before_fen * denominator
    return Share(day_count=day_count, denominator=denominator, weight=weight, origin=origin)


def full_on(line: AccruingLine) -> date | None:
    """The first day before the due date by which the line has earned all its interest; None for most.

    On 30/360 a month from 28 February to 31 March has 32 days of which only 30 earn.
    """
    day_count, weight, denominator = _speed(line)
    start, full = day_units(line.from_date, day_count), None
    for back in range(1, (line.due_date - line.from_date).days if weight else 0):
        day = line.due_date - timedelta(days=back)
        if weight * (day_units(day, day_count) - start) < line.interest_fen * denominator:
            break
        full = day
    return full


def _speed(line: AccruingLine) -> tuple[DayCount, int, int]:
    """Basis, weight and denominator: what a unit of the basis adds."""
    if line.annual_rate is None:
        return DayCount.ACT_365, line.interest_fen, max(1, (line.due_date - line.from_date).days)
    return line.day_count, line.balance_fen * _rate_units(line.annual_rate), level.RATE_SCALE * days.BASES[line.day_count]


@cache
def _rate_units(rate: Decimal) -> int:
    return level.rate_units(rate)


def to_post(earned: Fraction, posted_fen: int) -> int:
    """Fen to post so that what was posted is the exact total rounded half up; what stays is under half a fen."""
    return kernels.round_half_up(earned.numerator, earned.denominator) - posted_fen
