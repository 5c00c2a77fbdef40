"""What money does to a loan: it is spread over dues, or settles, or prepays."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

from msgspec import structs

from chezhe.finmath import settlement
from chezhe.finmath.accrual import AccruingLine
from chezhe.finmath.allocation import TransactionKind
from chezhe.finmath.settlement import Settlement, SettlementRule
from chezhe.servicing.position.days import advance
from chezhe.servicing.position.effects import Closed, Effect
from chezhe.servicing.position.spreading import paid_on, spread
from chezhe.servicing.position.values import Line, Position, Terms


def receive(
    position: Position, amount_fen: int, on: date, source: str, kind: TransactionKind = TransactionKind.REPAYMENT,
) -> tuple[Position, list[Effect]]:
    """Money arrives: the loan is brought up to `on`, then the sum is spread; what is too much stays unapplied."""
    position, effects = advance(position, on)
    position, applied = spread(position, amount_fen, source, kind)
    return position, [*effects, applied]


def payoff(position: Position, on: date) -> Settlement:
    """What settles the loan on `on`, before unapplied cash is set off. The position itself does not change."""
    position, _ = advance(position, on)
    running = position.next_line
    later = sum(line.line.interest_fen for line in position.lines[position.recognised + 1 :])
    figure = settlement.settle(
        _settlement_rule(position), on, overdue=position.dues,
        line=accruing(position.terms, running) if running else None, later_flat_fen=later,
    )
    earned = (running.earned_fen if running else 0) + position.arrears_to_come_fen
    return replace(figure, interest_fen=figure.interest_fen + earned, total_fen=figure.total_fen + earned)


def _settlement_rule(position: Position) -> SettlementRule:
    after = position.terms.free_after_periods
    paid = sum(1 for line in position.lines[: position.recognised] if line.cleared_on and not line.has_moved)
    is_free = after is not None and paid >= after
    return replace(position.terms.settlement, fee_rate=Decimal(0)) if is_free else position.terms.settlement


def accruing(terms: Terms, line: Line) -> AccruingLine:
    """The line as `finmath.accrual` reads it; what a prepaid sum had earned inside it stands apart."""
    usual = terms.first_day_count if line.period == 1 else terms.day_count
    return AccruingLine(
        from_date=line.from_date, due_date=line.due_date, balance_fen=line.opening_fen,
        interest_fen=line.interest_fen - line.earned_fen, day_count=line.day_count or usual,
        annual_rate=terms.annual_rate if line.annual_rate is None else line.annual_rate,
    )


def close(position: Position, amount_fen: int, on: date, source: str) -> tuple[Position, list[Effect]]:
    """Settle early with the payoff of the day less unapplied cash; what is more than that (a charge was taken back, a refund
    was cancelled since) stays unapplied. Raises ValueError for less."""
    position, effects = advance(position, on)
    figure = payoff(position, on)
    left = position.unapplied_fen + amount_fen - figure.total_fen
    if left < 0:
        raise ValueError("the sum does not meet the payoff of the day")
    drawn = max(0, figure.total_fen - amount_fen)
    fallen_due = position.interest_due_fen - position.arrears_due_fen
    arrears = position.arrears_due_fen + position.arrears_to_come_fen
    closed = Closed(
        on=on, source=source, amount_fen=amount_fen, drawn_fen=drawn, interest_due_fen=fallen_due, settlement=figure,
        is_off_book=position.is_off_book, arrears_fen=arrears,
    )
    position = paid_on(position, position.dues, on)
    earned = 0 if position.is_off_book else figure.interest_fen - fallen_due - arrears
    return structs.replace(
        position, unapplied_fen=left, settled_on=on, is_off_book=False,
        accrued_out_fen=position.accrued_out_fen + earned,
    ), [*effects, closed]
