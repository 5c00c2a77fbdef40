"""The plans of many loans that bring none: one product and method at a time, by the compiled schedules."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import date
from typing import Any

from chezhe.finmath.terms import Method, QuoteTerms, Row
from chezhe.takeover.arranging import Contradiction, House, terms_of
from chezhe.takeover.rules import OldLoan

# So few are sooner worked out one by one than a compiled batch is made ready.
FEW = 50
ONE_BY_ONE = frozenset({Method.BULLET, Method.BALLOON, Method.STEPPED})


def rows_of(loans: Sequence[tuple[OldLoan, House]]) -> list[tuple[Row, ...] | None]:
    """The plan of each loan from its terms; None for one that brings its own, and where only `arrange` can say what is wrong."""
    found: list[tuple[Row, ...] | None] = [None] * len(loans)
    groups: defaultdict[Any, list[tuple[int, QuoteTerms]]] = defaultdict(list)
    for place, (old, house) in enumerate(loans):
        if old.plan or old.loan.method in ONE_BY_ONE:
            continue
        try:
            plan = terms_of(old, house).plan
        except Contradiction:
            continue
        groups[plan.method, plan.day_count, plan.stub].append((place, plan))
    for members in groups.values():
        if len(members) < FEW:
            continue
        for (place, _plan), rows in zip(members, _together([plan for _place, plan in members]), strict=True):
            found[place] = rows
    return found


def _together(plans: Sequence[QuoteTerms]) -> list[tuple[Row, ...] | None]:
    import numpy as np

    from chezhe.finmath.level import rate_units
    from chezhe.finmath.plan import first_due_of
    from chezhe.finmath.vector_schedules import Batch, schedules

    first = plans[0]
    is_flat = first.method is Method.FLAT_EQUAL
    firsts = [first_due_of(plan) for plan in plans]
    made = schedules(Batch(
        method=first.method, day_count=first.day_count, stub=first.stub, flat_is_annual=is_flat,
        principal_fen=np.array([plan.principal_fen for plan in plans], dtype=np.int64),
        periods=np.array([plan.periods for plan in plans], dtype=np.int64),
        rate_units=np.array([rate_units((plan.flat_annual_rate if is_flat else plan.annual_rate) or 0) for plan in plans], dtype=np.int64),
        starts=np.array([plan.start_date.toordinal() for plan in plans], dtype=np.int64),
        first_dues=np.array([due.toordinal() for due, _anchor in firsts], dtype=np.int64),
        anchor_days=np.array([anchor for _due, anchor in firsts], dtype=np.int64),
    ))
    assert made.due_ordinals is not None
    principals, interests, dues = made.principal_fen.tolist(), made.interest_fen.tolist(), made.due_ordinals.tolist()
    return [
        None if made.refused[place] else _rows(plan, principals[place], interests[place], dues[place])
        for place, plan in enumerate(plans)
    ]


def _rows(plan: QuoteTerms, principals: Sequence[int], interests: Sequence[int], dues: Sequence[int]) -> tuple[Row, ...]:
    balance, rows = plan.principal_fen, []
    for period in range(1, (plan.periods or 0) + 1):
        principal, interest = principals[period - 1], interests[period - 1]
        balance -= principal
        rows.append(Row(
            period=period, due_date=date.fromordinal(dues[period - 1]), principal_fen=principal, interest_fen=interest, fee_fen=0,
            total_fen=principal + interest, balance_fen=balance,
        ))
    return tuple(rows)
