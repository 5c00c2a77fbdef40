"""The plans of a loan, each as one row of arrays: the newest is what the close of a day reads."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from chezhe.finmath.contract import ContractTerms
from chezhe.finmath.terms import Row
from chezhe.kernel import values
from chezhe.servicing import position as positions
from chezhe.servicing import rules
from chezhe.servicing.models import Loan, Schedule
from chezhe.servicing.position import Brought, Position


def keep(
    loan: Loan, rows: Iterable[Row], *, effective_on: date, terms: ContractTerms | None, arrears_fen: list[int] | None = None,
    brought: Brought | None = None,
) -> Schedule:
    """Write a plan as one row of arrays, under the next version, with the `terms` that made it and what a loan taken over brought."""
    stored = rules.arrays(list(rows))
    return Schedule.objects.create(
        loan=loan, version=loan.schedules.count() + 1, effective_on=effective_on, due_dates=stored.due_dates,
        principal_fen=stored.principal_fen, interest_fen=stored.interest_fen, fee_fen=stored.fee_fen,
        terms=values.to_json(terms) if terms else None, arrears_fen=arrears_fen, brought=values.to_json(brought) if brought else None,
    )


def keep_plan(loan: Loan, position: Position, *, effective_on: date) -> None:
    """A next version when the fold plans otherwise than the newest one says: the close of a day reads the newest."""
    rows = positions.rows_of(held.line for held in position.lines)
    arrears = [held.line.arrears_fen for held in position.lines]
    newest, said = loan.schedules.order_by("-version").first(), rules.arrays(rows)
    is_same = newest is not None and all(list(getattr(newest, name)) == list(getattr(said, name)) for name in rules.PLAN_COLUMNS)
    if newest is None or not is_same or (newest.arrears_fen or [0] * len(rows)) != arrears:
        terms = rules.contract_of(position)
        keep(loan, rows, effective_on=effective_on, terms=terms, arrears_fen=arrears if any(arrears) else None)
