"""What the calendar does to a loan: it begins, instalments fall due."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, timedelta

from msgspec.structs import replace

from chezhe.finmath import daily_kernels
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
        night, line = next_night(position), position.next_line
        if night is not None and night < to and (line is None or night < line.due_date):
            position, more = _grow_older(position, night)
        elif line is not None and line.due_date <= to:
            position, more = _fall_due(position, line)
        else:
            return replace(position, as_of=to), effects
        effects += more


def next_night(position: Position) -> date | None:
    """The next night whose days past due mean something, while arrears stay as they are."""
    oldest = position.oldest_due_on
    if oldest is None:
        return None
    night = daily_kernels.night_ahead(
        position.as_of.toordinal(), oldest.toordinal(), position.terms.off_book_after_days, int(position.is_off_book), DPD_MARKS
    )
    return date.fromordinal(night) if night else None


def _fall_due(position: Position, line: Line) -> tuple[Position, list[Effect]]:
    fell = FellDue(on=line.due_date, line=line, is_off_book=position.is_off_book)
    position = replace(
        position, as_of=max(line.due_date, position.as_of), recognised=position.recognised + 1,
        accrued_out_fen=position.accrued_out_fen + (0 if position.is_off_book else line.interest_fen),
    )
    if not position.unapplied_fen:
        return position, [fell]
    position, applied = spread(position, 0, "")
    return position, [fell, applied]


def _grow_older(position: Position, night: date) -> tuple[Position, list[Effect]]:
    oldest = position.oldest_due_on
    assert oldest is not None
    dpd = (night - oldest).days
    effects: list[Effect] = [Aged(on=night, dpd=dpd)] if dpd in DPD_MARKS else []
    if dpd > position.terms.off_book_after_days and not position.is_off_book:
        effects.append(WentOffBook(on=night, interest_fen=position.interest_due_fen - position.arrears_due_fen))
        position = replace(position, is_off_book=True)
    return replace(position, as_of=night + timedelta(days=1)), effects
