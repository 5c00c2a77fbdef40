"""What of the money that came in is income: wages found by their rhythm, and what is not income at all."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from itertools import accumulate
from typing import Final

from chezhe.risk.facts.flows import words
from chezhe.risk.facts.flows.lines import Flow, Line
from chezhe.risk.facts.flows.months import Month, by_month, middle, month_of

_NEAR: Final = Decimal("0.20")
_SALARY_MONTHS_MIN: Final = 3
_SALARY_FEN_MIN: Final = 500_00
# What comes and leaves again within a day counts from here.
LARGE_FEN: Final = 10_000_00
_LEFT_AGAIN: Final = Decimal("0.80")


@dataclass(frozen=True, slots=True)
class Salary:
    """A payer who pays every month: in these months, this middle sum in fen."""

    payer: str
    months: tuple[Month, ...]
    middle: int
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Sorted:
    """The lines by what they are. Everything that is not set apart is `business`: income and outgoings of ordinary life."""

    own: tuple[Line, ...]
    loans: tuple[Line, ...]
    passing: tuple[Line, ...]
    interest: tuple[Line, ...]
    business: tuple[Line, ...]


def sort(flow: Flow, names: Collection[str], accounts: Collection[str] = ()) -> Sorted:
    """Set apart transfers between the holder's own accounts, loan proceeds, money that passed through within a day, and interest.

    `names` are those of the holder (as printed and as we know them), `accounts` the holder's other accounts.
    """
    own, loans, interest, rest = [], [], [], []
    for line in flow.lines:
        if _is_own(line, names, accounts):
            own.append(line)
        elif line.amount > 0 and (words.LOAN_PAID_OUT.search(line.summary) or _is_from_lender(line)):
            loans.append(line)
        elif line.amount > 0 and words.INTEREST.search(line.summary):
            interest.append(line)
        else:
            rest.append(line)
    passing = _passing(flow.lines, {line.row for line in rest if not words.SALARY.search(line.summary)})
    passed = {line.row for line in passing}
    business = [line for line in rest if line.row not in passed]
    return Sorted(tuple(own), tuple(loans), tuple(passing), tuple(interest), tuple(business))


def salaries(lines: Sequence[Line], months: Sequence[Month]) -> list[Salary]:
    """Wages: one payer, in at least three of the whole months, each within a fifth of the middle sum.

    A private person is no employer unless the bank itself calls the payment wages: friends pay each other monthly, too.
    """
    found = []
    payers: dict[str, list[Line]] = {}
    for line in lines:
        if line.amount >= _SALARY_FEN_MIN and (words.SALARY.search(line.summary) or words.is_company(line.party)):
            payers.setdefault(line.party or line.summary, []).append(line)
    for payer, paid in payers.items():
        regular = _regular(paid)
        paid_in = {month_of(line.day) for line in regular}
        inside = tuple(month for month in months if month in paid_in)
        if len(inside) >= _SALARY_MONTHS_MIN:
            counted = [line for line in regular if month_of(line.day) in inside]
            found.append(Salary(payer, inside, middle(line.amount for line in counted), tuple(counted)))
    return sorted(found, key=lambda one: -one.middle * len(one.months))


def friends(lines: Sequence[Line], months: Sequence[Month]) -> list[str]:
    """Private people who pay like an employer and are none: their payments are no proof of income."""
    payers: dict[str, list[Line]] = {}
    for line in lines:
        if line.amount >= _SALARY_FEN_MIN and line.party and not words.SALARY.search(line.summary) and not words.is_company(line.party):
            payers.setdefault(line.party, []).append(line)
    return sorted(payer for payer, paid in payers.items() if len({month_of(line.day) for line in _regular(paid)} & set(months)) >= 5)


def _regular(paid: Sequence[Line]) -> list[Line]:
    """The greatest payment of each month, where it is within a fifth of the middle one."""
    greatest = [max(of, key=lambda line: line.amount) for of in by_month(paid).values()]
    usual = middle(line.amount for line in greatest)
    return [line for line in greatest if abs(line.amount - usual) <= _NEAR * usual]


def _is_own(line: Line, names: Collection[str], accounts: Collection[str]) -> bool:
    is_same = line.party and (line.party in names or (line.party_account and line.party_account in accounts))
    return bool(is_same or (words.SELF.search(line.summary) and not words.SALARY.search(line.summary)))


def _is_from_lender(line: Line) -> bool:
    return bool(words.LENDER.search(line.party)) and not words.REFUND.search(line.summary)


def _passing(lines: Sequence[Line], may_pass: Collection[int]) -> list[Line]:
    """Large sums that came in and left again for the most part within 24 hours (the next day where only days are told)."""
    times = [line.at for line in lines]
    gone = [0, *accumulate(max(0, -line.amount) for line in lines)]
    found = []
    for place, line in enumerate(lines):
        if line.amount >= LARGE_FEN and line.row in may_pass:
            left = gone[bisect_right(times, line.at + timedelta(hours=24))] - gone[place + 1]
            if left >= _LEFT_AGAIN * line.amount:
                found.append(line)
    return found
