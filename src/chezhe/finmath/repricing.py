"""Floating rates (LPR + points): on which days a loan is repriced, and at what rate (中国人民银行公告〔2019〕第15号)."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from chezhe.finmath import days


class Cadence(StrEnum):
    """When a floating rate is looked at again."""

    YEAR_START = "year_start"  # every 1 January
    ANNIVERSARY = "anniversary"  # every year on the day of payout
    MONTHLY = "monthly"  # on the first of every month


@dataclass(frozen=True, slots=True, kw_only=True)
class Floating:
    """`base` names the reference rate, `spread_rate` is added to it (points may be negative) and never changes."""

    base: str
    spread_rate: Decimal
    cadence: Cadence

    def rate_at(self, base_rate: Decimal) -> Decimal:
        """The contract rate at this reference rate; money is never lent for less than nothing."""
        return max(Decimal(0), base_rate + self.spread_rate)

    def next_day(self, begun_on: date, after: date) -> date:
        """The first repricing day later than `after` of a loan paid out on `begun_on`."""
        if self.cadence is Cadence.YEAR_START:
            return date(after.year + 1, 1, 1)
        if self.cadence is Cadence.MONTHLY:
            return days.month_step(after, 1, 1)
        years = range(max(1, after.year - begun_on.year), after.year - begun_on.year + 2)
        return next(day for day in (days.month_step(begun_on, 12 * year, begun_on.day) for year in years) if day > after)
