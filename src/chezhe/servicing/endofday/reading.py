"""A shard's loans whose next event has come, locked and loaded as arrays."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.db import connection

from chezhe.finmath.daily_kernels import LINE_COLUMNS, STATE_COLUMNS

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Ints = NDArray[Any]

# Dates as ordinals (day 1 is 0001-01-01), 0 for none. The order of the first columns is that of `daily_kernels`.
_TOUCHED = """
SELECT l.as_of - DATE '0001-01-01' + 1, coalesce(l.oldest_due_on - DATE '0001-01-01' + 1, 0), l.off_book_after_days,
       l.is_off_book::int, l.unapplied, l.principal_left, l.principal_due, l.interest_due, l.fee_due, l.accrued_out, l.recognised,
       coalesce(s.due_dates[l.recognised + 1] - DATE '0001-01-01' + 1, 0), coalesce(s.principal_fen[l.recognised + 1], 0),
       coalesce(s.interest_fen[l.recognised + 1], 0), coalesce(s.fee_fen[l.recognised + 1], 0),
       coalesce(s.due_dates[l.recognised + 2] - DATE '0001-01-01' + 1, 0),
       l.id, l.branch_id, l.product_version_id, coalesce(s.due_dates[l.recognised], l.paid_out_on) - DATE '0001-01-01' + 1,
       coalesce(s.interest_fen[l.recognised + 2], 0),
       (s.version > 1 AND s.effective_on >= coalesce(s.due_dates[l.recognised], l.paid_out_on))::int, l.accrual_denominator,
       (s.arrears_fen IS NOT NULL)::int, l.number, l.runs_on, l.annual_rate, l.accrual_basis, l.accrual_weight, l.accrual_origin
  FROM servicing_loan l
  JOIN LATERAL (SELECT * FROM servicing_schedule WHERE loan_id = l.id ORDER BY version DESC LIMIT 1) s ON true
 WHERE l.status IN ('active', 'accelerated', 'written_off') AND l.next_event_on <= %s AND l.id BETWEEN %s AND %s
 ORDER BY l.id
   FOR UPDATE OF l
"""
_NUMBERS = STATE_COLUMNS + LINE_COLUMNS
_PLAIN = ("ids", "branches", "versions", "running_from", "next_interest", "is_replanned", "denominators", "has_arrears")


@dataclass(frozen=True, slots=True)
class Touched:
    """Loans side by side: `states` and `lines` in the columns of `daily_kernels`, the rest one value a loan.

    `weights` and `origins` (whole numbers of any size) are the share the row stands with.
    """

    states: Ints
    lines: Ints
    ids: Ints
    branches: Ints
    versions: Ints
    running_from: Ints
    next_interest: Ints
    is_replanned: Ints
    denominators: Ints
    has_arrears: Ints
    numbers: list[str]
    runs_on: list[str]
    rates: list[Decimal | None]
    bases: list[str]
    weights: list[int]
    origins: list[int]

    def __len__(self) -> int:
        return len(self.numbers)


def touched(to: date, first_id: int, last_id: int) -> Touched:
    """The active loans of [first_id, last_id] for which something has happened by the morning of `to`, locked in the order
    of their ids. A loan that a payment has already brought there is not among them."""
    import numpy as np

    with connection.cursor() as cursor:
        cursor.execute(_TOUCHED, [to, first_id, last_id])
        rows = cursor.fetchall()
    wide = _NUMBERS + len(_PLAIN)
    numbers = np.array([row[:wide] for row in rows], dtype=np.int64).reshape(len(rows), wide)
    plain = {name: numbers[:, _NUMBERS + at].copy() for at, name in enumerate(_PLAIN)}
    columns: list[Any] = [list(column) for column in zip(*(row[wide:] for row in rows), strict=True)] or [[] for _ in range(6)]
    return Touched(
        states=np.ascontiguousarray(numbers[:, :STATE_COLUMNS]), lines=np.ascontiguousarray(numbers[:, STATE_COLUMNS:_NUMBERS]),
        **plain, numbers=columns[0], runs_on=columns[1], rates=columns[2], bases=columns[3], weights=[int(n) for n in columns[4]],
        origins=[int(n) for n in columns[5]],
    )
