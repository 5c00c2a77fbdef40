"""Calendar months of a statement."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from statistics import median
from typing import Final

from chezhe.risk.facts.flows.lines import Line

Month = tuple[int, int]
QUARTER_MONTHS: Final = (3, 6, 9, 12)


@dataclass(frozen=True, slots=True)
class MonthSum:
    """What came in and went out in one month, in fen."""

    month: Month
    inflow: int
    outflow: int


def month_of(on: date) -> Month:
    """The calendar month of a day."""
    return on.year, on.month


def whole_months(from_on: date, to_on: date) -> list[Month]:
    """The months that lie in the period from their first day to their last."""
    found, at = [], date(from_on.year, from_on.month, 1)
    while at <= to_on:
        last = date(at.year, at.month, monthrange(at.year, at.month)[1])
        if at >= from_on and last <= to_on:
            found.append(month_of(at))
        at = last + timedelta(days=1)
    return found


def sums(lines: Iterable[Line], months: Iterable[Month]) -> list[MonthSum]:
    """Inflow and outflow of each month, those without any movement included."""
    found: dict[Month, list[int]] = {month: [0, 0] for month in months}
    for line in lines:
        if (of := found.get(month_of(line.day))) is not None:
            of[line.amount < 0] += abs(line.amount)
    return [MonthSum(month, inflow, outflow) for month, (inflow, outflow) in found.items()]


def average(total: int, months: int) -> int:
    """Fen a month, rounded down; nothing over no month."""
    return total // months if months else 0


def middle(values: Iterable[int]) -> int:
    """The median in whole fen."""
    return int(median(values))


def by_month(lines: Iterable[Line]) -> Mapping[Month, list[Line]]:
    """The lines of each month that has any."""
    found: dict[Month, list[Line]] = {}
    for line in lines:
        found.setdefault(month_of(line.day), []).append(line)
    return found
