"""Money finds what is owed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date

from chezhe.finmath import allocation
from chezhe.finmath.allocation import Due
from chezhe.servicing.position.effects import Applied
from chezhe.servicing.position.values import LinePosition, Position


def spread(position: Position, amount_fen: int, source: str) -> tuple[Position, Applied]:
    """Unapplied cash and `amount_fen` of new money from account `source` pay what is owed on the day; the rest is kept."""
    available = amount_fen + position.unapplied_fen
    outcome = allocation.allocate(position.terms.allocation, position.dues, available, dpd=position.dpd)
    drawn = max(0, position.unapplied_fen - outcome.unapplied_fen)
    applied = Applied(on=position.as_of, source=source, amount_fen=amount_fen, drawn_fen=drawn, allocation=outcome,
                      is_off_book=position.is_off_book)
    after = replace(paid_on(position, outcome.paid, position.as_of), unapplied_fen=outcome.unapplied_fen)
    # Only a loan without any arrears comes back onto the books.
    return replace(after, is_off_book=after.is_off_book and after.oldest_due_on is not None), applied


def paid_on(position: Position, paid: Iterable[Due], on: date) -> Position:
    """The position after `paid`, one part an instalment or charge."""
    parts = list(paid)
    return replace(position, lines=_with_paid(position.lines, parts, on), charges=_with_paid(position.charges, parts, on))


def _with_paid(lines: tuple[LinePosition, ...], paid: Iterable[Due], on: date) -> tuple[LinePosition, ...]:
    parts = {due.period: due for due in paid}
    return tuple(line.after(parts[line.line.period], on) if line.line.period in parts else line for line in lines)
