"""Interest days and due dates (DOMAIN §3): the start day counts, the end day does not; a period is [from, to)."""

from dataclasses import dataclass
from datetime import date

from chezhe.finmath import calendar_kernels as kernels
from chezhe.finmath.terms import DayCount

BASES = {DayCount.THIRTY_360: 360, DayCount.ACT_360: 360, DayCount.ACT_365: 365, DayCount.ACT_ACT: 365 * 366}
KERNEL_CODES = {
    DayCount.THIRTY_360: kernels.THIRTY_360,
    DayCount.ACT_360: kernels.ACTUAL,
    DayCount.ACT_365: kernels.ACTUAL,
    DayCount.ACT_ACT: kernels.ACT_ACT,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Period:
    """One interest period [from_date, to_date) and its length `units`/`base` in years.

    `is_whole` marks a whole month between anchored due dates: on 30/360 it is annual/12, even 31 Jan → 28 Feb.
    """

    from_date: date
    to_date: date
    units: int
    base: int
    is_whole: bool


def units_between(from_date: date, to_date: date, day_count: DayCount) -> int:
    """Length of [from_date, to_date) in units of 1/BASES[day_count] year."""
    return kernels.units_between(from_date.toordinal(), to_date.toordinal(), KERNEL_CODES[day_count])


def month_step(start: date, months: int, anchor_day: int) -> date:
    """`months` after the month of `start`, on the anchor day clipped to the month's end (the anchor is kept)."""
    return date.fromordinal(kernels.step_months(start.toordinal(), months, anchor_day))


def first_due(start: date, due_day: int, skip_below_days: int = 0) -> date:
    """The first date after `start` on `due_day` (clipped to month end); a month later where a start on another day leaves
    fewer than `skip_below_days` before it."""
    return date.fromordinal(kernels.first_due(start.toordinal(), due_day, skip_below_days))


def is_whole_month(from_date: date, to_date: date, anchor_day: int) -> bool:
    """Whether [from_date, to_date) is a month between two due days of the anchor."""
    return kernels.is_whole_month(from_date.toordinal(), to_date.toordinal(), anchor_day) == 1


def due_dates(first_due: date, anchor_day: int, count: int) -> list[date]:
    """`count` due dates a month apart from `first_due`, month ends keeping their anchor."""
    return [first_due] + [month_step(first_due, k, anchor_day) for k in range(1, count)]


def period(from_date: date, to_date: date, day_count: DayCount, *, is_whole: bool) -> Period:
    """A period with its length; a whole month counts 30 of 360 on 30/360."""
    code = KERNEL_CODES[day_count]
    units = kernels.line_units(from_date.toordinal(), to_date.toordinal(), int(is_whole), code, 1, code, 1)
    return Period(from_date=from_date, to_date=to_date, units=units, base=BASES[day_count], is_whole=is_whole)


def periods_between(
    start: date, dues: list[date], anchor_day: int, day_count: DayCount, stub_basis: DayCount | None = None
) -> list[Period]:
    """The periods from `start` through every due date; an irregular first one counts on `stub_basis` if given."""
    first_is_whole = is_whole_month(start, dues[0], anchor_day)
    first_basis = day_count if first_is_whole or stub_basis is None else stub_basis
    periods = [period(start, dues[0], first_basis, is_whole=first_is_whole)]
    for before, due in zip(dues, dues[1:], strict=False):
        periods.append(period(before, due, day_count, is_whole=True))
    return periods
