"""What a night and a morning do to a loan, as whole numbers (fen, and days as ordinals with 0 for none): every rule once.

The rules are the functions down to `earning_until`: what comes next, what a night makes of a loan, what falls due, on which
morning something will have happened. `position.days` asks them for a position with all its instalments, one by one; `day_step`
asks them for a row of a loan's figures, where `line` is the instalment that falls due next, and is compiled for a million.
"""

from collections.abc import MutableSequence, Sequence
from typing import Any

from chezhe.finmath.kernels import oldest_after, spread

# The state, changed in place.
AS_OF, OLDEST, OFF_AFTER, IS_OFF, UNAPPLIED, PRINCIPAL_LEFT, PRINCIPAL_DUE, INTEREST_DUE, FEE_DUE, ACCRUED_OUT, RECOGNISED = range(11)
STATE_COLUMNS = 11
# The next line, and the due day of the one after it (0 when it is the last).
DUE, PRINCIPAL, INTEREST, FEE, NEXT_DUE = range(5)
LINE_COLUMNS = 5
PARTS = (FEE, INTEREST, PRINCIPAL)
# What happened: 1 or 0 for the line, what unapplied cash paid of it (each where its part stands in the line), and the nights
# with a meaning.
FELL, PAID_PRINCIPAL, PAID_INTEREST, PAID_FEE, FELL_OFF, AGED_DPD, AGED_NIGHT, OFF_NIGHT, OFF_INTEREST = range(9)
HAPPENED_COLUMNS = 9

DONE, BEYOND = 0, 1
NOTHING, NIGHT, LINE = 0, 1, 2


# ---- the rules ------------------------------------------------------------------------------------------------


def next_mark(reached: int, marks: Sequence[int]) -> int:
    """The first of the ascending `marks` (days past due) not below `reached`; -1 when all are behind."""
    for mark in marks:
        if mark >= reached:
            return mark
    return -1


def off_from(off_after: int) -> int:
    """The first number of days past due with which a night takes interest off the books: more than `off_after`."""
    return off_after + 1


def night_ahead(as_of: int, oldest: int, off_after: int, is_off: int, marks: Sequence[int]) -> int:
    """The next night, from that of `as_of` on, that means something for a loan unpaid since `oldest`; 0 for none."""
    if oldest == 0:
        return 0
    reached = as_of - oldest
    mark = next_mark(reached, marks)
    leaves = off_from(off_after)
    if is_off == 0 and leaves >= reached and (mark < 0 or leaves < mark):
        mark = leaves
    return oldest + mark if mark >= 0 else 0


def coming(night: int, due: int, to: int) -> int:
    """What comes next until the morning of `to`: the `night` that means something, the line that falls due on `due`, or nothing
    (0 for none of either). On one day the line falls due before the night; of `to` itself only the morning has come."""
    if 0 < night < to and (due == 0 or night < due):
        return NIGHT
    return LINE if 0 < due <= to else NOTHING


def grown_older(night: int, oldest: int, off_after: int, is_off: int, marks: Sequence[int]) -> tuple[int, int, int]:
    """What the `night` makes of a loan unpaid since `oldest`: the days past due if they are one of the `marks` (0 if not),
    whether its interest leaves the books (1 or 0), and the morning on which the loan then stands."""
    dpd = night - oldest
    aged = dpd if next_mark(dpd, marks) == dpd else 0
    leaves = 1 if is_off == 0 and dpd >= off_from(off_after) else 0
    return aged, leaves, night + 1


def fallen_due(due: int, interest: int, as_of: int, is_off: int, accrued_out: int) -> tuple[int, int]:
    """Where a loan of `as_of` stands when its line falls due (a line of the past falls due where the loan stands), and the
    interest that has then left the accrued interest of the house: off the books none of it was there."""
    return max(due, as_of), accrued_out + (interest if is_off == 0 else 0)


def earning_until(due: Any, is_off: Any) -> Any:
    """The due day of the line that earns interest: off the books there is none (0). Of one loan, or of columns of them."""
    return due * (1 - is_off)


def next_morning(as_of: int, due: int, night: int, full: int) -> int:
    """The first morning after `as_of` on which the calendar alone will have changed something: the next line falls due, the `night`
    that means something is over, the running line has earned all its interest (`full`); 0 when there is none."""
    first = 0
    for morning in (due, night + 1 if night > 0 else 0, full):
        if morning > as_of and (first == 0 or morning < first):
            first = morning
    return first


