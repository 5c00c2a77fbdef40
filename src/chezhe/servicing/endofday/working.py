"""What a night and a morning make of a shard: states, transfers, events and the accrual's changes, still as values."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from chezhe.finmath import daily_kernels as daily
from chezhe.finmath import shares
from chezhe.finmath.accrual import AccruingLine
from chezhe.finmath.allocation import Item
from chezhe.finmath.shares import Share
from chezhe.finmath.terms import DayCount
from chezhe.finmath.transfers import Transfer
from chezhe.finmath.vector_daily import day_steps
from chezhe.servicing import postings, rules
from chezhe.servicing.accruals import Key
from chezhe.servicing.endofday.reading import Touched
from chezhe.servicing.position.days import DPD_MARKS

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Ints = NDArray[Any]

_PAID = ((Item.FEE, daily.PAID_FEE), (Item.INTEREST, daily.PAID_INTEREST), (Item.PRINCIPAL, daily.PAID_PRINCIPAL))
BookKey = tuple[int, str, int]
"""Branch, what the journal calls it, and the ordinal of the day it is booked on: what shares one entry."""


@dataclass(frozen=True, slots=True)
class Worked:
    """`done` are the places of loans whose new state stands in the arrays (the other lists go with it), `beyond` those that
    need the whole fold."""

    loans: Touched
    happened: Ints
    done: list[int]
    beyond: list[int]
    next_due: list[int]
    next_event: list[int]
    shares: list[Share]


def work(loans: Touched, to: date) -> Worked:
    """Bring the loans to the morning of `to`. Nothing is written."""
    happened, codes = day_steps(loans.states, loans.lines, to.toordinal(), DPD_MARKS)
    worked = Worked(loans, happened, [], [], [], [], [])
    for at in range(len(loans)):
        if codes[at] != daily.DONE or not _is_plain(loans, happened, at):
            worked.beyond.append(at)
            continue
        due, before = _next_due(loans, happened, at), int(loans.states[at, daily.ACCRUED_OUT])
        line = _running(loans, happened, due, at)
        worked.done.append(at)
        worked.next_due.append(due)
        worked.next_event.append(_next_event(loans, due, line, to, at))
        worked.shares.append(shares.share(line, as_of=to, before_fen=before))
    return worked


def _next_due(loans: Touched, happened: Ints, at: int) -> int:
    return int(loans.lines[at, daily.NEXT_DUE] if happened[at, daily.FELL] else loans.lines[at, daily.DUE])


def _next_event(loans: Touched, due: int, line: AccruingLine | None, to: date, at: int) -> int:
    night = daily.night_ahead(*(int(value) for value in loans.states[at, :4]), DPD_MARKS)
    full = shares.full_on(line) if line else None
    mornings = (due, night + 1 if night else 0, full.toordinal() if full else 0)
    return min((morning for morning in mornings if morning > to.toordinal()), default=0)


def _running(loans: Touched, happened: Ints, due: int, at: int) -> AccruingLine | None:
    """The line that earns interest from this morning on; None when there is none."""
    if loans.states[at, daily.IS_OFF] or not due:
        return None
    fell, state = bool(happened[at, daily.FELL]), loans.states[at]
    is_flat = loans.runs_on[at] == rules.FLAT
    return AccruingLine(
        from_date=date.fromordinal(int(loans.lines[at, daily.DUE] if fell else loans.running_from[at])),
        due_date=date.fromordinal(due), balance_fen=int(state[daily.PRINCIPAL_LEFT] - state[daily.PRINCIPAL_DUE]),
        interest_fen=int(loans.next_interest[at] if fell else loans.lines[at, daily.INTEREST]),
        annual_rate=None if is_flat else loans.rates[at], day_count=DayCount.ACT_365 if is_flat else DayCount(loans.runs_on[at]),
    )


def _is_plain(loans: Touched, happened: Ints, at: int) -> bool:
    """Whether the columns tell the running line whole: a first line may run on a basis of its own, and inside a line
    that was planned anew part of the interest was earned before, or it has a rate of its own; arrears have accounts of their own."""
    if loans.has_arrears[at]:
        return False
    return bool(happened[at, daily.FELL]) or (loans.states[at, daily.RECOGNISED] > 0 and not loans.is_replanned[at])


def accrual_changes(worked: Worked) -> dict[Key, tuple[int, int]]:
    """What the shares of the done loans became more or less, by what must be common to add up."""
    sums: defaultdict[Key, list[int]] = defaultdict(lambda: [0, 0])
    loans = worked.loans
    for at, after in zip(worked.done, worked.shares, strict=True):
        before = (loans.bases[at], int(loans.denominators[at]), loans.weights[at], loans.origins[at])
        for sign, (basis, denominator, weight, origin) in ((-1, before), (1, columns_of(after))):
            total = sums[int(loans.versions[at]), int(loans.branches[at]), basis, denominator]
            total[0] += sign * weight
            total[1] += sign * origin
    return {key: (weight, origin) for key, (weight, origin) in sums.items() if weight or origin}


def columns_of(share: Share) -> tuple[str, int, int, int]:
    """A share as a row keeps it: basis, denominator, weight, origin."""
    return share.day_count.value, share.denominator, share.weight, share.origin


def entries(worked: Worked) -> dict[BookKey, list[Transfer]]:
    """Transfers of the done loans, in the order of their ids, by branch, event and day: the entries of this shard."""
    found: defaultdict[BookKey, list[Transfer]] = defaultdict(list)
    for at in worked.done:
        owner, branch = f"loan:{worked.loans.numbers[at]}", int(worked.loans.branches[at])
        row = [int(value) for value in worked.happened[at]]
        for event, on, transfers in _transfers(row, worked.loans.lines[at], owner):
            found[branch, event, on].extend(transfers)
    return {key: transfers for key, transfers in found.items() if transfers}


def _transfers(row: list[int], line: Ints, owner: str) -> Iterator[tuple[str, int, tuple[Transfer, ...]]]:
    if row[daily.OFF_NIGHT]:
        yield "off_book", row[daily.OFF_NIGHT], postings.written(postings.off_book_rows(row[daily.OFF_INTEREST]), owner)
    if row[daily.FELL]:
        rows = postings.due_rows(int(line[daily.INTEREST]), int(line[daily.FEE]), is_off_book=bool(row[daily.FELL_OFF]))
        yield "due", int(line[daily.DUE]), postings.written(rows, owner)
    parts = [(postings.CREDITS[item], row[column]) for item, column in _PAID]
    yield "unapplied_used", int(line[daily.DUE]), postings.written(postings.drawing(parts, sum(fen for _, fen in parts), ""), owner)
