"""Money finds what is owed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date

from chezhe.finmath import allocation
from chezhe.finmath.allocation import Due, TransactionKind
from chezhe.servicing.position.effects import Applied
from chezhe.servicing.position.values import LinePosition, Position


def spread(
    position: Position, amount_fen: int, source: str, kind: TransactionKind = TransactionKind.REPAYMENT,
) -> tuple[Position, Applied]:
    """Unapplied cash and `amount_fen` of new money from account `source` pay what is owed on the day, in the order of their
    kind; the rest is kept. Whatever comes after a write-off is a recovery."""
    available = amount_fen + position.unapplied_fen
    order = position.terms.order_for(TransactionKind.RECOVERY if position.written_off_on else kind)
    outcome = allocation.allocate(order, position.dues, available, dpd=position.dpd)
    drawn = max(0, position.unapplied_fen - outcome.unapplied_fen)
    after = replace(_closing(paid_on(position, outcome.paid, position.as_of), outcome.left), unapplied_fen=outcome.unapplied_fen)
    applied = Applied(on=position.as_of, source=source, amount_fen=amount_fen, drawn_fen=drawn, allocation=outcome,
                      is_off_book=position.is_off_book, arrears_fen=position.arrears_due_fen - after.arrears_due_fen,
                      is_written_off=position.written_off_on is not None, written_off_fee_fen=written_off_fees(position, outcome.paid))
    return on_books_again(after), applied


def on_books_again(position: Position) -> Position:
    """Only a loan without any arrears comes back onto the books, none that was written off, and one that was restructured only
    when it has paid an instalment of its new plan."""
    waits = position.recognised > 0 and position.lines[position.recognised - 1].has_moved
    stays = waits or position.oldest_due_on is not None or position.written_off_on is not None
    return replace(position, is_off_book=position.is_off_book and stays)


def written_off_fees(position: Position, paid: Iterable[Due]) -> int:
    """The part of what was paid (or forgiven) on fees that had been written off."""
    day = position.written_off_on
    return 0 if day is None else sum(due.fee_fen for due in paid if due.due_date <= day)


def paid_on(position: Position, paid: Iterable[Due], on: date, *, is_waived: bool = False) -> Position:
    """The position after `paid` (or forgiven), one part an instalment or charge."""
    parts = {due.period: due for due in paid if due.total_fen}
    if not parts:
        return position

    def after(lines: tuple[LinePosition, ...]) -> tuple[LinePosition, ...]:
        touched = ((line, parts.get(line.line.period)) for line in lines)
        return tuple(line.after(part, on, is_waived=is_waived) if part else line for line, part in touched)

    return replace(position, lines=after(position.lines), charges=after(position.charges))


def _closing(position: Position, left: Iterable[Due]) -> Position:
    """With those lines and charges closed of which nothing is left, penalties included."""
    empty = {due.period for due in left if not due.total_fen}
    if not empty:
        return position
    closed = ((line.closed() if line.line.period in empty else line for line in lines) for lines in (position.lines, position.charges))
    lines, charges = map(tuple, closed)
    return replace(position, lines=lines, charges=charges)