# ---- a row ----------------------------------------------------------------------------------------------------


def day_step(state: MutableSequence[int], line: Sequence[int], happened: MutableSequence[int], to: int, marks: Sequence[int]) -> int:
    """Bring one loan to the morning of `to`. Returns BEYOND, with the state half changed, for what this short form does
    not decide: a second line, a second meaningful night, unapplied cash that does not cover the line, the last line paid.
    """
    due = line[DUE]
    while True:
        night = night_ahead(state[AS_OF], state[OLDEST], state[OFF_AFTER], state[IS_OFF], marks)
        following = coming(night, due, to)
        if following == NIGHT:
            if happened[AGED_NIGHT] > 0 or happened[OFF_NIGHT] > 0:
                return BEYOND
            _grow_older(state, happened, night, marks)
        elif following == LINE:
            if happened[FELL] == 1 or _is_beyond(state, line) == 1:
                return BEYOND
            _fall_due(state, line, happened)
            due = line[NEXT_DUE]
        else:
            state[AS_OF] = to
            return DONE


def _grow_older(state: MutableSequence[int], happened: MutableSequence[int], night: int, marks: Sequence[int]) -> None:
    aged, leaves, morning = grown_older(night, state[OLDEST], state[OFF_AFTER], state[IS_OFF], marks)
    if aged > 0:
        happened[AGED_DPD] = aged
        happened[AGED_NIGHT] = night
    if leaves == 1:
        state[IS_OFF] = 1
        happened[OFF_NIGHT] = night
        happened[OFF_INTEREST] = state[INTEREST_DUE]
    state[AS_OF] = morning


def _is_beyond(state: Sequence[int], line: Sequence[int]) -> int:
    """1 for what is decided with all instalments at hand: cash in an order that matters (less than the line, or something older is
    owed), cash off the books (who pays in time may come back onto them), and a loan that may be over."""
    total, cash = line[PRINCIPAL] + line[INTEREST] + line[FEE], state[UNAPPLIED]
    if cash > 0 and (cash < total or state[OLDEST] > 0 or state[IS_OFF] == 1):
        return 1
    return 1 if cash >= total and line[NEXT_DUE] == 0 else 0


def _fall_due(state: MutableSequence[int], line: Sequence[int], happened: MutableSequence[int]) -> None:
    happened[FELL] = 1
    happened[FELL_OFF] = state[IS_OFF]
    state[AS_OF], state[ACCRUED_OUT] = fallen_due(line[DUE], line[INTEREST], state[AS_OF], state[IS_OFF], state[ACCRUED_OUT])
    state[RECOGNISED] += 1
    if state[UNAPPLIED] > 0:
        state[UNAPPLIED] = spread(state[UNAPPLIED], line, PARTS, happened)
    principal, interest = line[PRINCIPAL] - happened[PAID_PRINCIPAL], line[INTEREST] - happened[PAID_INTEREST]
    fee = line[FEE] - happened[PAID_FEE]
    state[PRINCIPAL_LEFT] -= happened[PAID_PRINCIPAL]
    state[PRINCIPAL_DUE] += principal
    state[INTEREST_DUE] += interest
    state[FEE_DUE] += fee
    state[OLDEST] = oldest_after(state[OLDEST], line[DUE], principal + interest + fee)


# ---- arrays ---------------------------------------------------------------------------------------------------


def day_loop(low: int, high: int, states: Any, lines: Any, happened: Any, to: int, marks: Any, codes: Any) -> None:
    """`day_step` for the loans [low, high)."""
    for i in range(low, high):
        codes[i] = day_step(states[i], lines[i], happened[i], to, marks)


def morning_loop(low: int, high: int, states: Any, dues: Any, fulls: Any, marks: Any, mornings: Any) -> None:
    """`next_morning` for the loans [low, high), whose next lines fall due on `dues` and have earned everything by `fulls`."""
    for i in range(low, high):
        state = states[i]
        night = night_ahead(state[AS_OF], state[OLDEST], state[OFF_AFTER], state[IS_OFF], marks)
        mornings[i] = next_morning(state[AS_OF], dues[i], night, fulls[i])
