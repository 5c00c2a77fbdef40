"""A bank statement as it is judged: one line a movement, oldest first."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime


@dataclass(frozen=True, slots=True)
class Line:
    """One movement in fen, positive into the account. `row` is its line in the file, `balance` what the bank says was left after it.

    `at` has the time of day 00:00 where the bank tells only the day.
    """

    row: int
    at: datetime
    amount: int
    balance: int | None
    party: str
    party_account: str
    summary: str

    @property
    def day(self) -> date:
        return self.at.date()


@dataclass(frozen=True, slots=True)
class Flow:
    """A statement: whose account (as printed), from which day to which, and its lines, oldest first. `duplicates` were left out."""

    layout: str
    holder: str
    account: str
    from_on: date
    to_on: date
    lines: tuple[Line, ...]
    duplicates: tuple[Line, ...] = ()


def ordered(lines: Sequence[Line]) -> list[Line]:
    """Oldest first. Banks print either way; within a moment the file's order stands, turned round with the rest."""
    is_descending = len(lines) > 1 and lines[0].at > lines[-1].at
    return sorted(reversed(lines) if is_descending else lines, key=lambda line: line.at)


def without_duplicates(lines: Iterable[Line]) -> tuple[list[Line], list[Line]]:
    """The lines once each, and those that repeat another in every column, the balance included: an account cannot do that."""
    seen: set[Line] = set()
    kept: list[Line] = []
    repeated: list[Line] = []
    for line in lines:
        bare = replace(line, row=0)
        (repeated if bare in seen and line.balance is not None else kept).append(line)
        seen.add(bare)
    return kept, repeated
