"""What the calendar does to a loan: it begins, instalments fall due."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

from msgspec.structs import replace

from chezhe.finmath import daily_kernels as daily
from chezhe.finmath.ageing import BUCKET_BOUNDS
from chezhe.finmath.allocation import Due
from chezhe.finmath.terms import Row
from chezhe.servicing.position.effects import Aged, Effect, FellDue, WentOffBook
from chezhe.servicing.position.spreading import spread
from chezhe.servicing.position.values import Line, LinePosition, Position, Terms

# Nights after which a loan stands in another bucket, or may stand in another class (DOMAIN §6).
DPD_MARKS = (*(bound + 1 for bound in BUCKET_BOUNDS), 271, 361)


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
    """Bring the loan to the morning of `to`: what falls due until then (included) is recognised and takes unapplied
    cash; the nights before it age what stayed unpaid.

    Doing it day by day or in one step gives the same. Raises ValueError for a day before `as_of`.
    """
    if to < position.as_of:
        raise ValueError(f"the position is already at {position.as_of}")
    if position.held_since is not None:
        return replace(position, as_of=to), []
    line = position.next_line
    if to == position.as_of and (line is None or line.due_date > to):
        return position, []
    effects: list[Effect] = []
    while True:
        oldest, line = position.oldest_due, position.next_line
        night = _night_ahead(position, oldest)
        following = daily.coming(night, line.due_date.toordinal() if line else 0, to.toordinal())
        if following == daily.NIGHT:
            position, more = _grow_older(position, night, oldest)
        elif following == daily.LINE and line is not None:
            position, more = _fall_due(position, line)
        else:
            return replace(position, as_of=to), effects
        effects += more


def next_morning(position: Position, full: date | None) -> date | None:
    """The first morning after it stands on which the calendar alone will have changed something; `full` is the day on which
    the running line has earned all its interest."""
    line = position.next_line
    morning = daily.next_morning(
        position.as_of.toordinal(), line.due_date.toordinal() if line else 0, _night_ahead(position, position.oldest_due),
        full.toordinal() if full else 0,
    )
    return date.fromordinal(morning) if morning else None


def _night_ahead(position: Position, oldest: int) -> int:
    """The next night whose days past due mean something, while arrears stay as they are; 0 for none."""
    return daily.night_ahead(position.as_of.toordinal(), oldest, position.terms.off_book_after_days, int(position.is_off_book), DPD_MARKS)


def _fall_due(position: Position, line: Line) -> tuple[Position, list[Effect]]:
    fell = FellDue(on=line.due_date, line=line, is_off_book=position.is_off_book)
    as_of, accrued_out = daily.fallen_due(
        line.due_date.toordinal(), line.interest_fen, position.as_of.toordinal(), int(position.is_off_book), position.accrued_out_fen
    )
    position = replace(position, as_of=date.fromordinal(as_of), recognised=position.recognised + 1, accrued_out_fen=accrued_out)
    if not position.unapplied_fen:
        return position, [fell]
    position, applied = spread(position, 0, "")
    return position, [fell, applied]


def _grow_older(position: Position, night: int, oldest: int) -> tuple[Position, list[Effect]]:
    aged, leaves, morning = daily.grown_older(night, oldest, position.terms.off_book_after_days, int(position.is_off_book), DPD_MARKS)
    on = date.fromordinal(night)
    effects: list[Effect] = [Aged(on=on, dpd=aged)] if aged else []
    if leaves:
        effects.append(WentOffBook(on=on, interest_fen=position.interest_due_fen - position.arrears_due_fen))
        position = replace(position, is_off_book=True)
    return replace(position, as_of=date.fromordinal(morning)), effects
