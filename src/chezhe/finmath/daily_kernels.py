"""What a night and a morning do to a loan, as whole numbers: one function for one loan and, compiled, for a million.

A loan's state is a row of integers (fen, and days as ordinals with 0 for none) in the columns named here; `line` is the
instalment that falls due next. `position.days.advance` says the same of a position with all its instalments; the tests
hold the two together.
"""

from collections.abc import MutableSequence, Sequence
from typing import Any

# The state, changed in place.
AS_OF, OLDEST, OFF_AFTER, IS_OFF, UNAPPLIED, PRINCIPAL_LEFT, PRINCIPAL_DUE, INTEREST_DUE, FEE_DUE, ACCRUED_OUT, RECOGNISED = range(11)
STATE_COLUMNS = 11
# The next line, and the due day of the one after it (0 when it is the last).
DUE, PRINCIPAL, INTEREST, FEE, NEXT_DUE = range(5)
LINE_COLUMNS = 5
# What happened: 1 or 0 for the line, what unapplied cash paid of it, and the nights with a meaning.
FELL, FELL_OFF, PAID_FEE, PAID_INTEREST, PAID_PRINCIPAL, AGED_DPD, AGED_NIGHT, OFF_NIGHT, OFF_INTEREST = range(9)
HAPPENED_COLUMNS = 9

DONE, BEYOND = 0, 1


def next_mark(reached: int, marks: Sequence[int]) -> int:
    """The first of the ascending `marks` (days past due) not below `reached`; -1 when all are behind."""
    for mark in marks:
        if mark >= reached:
            return mark
    return -1


def night_ahead(as_of: int, oldest: int, off_after: int, is_off: int, marks: Sequence[int]) -> int:
    """The next night, from that of `as_of` on, that means something for a loan unpaid since `oldest`; 0 for none."""
    if oldest == 0:
        return 0
    reached = as_of - oldest
    mark = next_mark(reached, marks)
    leaves = off_after + 1
    if is_off == 0 and leaves >= reached and (mark < 0 or leaves < mark):
        mark = leaves
    return oldest + mark if mark >= 0 else 0


def day_step(state: MutableSequence[int], line: Sequence[int], happened: MutableSequence[int], to: int, marks: Sequence[int]) -> int:
    """Bring one loan to the morning of `to`. Returns BEYOND, with the state half changed, for what this short form does
    not decide: a second line, a second meaningful night, unapplied cash that does not cover the line, the last line paid.
    """
    due = line[DUE]
    while True:
        night = night_ahead(state[AS_OF], state[OLDEST], state[OFF_AFTER], state[IS_OFF], marks)
        if night > 0 and night < to and (due == 0 or night < due):
            if happened[AGED_NIGHT] > 0 or happened[OFF_NIGHT] > 0:
                return BEYOND
            _grow_older(state, happened, night, marks)
        elif due > 0 and due <= to:
            if happened[FELL] == 1:
                return BEYOND
            if _fall_due(state, line, happened) == BEYOND:
                return BEYOND
            due = line[NEXT_DUE]
        else:
            state[AS_OF] = to
            return DONE


def _grow_older(state: MutableSequence[int], happened: MutableSequence[int], night: int, marks: Sequence[int]) -> None:
    dpd = night - state[OLDEST]
    if next_mark(dpd, marks) == dpd:
        happened[AGED_DPD] = dpd
        happened[AGED_NIGHT] = night
    if dpd > state[OFF_AFTER] and state[IS_OFF] == 0:
        state[IS_OFF] = 1
        happened[OFF_NIGHT] = night
        happened[OFF_INTEREST] = state[INTEREST_DUE]
    state[AS_OF] = night + 1


def _fall_due(state: MutableSequence[int], line: Sequence[int], happened: MutableSequence[int]) -> int:
    total = line[PRINCIPAL] + line[INTEREST] + line[FEE]
    cash = state[UNAPPLIED]
    # Off the books, whoever pays in time may come back onto them: that is for the fold to say.
    if cash > 0 and (cash < total or state[OLDEST] > 0 or state[IS_OFF] == 1):
        return BEYOND
    if (cash >= total or total == 0) and line[NEXT_DUE] == 0:
        return BEYOND
    happened[FELL] = 1
    happened[FELL_OFF] = state[IS_OFF]
    state[AS_OF] = max(line[DUE], state[AS_OF])
    state[RECOGNISED] += 1
    if state[IS_OFF] == 0:
        state[ACCRUED_OUT] += line[INTEREST]
    if cash > 0:
        happened[PAID_FEE] = line[FEE]
        happened[PAID_INTEREST] = line[INTEREST]
        happened[PAID_PRINCIPAL] = line[PRINCIPAL]
        state[UNAPPLIED] = cash - total
        state[PRINCIPAL_LEFT] -= line[PRINCIPAL]
        return DONE
    state[PRINCIPAL_DUE] += line[PRINCIPAL]
    state[INTEREST_DUE] += line[INTEREST]
    state[FEE_DUE] += line[FEE]
    if state[OLDEST] == 0 and total > 0:
        state[OLDEST] = line[DUE]
    return DONE


def day_loop(low: int, high: int, states: Any, lines: Any, happened: Any, to: int, marks: Any, codes: Any) -> None:
    """`day_step` for the loans [low, high)."""
    for i in range(low, high):
        codes[i] = day_step(states[i], lines[i], happened[i], to, marks)


def night_loop(low: int, high: int, states: Any, marks: Any, nights: Any) -> None:
    """`night_ahead` for the loans [low, high)."""
    for i in range(low, high):
        nights[i] = night_ahead(states[i][AS_OF], states[i][OLDEST], states[i][OFF_AFTER], states[i][IS_OFF], marks)
