"""Interest as it is earned day by day (计提): derived for any date, never added up from rounded days.

Inside a line, accrued interest is the half-up of the running total, so its daily differences add up to the line.
For groups of loans the exact remainder is carried from run to run (DOMAIN §3, accrual rules).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from chezhe.finmath import days, kernels, level, life_kernels
from chezhe.finmath.terms import DayCount


@dataclass(frozen=True, slots=True, kw_only=True)
class AccruingLine:
    """One schedule line as it runs: [from_date, due_date), the principal it bears interest on, and its interest.

    `annual_rate` None marks a flat charge, earned in equal steps by actual days. `day_count` is the line's own basis
    (an irregular first line may have another one than the rest).
    """

    from_date: date
    due_date: date
    balance_fen: int
    interest_fen: int
    annual_rate: Decimal | None
    day_count: DayCount = DayCount.THIRTY_360


def accrued_fen(line: AccruingLine, as_of: date) -> int:
    """Interest earned from the line's start up to `as_of` (that day not counted), in fen; all of it from the due date.

    30/360 counts 30E days and never exceeds the line's interest.
    """
    return life_kernels.accrued(*numbers_of(line), as_of.toordinal())


def numbers_of(line: AccruingLine) -> tuple[int, int, int, int, int, int, int, int]:
    """The line as the kernels take it: from, due, balance, interest, rate and its denominator, is flat, day count."""
    is_flat = line.annual_rate is None
    rate = level.rate_units(line.annual_rate) if line.annual_rate is not None else 0
    denominator, code = level.RATE_SCALE * days.BASES[line.day_count], days.KERNEL_CODES[line.day_count]
    dates = line.from_date.toordinal(), line.due_date.toordinal()
    return *dates, line.balance_fen, line.interest_fen, rate, denominator, int(is_flat), code


def earned_between_fen(line: AccruingLine, from_date: date, to_date: date) -> int:
    """What a posting for [from_date, to_date) adds: the difference of two running totals, in fen."""
    return accrued_fen(line, to_date) - accrued_fen(line, from_date)


def interest_fen(balance_fen: int, annual_rate: Decimal, from_date: date, to_date: date, day_count: DayCount) -> int:
    """Simple interest for [from_date, to_date), half up to the fen, by days of the basis."""
    units = days.units_between(from_date, to_date, day_count)
    return kernels.round_half_up(balance_fen * level.rate_units(annual_rate) * units, level.RATE_SCALE * days.BASES[day_count])


@dataclass(frozen=True, slots=True, kw_only=True)
class RunningAccrual:
    """A running total with exact carry: `recognised_fen` posted so far, `carry`/`denominator` fen still hanging.

    The carry stays within half a fen either way, so the posted sum is always the exact total rounded half up.
    """

    day_count: DayCount
    recognised_fen: int = 0
    carry: int = 0

    @property
    def denominator(self) -> int:
        """Units of the carry: 1/denominator fen."""
        return level.RATE_SCALE * days.BASES[self.day_count]


def weighted_balance(loans: Sequence[tuple[int, Decimal]]) -> int:
    """Σ balance (fen) × rate (10^-10) of loans on one day count: what a group earns in one year, scaled, exactly."""
    return sum(balance * level.rate_units(rate) for balance, rate in loans)


def advance(running: RunningAccrual, weighted: int, from_date: date, to_date: date) -> tuple[int, RunningAccrual]:
    """Fen to post for [from_date, to_date) at constant `weighted` balance (see `weighted_balance`), and the new state.

    Splitting the stretch into days, in any way, posts the same sum.
    """
    units = days.units_between(from_date, to_date, running.day_count)
    posted, carry = kernels.accrue(running.carry, weighted, units, running.denominator)
    after = RunningAccrual(day_count=running.day_count, recognised_fen=running.recognised_fen + posted, carry=carry)
    return posted, after
