"""What a night and a morning make of a shard: states, transfers, events and shares, still as values, all loans at once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING, Any

from chezhe.finmath import daily_kernels as daily
from chezhe.finmath.allocation import Item
from chezhe.finmath.vector_daily import day_steps, next_mornings
from chezhe.finmath.vector_shares import DAY_COUNTS, RunningLines, Shares, shares_of
from chezhe.ledger import chart
from chezhe.ledger.rules import Columns
from chezhe.servicing import postings, rules
from chezhe.servicing.accruals import Key
from chezhe.servicing.endofday.reading import RUNS_ON, Touched
from chezhe.servicing.position.days import DPD_MARKS
from chezhe.servicing.turns import Turns

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Ints = NDArray[Any]

_FLAT = RUNS_ON.index(rules.FLAT)
# What unapplied cash pays of a line that it covers whole.
_PAID = ((Item.FEE, daily.PAID_FEE), (Item.INTEREST, daily.PAID_INTEREST), (Item.PRINCIPAL, daily.PAID_PRINCIPAL))
_EVENTS = ("due", "off_book", "unapplied_used")
BookKey = tuple[int, str, int]
"""Branch, what the journal calls it, and the ordinal of the day it is booked on: what shares one entry."""


@dataclass(frozen=True, slots=True)
class Worked:
    """`done` are the places of loans whose new state stands in the arrays (the columns after it go with it), `beyond` those that
    need the whole fold. Next days are ordinals, 0 for none."""

    loans: Touched
    happened: Ints
    done: Ints
    beyond: list[int]
    next_due: Ints
    next_event: Ints
    shares: Shares


def work(loans: Touched, to: date) -> Worked:
    """Bring the loans to the morning of `to`. Nothing is written."""
    import numpy as np

    happened, codes = day_steps(loans.states, loans.lines, to.toordinal(), DPD_MARKS)
    is_done = (codes == daily.DONE) & _are_plain(loans, happened)
    done = np.nonzero(is_done)[0]
    lines = _running(loans, happened, done)
    shares = shares_of(lines, as_of=to.toordinal(), before_fen=loans.states[done, daily.ACCRUED_OUT])
    due = _next_due(loans, happened)[done]
    next_event = next_mornings(loans.states[done], due, shares.full_days, DPD_MARKS)
    return Worked(loans, happened, done, np.nonzero(~is_done)[0].tolist(), due, next_event, shares)


def only(worked: Worked, ids: Ints) -> Worked:
    """What is left of it when only these of the done loans are to be written."""
    import numpy as np

    kept = np.isin(worked.loans.ids[worked.done], ids)
    if kept.all():
        return worked
    return replace(
        worked, done=worked.done[kept], next_due=worked.next_due[kept], next_event=worked.next_event[kept], shares=worked.shares.only(kept),
    )


def _are_plain(loans: Touched, happened: Ints) -> Any:
    """Whether the columns tell the running line whole: a first line may run on a basis of its own, and inside a line
    that was planned anew part of the interest was earned before, or it has a rate of its own; arrears have accounts of their own."""
    is_whole = (loans.states[:, daily.RECOGNISED] > 0) & (loans.is_replanned == 0)
    return (loans.has_arrears == 0) & ((happened[:, daily.FELL] == 1) | is_whole)


def _next_due(loans: Touched, happened: Ints) -> Ints:
    import numpy as np

    return np.where(happened[:, daily.FELL] == 1, loans.lines[:, daily.NEXT_DUE], loans.lines[:, daily.DUE])


def _running(loans: Touched, happened: Ints, done: Ints) -> RunningLines:
    """The lines that earn interest from this morning on."""
    import numpy as np

    fell, states, lines = happened[done, daily.FELL] == 1, loans.states[done], loans.lines[done]
    runs_on = loans.runs_on[done]
    is_flat = runs_on == _FLAT
    return RunningLines(
        from_days=np.where(fell, lines[:, daily.DUE], loans.running_from[done]),
        due_days=daily.earning_until(_next_due(loans, happened)[done], states[:, daily.IS_OFF]),
        balance_fen=states[:, daily.PRINCIPAL_LEFT] - states[:, daily.PRINCIPAL_DUE],
        interest_fen=np.where(fell, loans.next_interest[done], lines[:, daily.INTEREST]),
        rate_units=loans.rate_units[done], is_flat=is_flat, day_counts=np.where(is_flat, 0, runs_on),
    )


def accrual_changes(worked: Worked) -> dict[Key, tuple[int, int]]:
    """What the shares of the done loans became more or less, by what must be common to add up."""
    sums: defaultdict[tuple[int, int, int, int], list[int]] = defaultdict(lambda: [0, 0])
    loans, shares, done = worked.loans, worked.shares, worked.done
    versions, branches = loans.versions[done].tolist(), loans.branches[done].tolist()
    old = zip(loans.bases[done].tolist(), loans.denominators[done].tolist(), strict=True)
    new = zip(shares.bases.tolist(), shares.denominators.tolist(), strict=True)
    for at, version, branch, before, after, weight, origin in zip(
        done.tolist(), versions, branches, old, new, shares.weights, shares.origins, strict=True
    ):
        left, joined = sums[version, branch, *before], sums[version, branch, *after]
        left[0] -= loans.weights[at]
        left[1] -= loans.origins[at]
        joined[0] += weight
        joined[1] += origin
    return {
        (version, branch, DAY_COUNTS[basis].value, denominator): (weight, origin)
        for (version, branch, basis, denominator), (weight, origin) in sums.items() if weight or origin
    }


def turns_of(worked: Worked) -> Turns:
    """What became of the done loans: who fell due, and whom the night found in another bucket."""
    import numpy as np

    turned, numbers, happened, lines = Turns(), worked.loans.numbers, worked.happened[worked.done], worked.loans.lines[worked.done]
    owed = lines[:, daily.PRINCIPAL] + lines[:, daily.INTEREST] + lines[:, daily.FEE]
    fell = np.where((happened[:, daily.FELL] == 1) & (owed > 0), lines[:, daily.DUE], 0)
    for day in np.unique(fell[fell > 0]).tolist():
        turned.fell_due(date.fromordinal(day), [numbers[at] for at in worked.done[fell == day].tolist()])
    older = happened[:, daily.AGED_NIGHT] > 0
    nights = happened[older][:, [daily.AGED_NIGHT, daily.AGED_DPD]].tolist()
    for at, (night, dpd) in zip(worked.done[older].tolist(), nights, strict=True):
        turned.aged(date.fromordinal(night), numbers[at], dpd)
    return turned


# ---- the books ------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Moved:
    """The same posting of many loans: their places, the days it is booked on, and the fen of each."""

    event: int
    places: Ints
    days: Ints
    debit: str
    credit: str
    fen: Ints


def entries(worked: Worked) -> dict[BookKey, Columns]:
    """Transfers of the done loans, in the order of their ids, by branch, event and day: the entries of this shard."""
    import numpy as np

    moved = list(_moves(worked))
    codes = sorted({code for move in moved for code in (move.debit, move.credit)})
    table = np.concatenate([_rows(move, at, codes, worked.loans.branches) for at, move in enumerate(moved)], axis=0)
    table = table[np.lexsort(table[:, 4::-1].T)]
    owners = [f"loan:{number}" for number in worked.loans.numbers]
    ends = [*(np.nonzero((np.diff(table[:, :3], axis=0) != 0).any(axis=1))[0] + 1).tolist(), len(table)]
    found, begin = {}, 0
    for end in ends if len(table) else ():
        branch, event, day = table[begin, :3].tolist()
        debits, credits = ([codes[code] for code in table[begin:end, column].tolist()] for column in (5, 6))
        names = [owners[place] for place in table[begin:end, 3].tolist()]
        found[branch, _EVENTS[event], day] = Columns(debits, credits, table[begin:end, 7].tolist(), names)
        begin = end
    return found


def _rows(move: _Moved, at: int, codes: list[str], branches: Ints) -> Ints:
    """Branch, event, day, place, which posting, debited and credited account, fen: what is nothing is left out."""
    import numpy as np

    there = np.nonzero(move.fen)[0]
    rows = np.empty((len(there), 8), dtype=np.int64)
    rows[:, 0], rows[:, 1], rows[:, 2] = branches[move.places[there]], move.event, move.days[there]
    rows[:, 3], rows[:, 4] = move.places[there], at
    rows[:, 5], rows[:, 6], rows[:, 7] = codes.index(move.debit), codes.index(move.credit), move.fen[there]
    return rows


def _moves(worked: Worked) -> Iterator[_Moved]:
    """What is posted for the done loans, by the rules that post for one."""
    import numpy as np

    happened, lines = worked.happened, worked.loans.lines
    is_done = np.zeros(len(worked.loans), dtype=bool)
    is_done[worked.done] = True
    left = np.nonzero(is_done & (happened[:, daily.OFF_NIGHT] > 0))[0]
    for debit, credit, fen in postings.off_book_rows(happened[left, daily.OFF_INTEREST]):
        yield _Moved(_EVENTS.index("off_book"), left, happened[left, daily.OFF_NIGHT], debit, credit, fen)
    for is_off_book in (False, True):
        fell = np.nonzero(is_done & (happened[:, daily.FELL] == 1) & (happened[:, daily.FELL_OFF] == is_off_book))[0]
        interest, fee = lines[fell, daily.INTEREST], lines[fell, daily.FEE]
        for debit, credit, fen in postings.due_rows(interest, fee, is_off_book=is_off_book):
            yield _Moved(_EVENTS.index("due"), fell, lines[fell, daily.DUE], debit, credit, fen)
    used = np.nonzero(is_done & (happened[:, daily.FELL] == 1))[0]
    for item, column in _PAID:
        fen = happened[used, column]
        yield _Moved(_EVENTS.index("unapplied_used"), used, lines[used, daily.DUE], chart.UNAPPLIED_CASH, postings.CREDITS[item], fen)
