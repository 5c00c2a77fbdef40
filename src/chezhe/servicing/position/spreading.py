"""Money finds what is owed."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date

from msgspec.structs import replace

from chezhe.finmath import allocation
from chezhe.finmath.allocation import Allocation, Due, TransactionKind
from chezhe.servicing.position.effects import Applied
from chezhe.servicing.position.values import LinePosition, Position


def spread(
    position: Position, amount_fen: int, source: str, kind: TransactionKind = TransactionKind.REPAYMENT,
) -> tuple[Position, Applied]:
    """Unapplied cash and `amount_fen` of new money from account `source` pay what is owed on the day, in the order of their
    kind; the rest is kept. Whatever comes after a write-off is a recovery."""
    available, dues = amount_fen + position.unapplied_fen, position.dues
    if not dues and not position.is_off_book:
        return _kept(position, available, source, amount_fen)
    order = position.terms.order_for(TransactionKind.RECOVERY if position.written_off_on else kind)
    outcome = allocation.allocate(order, dues, available, dpd=position.dpd)
    drawn = max(0, position.unapplied_fen - outcome.unapplied_fen)
    after = replace(_closing(paid_on(position, outcome.paid, position.as_of), outcome.left), unapplied_fen=outcome.unapplied_fen)
    applied = Applied(on=position.as_of, source=source, amount_fen=amount_fen, drawn_fen=drawn, allocation=outcome,
                      is_off_book=position.is_off_book, arrears_fen=position.arrears_due_fen - after.arrears_due_fen,
                      is_written_off=position.written_off_on is not None, written_off_fee_fen=written_off_fees(position, outcome.paid),
                      claim_fee_fen=claim_fees(position, outcome.paid))
    return on_books_again(after), applied


def _kept(position: Position, available_fen: int, source: str, amount_fen: int) -> tuple[Position, Applied]:
    """Nothing is owed: all of it waits."""
    applied = Applied(
        on=position.as_of, source=source, amount_fen=amount_fen, drawn_fen=0, is_written_off=position.written_off_on is not None,
        allocation=Allocation(paid=(), left=(), unapplied_fen=available_fen),
    )
    return replace(position, unapplied_fen=available_fen), applied


def on_books_again(position: Position) -> Position:
    """Only a loan without any arrears comes back onto the books, none that was written off, and one that was restructured only
    when it has paid an instalment of its new plan."""
    waits = position.recognised > 0 and position.lines[position.recognised - 1].has_moved
    stays = waits or position.oldest_due_on is not None or position.written_off_on is not None
    return replace(position, is_off_book=position.is_off_book and stays)


def written_off_fees(position: Position, paid: Iterable[Due]) -> int:
    """The part of what was paid (or forgiven) on fees that had been written off."""
    if position.written_off_on is None:
        return 0
    return sum(due.fee_fen for due in paid if due.period >= -position.charges_written_off)


def claim_fees(position: Position, paid: Iterable[Due]) -> int:
    """The part of what was paid (or forgiven) on fees that were charged after a write-off."""
    claims = {charge.line.period for charge in position.charges if charge.line.is_claim}
    return sum(due.fee_fen for due in paid if due.period in claims) if claims else 0


def paid_on(position: Position, paid: Iterable[Due], on: date, *, is_waived: bool = False) -> Position:
    """The position after `paid` (or forgiven), one part an instalment or charge."""
    parts = {due.period: due for due in paid if due.total_fen}
    if not parts:
        return position

    def after(line: LinePosition) -> LinePosition:
        part = parts.get(line.line.period)
        return line.after(part, on, is_waived=is_waived) if part else line

    return _with_each(position, after)


def _closing(position: Position, left: Iterable[Due]) -> Position:
    """With those lines and charges closed of which nothing is left, penalties included."""
    empty = {due.period for due in left if not due.total_fen}
    return _with_each(position, lambda line: line.closed() if line.line.period in empty else line) if empty else position


def _with_each(position: Position, change: Callable[[LinePosition], LinePosition]) -> Position:
    """With what has fallen due and is not closed, and every charge, changed; the rest of the plan stays as it is."""
    fallen, to_come = position.lines[: position.recognised], position.lines[position.recognised :]
    lines = tuple([line if line.is_closed else change(line) for line in fallen])
    return replace(position, lines=lines + to_come, charges=tuple(map(change, position.charges)))
