"""What a loan's position tells of how it is paid, in the form in which behaviour features are worked out. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from chezhe.risk.profiles.behaviour import BAD_DAYS, Instalment, LoanRecord
from chezhe.servicing.position import LinePosition, Position

GOOD, BAD = "good", "bad"


def record_of(
    position: Position, *, begun_on: date, principal_fen: int, prepaid_fen: int = 0, failed_debits: Sequence[date] = (),
) -> LoanRecord:
    """The loan as `position` has it. What was paid when stands in its lines: money, unapplied cash, a waiver, a settlement and a
    restructuring clear an instalment alike."""
    fallen, coming = position.lines[: position.recognised], position.next_line
    return LoanRecord(
        begun_on=begun_on, principal_fen=principal_fen, principal_left_fen=position.principal_fen,
        instalments=[_instalment(held, position.settled_on) for held in fallen],
        left=0 if position.settled_on else len(position.lines) - position.recognised,
        next_instalment_fen=coming.principal_fen + coming.interest_asked_fen + coming.fee_fen if coming else 0,
        prepaid_fen=prepaid_fen, deposit_fen=position.deposit_fen, failed_debits=failed_debits, ended_on=position.settled_on,
        worst_before=position.worst_before.days if position.worst_before else 0, is_written_off=position.written_off_on is not None,
    )


def outcome_of(record: LoanRecord, position: Position) -> tuple[str, date] | None:
    """Whether the loan turned bad (ninety days late, or written off) or ran good to its end, and when; None while that is open."""
    on = position.as_of
    if (bad_on := record.went_bad_on(on)) is not None:
        return BAD, bad_on
    before = position.worst_before
    if before is not None and before.days >= BAD_DAYS:
        return BAD, before.ended_on or before.due_on
    if position.written_off_on is not None:
        return BAD, position.written_off_on
    return (GOOD, record.ended_on) if record.ended_on is not None else None


def _instalment(held: LinePosition, settled_on: date | None) -> Instalment:
    paid_on = held.in_order_from or settled_on
    return Instalment(held.line.due_date, paid_on, _part_on(held))


def _part_on(held: LinePosition) -> date | None:
    """When money first paid a part of it and left the rest. Each payment ends a stretch; what stood after it is what stands in the next."""
    whole = held.line.principal_fen + held.line.interest_fen
    left_last = held.principal_left_fen + held.interest_left_fen - held.arrears_left_fen
    left = [*(stretch.principal_fen + stretch.interest_fen for stretch in held.stretches), left_last][1:]
    return next((stretch.to_date for stretch, after in zip(held.stretches, left, strict=True) if 0 < after < whole), None)
