"""The rest of a loan planned anew by a decision: other due days, a holiday, an extension, another rate, a restructuring.

Only lines that have not fallen due are touched, except by a restructuring, which takes what is unpaid of the older ones along.
Everything here raises TermsError when the plan cannot be changed this way.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date

from msgspec import structs

from chezhe.finmath import days, prepayment, restructure, schedule
from chezhe.finmath.accrual import accrued_fen
from chezhe.finmath.allocation import Due
from chezhe.finmath.terms import DayCount, Method, QuoteTerms, TermsError
from chezhe.servicing.position.changes import DueDayChange, Extension, Holiday, RateChange, Restructuring
from chezhe.servicing.position.days import lines_of
from chezhe.servicing.position.effects import Effect, FellDue, Restructured
from chezhe.servicing.position.money import accruing
from chezhe.servicing.position.replanning import rest_of, rows_of
from chezhe.servicing.position.values import Line, LinePosition, Position, Terms

# A plan of one line has no day of the month, a rent in advance no line that could wait.
SHIFTED = frozenset({
    Method.EQUAL_INSTALMENT, Method.EQUAL_PRINCIPAL, Method.INTEREST_ONLY_BULLET, Method.BALLOON, Method.STEPPED, Method.FLAT_EQUAL,
})
STRETCHED = SHIFTED - {Method.FLAT_EQUAL}
# In their last line the principal itself is extended.
ENDING = frozenset({Method.BULLET, Method.INTEREST_ONLY_BULLET, Method.BALLOON})


def planned(position: Position, change: DueDayChange | Holiday | Extension | RateChange, on: date) -> Position:
    """The position with the lines from the running one on as `change` wants them."""
    running = _running(position)
    if isinstance(change, Extension):
        return _extended(position, running, change)
    if isinstance(change, RateChange):
        return _repriced(position, running, change)
    rest = rest_of(position)
    if rest.method not in SHIFTED:
        raise TermsError("plan_not_changeable", "method")
    if isinstance(change, DueDayChange):
        first = _first_due_on(running, change.due_day, on)
        return _from_running(position, replace(rest, first_due_date=first, due_day=change.due_day))
    anchor = prepayment.anchor_day(rest)
    first = days.month_step(running.due_date, change.months, anchor)
    return _from_running(position, replace(rest, first_due_date=first, due_day=anchor))


def _running(position: Position) -> Line:
    running = position.next_line
    if running is None or position.terms.plan is None:
        raise TermsError("plan_not_changeable", "plan")
    if running.is_replanned:
        raise TermsError("plan_changed_in_line", "plan")
    return running


def _first_due_on(running: Line, due_day: int, on: date) -> date:
    """The day nearest to the old due date that is still to come; of two as near, the later."""
    if running.due_date == days.month_step(running.due_date, 0, due_day):
        raise TermsError("due_day_unchanged", "due_day")
    months = (days.month_step(running.due_date, step, due_day) for step in (-1, 0, 1))
    to_come = [day for day in months if day > max(on, running.from_date)]
    return min(to_come, key=lambda day: (abs(day - running.due_date), -day.toordinal()))


def _extended(position: Position, running: Line, change: Extension) -> Position:
    rest = rest_of(position)
    is_last = position.recognised == len(position.lines) - 1
    if is_last and rest.method in ENDING:
        return _principal_extended(position, running, rest, change)
    if rest.method not in STRETCHED or change.annual_rate not in (None, rest.annual_rate):
        raise TermsError("extension_not_possible", "annual_rate")
    periods = len(position.lines) - position.recognised + change.months
    first, anchor = running.due_date, prepayment.anchor_day(rest)
    return _from_running(position, replace(rest, periods=periods, first_due_date=first, due_day=anchor))


def begun_again(position: Position, on: date) -> Position:
    """The whole plan as if the money had gone on `on`; a first due date that is not after it is found anew."""
    terms = position.terms.plan
    assert terms is not None
    first = terms.first_due_date
    return _planned_from(position, 0, replace(terms, start_date=on, first_due_date=first if first is not None and first > on else None))


def _principal_extended(position: Position, running: Line, rest: QuoteTerms, change: Extension) -> Position:
    """The running line keeps its interest (and, of a balloon, the regular part); the rest of the principal waits, at its own rate."""
    waits = min(rest.balloon_fen or running.principal_fen, running.principal_fen)
    rate = position.terms.annual_rate if change.annual_rate is None else change.annual_rate
    assert rate is not None
    plan = restructure.extension_terms(
        replace(rest, due_day=prepayment.anchor_day(rest)), principal_fen=waits, matures_on=running.due_date, months=change.months,
        annual_rate=rate,
    )
    last = structs.replace(_held_by_itself(position, running), principal_fen=running.principal_fen - waits)
    kept = structs.replace(position, lines=(*position.lines[:-1], structs.replace(position.lines[-1], line=last)))
    return _planned_from(kept, len(kept.lines), plan)


def _repriced(position: Position, running: Line, change: RateChange) -> Position:
    """The running line keeps its rate; the lines after it are planned at the new one."""
    rest = rest_of(position)
    if rest.method not in STRETCHED or position.recognised == len(position.lines) - 1:
        raise TermsError("rate_not_changeable", "annual_rate")
    if change.annual_rate == rest.annual_rate:
        raise TermsError("rate_unchanged", "annual_rate")
    passed = position.recognised + 1 - position.plan_from
    assert position.terms.plan is not None
    later = prepayment.rest_of(position.terms.plan, rows_of(held.line for held in position.lines[position.plan_from :]), passed)
    held = structs.replace(position.lines[position.recognised], line=_held_by_itself(position, running))
    kept = structs.replace(position, lines=(*position.lines[: position.recognised], held, *position.lines[position.recognised + 1 :]))
    return _planned_from(kept, position.recognised + 1, replace(later, annual_rate=change.annual_rate, instalment_fen=None))


def _held_by_itself(position: Position, running: Line) -> Line:
    """The running line with its rate and day count, whatever the terms say from now on."""
    runs = accruing(position.terms, running)
    return structs.replace(running, is_replanned=True, annual_rate=runs.annual_rate, day_count=runs.day_count)


def _from_running(position: Position, plan: QuoteTerms) -> Position:
    """The running line and all after it as `plan` has them."""
    plan = replace(plan, instalment_fen=None)
    after = _planned_from(position, position.recognised, plan)
    first = after.lines[position.recognised]
    marked = structs.replace(first.line, is_replanned=True, day_count=_first_basis(plan, first.line))
    lines = (*after.lines[: position.recognised], structs.replace(first, line=marked), *after.lines[position.recognised + 1 :])
    return structs.replace(after, lines=lines)


def _first_basis(plan: QuoteTerms, first: Line) -> DayCount:
    anchor = prepayment.anchor_day(plan)
    is_whole = days.is_whole_month(first.from_date, first.due_date, anchor)
    return plan.day_count if is_whole or plan.stub is None else plan.stub.basis


def _planned_from(position: Position, keep: int, plan: QuoteTerms) -> Position:
    """The first `keep` lines, then those of `plan`; arrears of the lines given up are spread over the new ones."""
    rows = schedule.build(plan)
    arrears = restructure.evenly(sum(held.line.arrears_fen for held in position.lines[keep:]), len(rows))
    new = _bearing(lines_of(rows, plan.start_date, plan.principal_fen, keep), arrears)
    rate = position.terms.annual_rate if plan.method is Method.FLAT_EQUAL else plan.annual_rate
    terms = position.terms.priced(plan, rate)
    return structs.replace(position, terms=terms, lines=(*_with_their_penalty(position, keep, terms), *new), plan_from=keep)


def _with_their_penalty(position: Position, keep: int, terms: Terms) -> Iterable[LinePosition]:
    """The lines that stay as they are: their penalty follows the rate that they bear, not a later one."""
    old, lines = position.terms.penalty.annual_rate, position.lines[:keep]
    return lines if terms.penalty.annual_rate == old else (line.bearing(old) for line in lines)


def _bearing(lines: Iterable[LinePosition], arrears_fen: Iterable[int]) -> list[LinePosition]:
    """The lines, each with its part of older unpaid interest."""
    return [
        structs.replace(held, line=structs.replace(held.line, arrears_fen=part))
        for held, part in zip(lines, arrears_fen, strict=True)
    ]


def restructured(position: Position, change: Restructuring, on: date) -> tuple[Position, list[Effect]]:
    """Everything unpaid under a new plan from `on`: the balance bears interest anew, unpaid interest is spread over the new
    lines, unpaid fees are owed beside the plan, penalties to the day stay owed."""
    old_plan = position.terms.plan
    if old_plan is None or not position.principal_fen:
        raise TermsError("plan_not_changeable", "plan")
    ended, effects = cut(position, on)
    arrears = ended.interest_due_fen
    fees = ended.fee_due_fen - sum(charge.fee_left_fen for charge in ended.charges)
    anchor = prepayment.anchor_day(old_plan)
    plan = QuoteTerms(
        principal_fen=ended.principal_fen, method=change.method, start_date=on, annual_rate=change.annual_rate, periods=change.periods,
        first_due_date=days.month_step(on, 1, anchor), due_day=anchor, day_count=old_plan.day_count, stub=old_plan.stub,
    )
    made = restructure.restructure(plan, arrears)
    new = _bearing(lines_of(made.rows, on, plan.principal_fen, ended.recognised), made.arrears_fen)
    new[0] = structs.replace(new[0], line=structs.replace(new[0].line, is_replanned=True, day_count=_first_basis(plan, new[0].line)))
    terms = ended.terms.priced(plan, change.annual_rate)
    old = _with_their_penalty(ended, ended.recognised, terms)
    # Fees of the old plan that are still owed stand on the books already.
    after = structs.replace(
        ended.charged(fees, on), terms=terms, plan_from=ended.recognised, lines=(*(held.moved(on) for held in old), *new),
        observed_until=days.month_step(on, change.observed_months, on.day),
        accelerated_on=None,
    )
    on_book = 0 if ended.is_off_book else arrears - ended.arrears_due_fen
    return after, [*effects, Restructured(on=on, arrears_fen=arrears, on_book_fen=on_book)]


def cut(position: Position, on: date) -> tuple[Position, list[Effect]]:
    """The running line ends on `on`: what it earned falls due, with the principal and the arrears of all that was to come."""
    running = position.next_line
    if running is None:
        return position, []
    earned = accrued_fen(accruing(position.terms, running), on) + running.earned_fen
    ended = structs.replace(running, due_date=on, interest_fen=earned, fee_fen=0, principal_fen=0, arrears_fen=0)
    to_come = [held.line for held in position.lines[position.recognised :]]
    whole = structs.replace(
        ended, principal_fen=sum(line.principal_fen for line in to_come), arrears_fen=sum(line.arrears_fen for line in to_come)
    )
    held = LinePosition(line=whole, paid=Due(period=whole.period, due_date=on))
    after = structs.replace(
        position, lines=(*position.lines[: position.recognised], held), recognised=position.recognised + 1,
        accrued_out_fen=position.accrued_out_fen + (0 if position.is_off_book else earned),
    )
    return after, [FellDue(on=on, line=ended, is_off_book=position.is_off_book)]
