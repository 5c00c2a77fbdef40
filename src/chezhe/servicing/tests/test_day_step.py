"""The short form of a day, for arrays of loans, says what the fold of one loan says."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from chezhe.finmath import daily_kernels as daily
from chezhe.finmath.allocation import Item
from chezhe.finmath.vector_daily import day_steps
from chezhe.ledger import chart
from chezhe.servicing.position import Aged, Applied, Effect, FellDue, Incoming, Position, WentOffBook, advance, fold
from chezhe.servicing.position.days import DPD_MARKS
from chezhe.servicing.tests.test_position import START, TERMS, loan


def state_of(position: Position) -> list[int]:
    oldest = position.oldest_due_on
    return [
        position.as_of.toordinal(), oldest.toordinal() if oldest else 0, position.terms.off_book_after_days, int(position.is_off_book),
        position.unapplied_fen, position.principal_fen, position.principal_due_fen, position.interest_due_fen, position.fee_due_fen,
        position.accrued_out_fen, position.recognised,
    ]


def line_of(position: Position) -> list[int]:
    following = [held.line for held in position.lines[position.recognised :]]
    if not following:
        return [0] * daily.LINE_COLUMNS
    line = following[0]
    after = following[1].due_date.toordinal() if len(following) > 1 else 0
    return [line.due_date.toordinal(), line.principal_fen, line.interest_fen, line.fee_fen, after]


def happened_of(effects: list[Effect]) -> list[int]:
    row = [0] * daily.HAPPENED_COLUMNS
    for effect in effects:
        if isinstance(effect, FellDue):
            row[daily.FELL], row[daily.FELL_OFF] = 1, int(effect.is_off_book)
        elif isinstance(effect, Aged):
            row[daily.AGED_DPD], row[daily.AGED_NIGHT] = effect.dpd, effect.on.toordinal()
        elif isinstance(effect, WentOffBook):
            row[daily.OFF_NIGHT], row[daily.OFF_INTEREST] = effect.on.toordinal(), effect.interest_fen
        elif isinstance(effect, Applied):
            for column, item in ((daily.PAID_FEE, Item.FEE), (daily.PAID_INTEREST, Item.INTEREST), (daily.PAID_PRINCIPAL, Item.PRINCIPAL)):
                row[column] = sum(due.item_fen(item) for due in effect.allocation.paid)
    return row


lives = st.tuples(
    st.lists(st.tuples(st.integers(0, 400), st.sampled_from([100_000, 332_143, 400_000, 700_000])), max_size=14),
    st.integers(0, 420), st.sampled_from([2, 12, 36]), st.sampled_from([5, 45, 90]),
)


@settings(max_examples=150)
@given(st.lists(lives, min_size=1, max_size=6), st.integers(1, 3))
def test_a_day_in_arrays_is_a_day_of_the_fold(stories: list[tuple[list[tuple[int, int]], int, int, int]], days: int) -> None:
    positions: list[tuple[Position, date]] = []
    for payments, age, periods, off_after in stories:
        came = [Incoming(on=START + timedelta(days=day), source=chart.BANK, amount_fen=fen) for day, fen in payments if day <= age]
        position, _ = fold(loan(replace(TERMS, off_book_after_days=off_after), periods), came, START + timedelta(days=age))
        positions.append((position, position.as_of + timedelta(days=days)))
    for position, to in positions:
        states, lines = np.array([state_of(position)], dtype=np.int64), np.array([line_of(position)], dtype=np.int64)
        happened, codes = day_steps(states, lines, to.toordinal(), DPD_MARKS)
        after, effects = advance(position, to)
        if codes[0] == daily.DONE:
            assert (list(states[0]), list(happened[0])) == (state_of(after), happened_of(effects))
        else:
            assert len([one for one in effects if not isinstance(one, Applied)]) > 1 or any(isinstance(one, Applied) for one in effects)


def test_a_loan_off_the_books_that_pays_in_time_is_for_the_fold_to_decide() -> None:
    position, _ = advance(loan(), START + timedelta(days=5))
    state, line = state_of(position), line_of(position)
    state[daily.IS_OFF], state[daily.UNAPPLIED] = 1, line[daily.PRINCIPAL] + line[daily.INTEREST]
    _, codes = day_steps(np.array([state], dtype=np.int64), np.array([line], dtype=np.int64), line[daily.DUE], DPD_MARKS)
    assert codes[0] == daily.BEYOND
