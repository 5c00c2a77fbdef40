"""Is the statement what the bank printed? Balances that follow each other, and interest on the bank's own days."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Final

from chezhe.risk.facts.flows import words
from chezhe.risk.facts.flows.lines import Flow, Line, without_duplicates
from chezhe.risk.facts.flows.months import QUARTER_MONTHS

# Banks pay current accounts interest as of the 20th and credit it that day or the next; large banks paid between these rates a year
# since 2015, and twice the highest leaves room for agreed deposits.
INTEREST_DAYS: Final = (20, 21, 22)
INTEREST_RATE_MIN, INTEREST_RATE_MAX = Decimal("0.0003"), Decimal("0.0070")
_DAYS_OF_YEAR: Final = 360
# Below this (in fen) a bank may print no line at all.
_INTEREST_FELT: Final = 5


@dataclass(frozen=True, slots=True)
class Break:
    """The first line whose balance does not follow from the one before it; fen."""

    row: int
    on: date
    expected: int
    printed: int


@dataclass(frozen=True, slots=True)
class Quarter:
    """Interest of one quarter: what was credited (None: no such line) and between which sums it can lie; fen."""

    on: date
    credited: int | None
    low: int
    high: int

    @property
    def is_plausible(self) -> bool:
        return self.low <= self.credited <= self.high if self.credited is not None else self.low < _INTEREST_FELT


def cleaned(lines: Sequence[Line]) -> tuple[list[Line], list[Line]]:
    """The lines once each, and those that stand in the file twice. Where the balance runs through with them, they are no duplicates:
    a bank that tells only days prints the same again when money goes to and fro."""
    kept, repeated = without_duplicates(lines)
    return (list(lines), []) if repeated and first_break(lines) is None else (kept, repeated)


def first_break(lines: Sequence[Line]) -> Break | None:
    """Where the running balance breaks first; None when it runs through."""
    for before, line in zip(lines, lines[1:], strict=False):
        if before.balance is not None and line.balance is not None and before.balance + line.amount != line.balance:
            return Break(line.row, line.day, before.balance + line.amount, line.balance)
    return None


def has_balances(lines: Sequence[Line]) -> bool:
    """Whether the bank printed what was left after every line."""
    return bool(lines) and all(line.balance is not None for line in lines)


def daily_balances(flow: Flow) -> list[tuple[date, int]]:
    """What was left at the end of each day of the period; days without a movement keep the last balance. Needs `has_balances`."""
    first = flow.lines[0]
    assert first.balance is not None
    closing = {line.day: line.balance for line in flow.lines}
    left, found = first.balance - first.amount, []
    for number in range((flow.to_on - flow.from_on).days + 1):
        on = flow.from_on + timedelta(days=number)
        left = closing.get(on) if closing.get(on) is not None else left  # type: ignore[assignment]
        found.append((on, left))
    return found


def average_balance(balances: Sequence[tuple[date, int]]) -> int:
    """The average of the daily balances in fen, rounded down."""
    return sum(left for _on, left in balances) // len(balances) if balances else 0


def quarters(flow: Flow, balances: Sequence[tuple[date, int]]) -> list[Quarter]:
    """Each interest day inside the period, with what was credited and what could have been.

    Where the statement begins within the quarter, the days before it are taken to have held nothing (for the least) and four times
    the average seen (for the most).
    """
    left = dict(balances)
    found = []
    for on in _interest_days(flow.from_on, flow.to_on):
        credited = [line.amount for line in flow.lines if _is_interest(line, on)]
        low, high = _bounds(on, left)
        found.append(Quarter(on, sum(credited) if credited else None, low, high))
    return found


def _interest_days(from_on: date, to_on: date) -> list[date]:
    days = [date(year, month, 20) for year in range(from_on.year, to_on.year + 1) for month in QUARTER_MONTHS]
    # The credit may come on the 21st: a statement that ends on the 20th need not show it.
    return [on for on in days if from_on <= on and on + timedelta(days=1) <= to_on]


def _is_interest(line: Line, on: date) -> bool:
    is_due = (line.day.year, line.day.month) == (on.year, on.month) and line.day.day in INTEREST_DAYS
    return line.amount > 0 and is_due and bool(words.INTEREST.search(line.summary) or words.INTEREST.search(line.party))


def _bounds(on: date, left: dict[date, int]) -> tuple[int, int]:
    """The least and the most interest, in fen, of the quarter that ends on a day."""
    days = [on - timedelta(days=number) for number in range(90)]
    seen = [max(0, left[day]) for day in days if day in left]
    unseen = (len(days) - len(seen)) * 4 * (sum(seen) // len(seen) if seen else 0)
    low = sum(seen) * INTEREST_RATE_MIN / _DAYS_OF_YEAR
    high = (sum(seen) + unseen) * INTEREST_RATE_MAX / _DAYS_OF_YEAR
    return int(low), int(high) + 1
