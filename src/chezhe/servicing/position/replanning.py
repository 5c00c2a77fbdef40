"""Principal paid before it is due: the lines that have not fallen due are planned anew."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from msgspec.structs import replace

from chezhe.finmath import prepayment
from chezhe.finmath.accrual import accrued_fen
from chezhe.finmath.prepayment import PrepaymentMode
from chezhe.finmath.restructure import evenly
from chezhe.finmath.terms import Method, QuoteTerms, Row, TermsError
from chezhe.servicing.position.days import advance, lines_of
from chezhe.servicing.position.effects import Effect, Prepaid
from chezhe.servicing.position.money import accruing
from chezhe.servicing.position.values import Line, LinePosition, Position


def prepay(position: Position, amount_fen: int, on: date, source: str, mode: PrepaymentMode) -> tuple[Position, list[Effect]]:
    """Pay `amount_fen` of the principal not yet due; the lines not yet due are planned anew.

    Raises TermsError when the plan cannot be changed this way: something is overdue, the line was replanned before,
    the sum reaches the balance, or the method has no such plan.
    """
    position, effects = advance(position, on)
    running = position.next_line
    if position.terms.plan is None or running is None:
        raise TermsError("prepayment_not_possible", "mode")
    if position.dues:
        raise TermsError("prepayment_while_overdue", "amount")
    if running.is_replanned:
        raise TermsError("prepayment_twice_in_line", "paid_on")
    lines = _replanned(position, running, amount_fen, on, mode)
    done = Prepaid(on=on, source=source, amount_fen=amount_fen, mode=mode)
    return replace(position, lines=(*position.lines[: position.recognised], *lines)), [*effects, done]


def _replanned(position: Position, running: Line, amount_fen: int, on: date, mode: PrepaymentMode) -> list[LinePosition]:
    plan, passed = position.terms.plan, position.recognised
    assert plan is not None
    lines = [held.line for held in position.lines]
    # Without fees, and from a line that is whole: what the borrower calls the instalment.
    usual = lines[passed + 1].principal_fen + lines[passed + 1].interest_fen if len(lines) > passed + 1 else None
    rest = rest_of(position)
    rows = prepayment.prepaid_schedule(
        rest, amount_fen=amount_fen, paid_on=on, mode=mode,
        instalment_fen=usual if plan.method is Method.EQUAL_INSTALMENT else None,
    )
    arrears = evenly(sum(line.arrears_fen for line in lines[passed:]), len(rows))
    new = lines_of(rows, running.from_date, running.opening_fen - amount_fen, passed)
    first, *later = [replace(held, line=replace(held.line, arrears_fen=part)) for held, part in zip(new, arrears, strict=True)]
    before, after = (accrued_fen(accruing(position.terms, line), on) for line in (running, first.line))
    marked = replace(first.line, is_replanned=True, earned_fen=min(before - after, first.line.interest_fen))
    return [replace(first, line=marked), *later]


def rest_of(position: Position) -> QuoteTerms:
    """The lines that have not fallen due as terms of their own. Raises TermsError inside a line that a change left by itself."""
    plan, passed = position.terms.plan, position.recognised - position.plan_from
    if plan is None or passed < 0:
        raise TermsError("prepayment_not_possible", "plan")
    return prepayment.rest_of(plan, rows_of(held.line for held in position.lines[position.plan_from :]), passed)


def rows_of(lines: Iterable[Line]) -> list[Row]:
    """The lines as rows of a schedule, with running balances."""
    return [
        Row(period=line.period, due_date=line.due_date, principal_fen=line.principal_fen, interest_fen=line.interest_fen,
            fee_fen=line.fee_fen, total_fen=line.principal_fen + line.interest_fen + line.fee_fen,
            balance_fen=line.opening_fen - line.principal_fen)
        for line in lines
    ]
