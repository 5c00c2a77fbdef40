"""What the calendar does to a loan: it begins, instalments fall due."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date

from chezhe.finmath.allocation import Due
from chezhe.finmath.terms import Row
from chezhe.servicing.position.spreading import spread
from chezhe.servicing.position.values import Effect, FellDue, Line, LinePosition, Position, Terms


def opened(terms: Terms, rows: Sequence[Row], *, paid_out_on: date, principal_fen: int) -> Position:
    """The position on the day of payout, from the rows of the schedule."""
    return Position(terms=terms, lines=tuple(lines_of(rows, paid_out_on, principal_fen, 0)), as_of=paid_out_on)


def lines_of(rows: Sequence[Row], start: date, opening_fen: int, passed: int) -> Iterator[LinePosition]:
    """Untouched lines from `start` on, numbered after the `passed` ones."""
    for row in rows:
        line = Line(
            period=passed + row.period, from_date=start, due_date=row.due_date, opening_fen=opening_fen,
            principal_fen=row.principal_fen, interest_fen=row.interest_fen, fee_fen=row.fee_fen,
        )
        yield LinePosition(line=line, paid=Due(period=line.period, due_date=row.due_date))
        opening_fen, start = row.balance_fen, row.due_date


def advance(position: Position, to: date) -> tuple[Position, list[Effect]]:
    """Bring the loan up to date: what falls due until `to` (included) is recognised and takes unapplied cash.

    Doing it day by day or in one step gives the same. Raises ValueError for a day before `as_of`.
    """
    if to < position.as_of:
        raise ValueError(f"the position is already at {position.as_of}")
    effects: list[Effect] = []
    while (line := position.next_line) is not None and line.due_date <= to:
        position = replace(position, as_of=max(line.due_date, position.as_of), recognised=position.recognised + 1)
        effects.append(FellDue(on=line.due_date, line=line))
        if position.unapplied_fen:
            position, applied = spread(position, 0, "")
            effects.append(applied)
    return replace(position, as_of=to), effects
