"""A shard's loans whose next event has come, loaded as arrays. Nobody waits for whoever reads: `writing` looks again."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from django.db import connection

from chezhe.finmath.daily_kernels import LINE_COLUMNS, STATE_COLUMNS
from chezhe.finmath.level import RATE_SCALE
from chezhe.finmath.vector_shares import DAY_COUNTS
from chezhe.servicing import rules
from chezhe.servicing.states import RUNNING

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Ints = NDArray[Any]

# How interest runs, by place: the day counts, then the flat charge.
RUNS_ON = (*(day_count.value for day_count in DAY_COUNTS), rules.FLAT)
# Dates as ordinals (day 1 is 0001-01-01), 0 for none. The order of the first columns is that of `daily_kernels`.
# All figures come as one array of whole numbers in PostgreSQL's own form: no value of Python's is made for any of them.
_TOUCHED = f"""
WITH due AS MATERIALIZED (
SELECT l.ctid AS place, l.xmin AS writer, l.number, ARRAY[
       l.as_of - DATE '0001-01-01' + 1, coalesce(l.oldest_due_on - DATE '0001-01-01' + 1, 0), l.off_book_after_days,
       l.is_off_book::int, l.unapplied, l.principal_left, l.principal_due, l.interest_due, l.fee_due, l.accrued_out, l.recognised,
       coalesce(s.due_dates[l.recognised + 1] - DATE '0001-01-01' + 1, 0), coalesce(s.principal_fen[l.recognised + 1], 0),
       coalesce(s.interest_fen[l.recognised + 1], 0), coalesce(s.fee_fen[l.recognised + 1], 0),
       coalesce(s.due_dates[l.recognised + 2] - DATE '0001-01-01' + 1, 0),
       l.id, l.branch_id, l.product_version_id, coalesce(s.due_dates[l.recognised], l.paid_out_on) - DATE '0001-01-01' + 1,
       coalesce(s.interest_fen[l.recognised + 2], 0),
       (s.version > 1 AND s.effective_on >= coalesce(s.due_dates[l.recognised], l.paid_out_on))::int,
       (s.arrears_fen IS NOT NULL)::int, array_position(%s::text[], l.runs_on) - 1, (coalesce(l.annual_rate, 0) * {RATE_SCALE})::bigint,
       array_position(%s::text[], l.accrual_basis::text) - 1, l.accrual_denominator
       ] AS figures, l.accrual_weight, l.accrual_origin
  FROM servicing_loan l
  JOIN LATERAL (SELECT * FROM servicing_schedule WHERE loan_id = l.id ORDER BY version DESC LIMIT 1) s ON true
 WHERE l.status IN ({", ".join(f"'{status}'" for status in RUNNING)}) AND l.next_event_on <= %s AND l.id BETWEEN %s AND %s
 ORDER BY l.id
) SELECT array_agg(number), array_agg(accrual_weight), array_agg(accrual_origin), array_send(array_agg(figures)),
  array_send(array_agg(place)), array_send(array_agg(writer)) FROM due
"""  # noqa: S608 - our own figures
_NUMBERS = STATE_COLUMNS + LINE_COLUMNS
_PLAIN = (
    "ids", "branches", "versions", "running_from", "next_interest", "is_replanned", "has_arrears", "runs_on", "rate_units", "bases",
    "denominators",
)
# PostgreSQL's form of a table of numbers, and of a row of places or of transactions: a head, then length and value of each.
_HEAD_BYTES, _CELL = 28, [("length", ">i4"), ("value", ">i8")]
_ROW_HEAD_BYTES, PLACE, WRITER = 20, "V6", "V4"


@dataclass(frozen=True, slots=True)
class Touched:
    """Loans side by side: `states` and `lines` in the columns of `daily_kernels`, the rest one value a loan. `runs_on` are
    places in RUNS_ON, `rate_units` yearly rates in 10^-10. `places` say where the rows lay and `writers` who wrote them (ctid and
    xmin, as PostgreSQL sends them): with the id they name a version of a row, and no later one is like it.

    `bases` (places in DAY_COUNTS), `denominators`, `weights` and `origins` are the shares the rows stand with."""

    states: Ints
    lines: Ints
    ids: Ints
    branches: Ints
    versions: Ints
    running_from: Ints
    next_interest: Ints
    is_replanned: Ints
    has_arrears: Ints
    runs_on: Ints
    rate_units: Ints
    bases: Ints
    denominators: Ints
    places: Any
    writers: Any
    numbers: list[str]
    weights: list[int]
    origins: list[int]

    def __len__(self) -> int:
        return len(self.numbers)


def touched(to: date, first_id: int, last_id: int) -> Touched:
    """The active loans of [first_id, last_id] for which something has happened by the morning of `to`, in the order
    of their ids, as one moment saw them. A loan that a payment has already brought there is not among them."""
    import numpy as np

    with connection.cursor() as cursor:
        cursor.execute(_TOUCHED, [list(RUNS_ON), list(RUNS_ON), to, first_id, last_id])
        numbers, weights, origins, figures, places, writers = cursor.fetchone()
    cells = np.frombuffer(figures, dtype=_CELL, offset=_HEAD_BYTES)["value"] if numbers else np.zeros(0)
    table = cells.astype(np.int64).reshape(len(numbers or ()), _NUMBERS + len(_PLAIN))
    plain = {name: table[:, _NUMBERS + at].copy() for at, name in enumerate(_PLAIN)}
    return Touched(
        states=np.ascontiguousarray(table[:, :STATE_COLUMNS]), lines=np.ascontiguousarray(table[:, STATE_COLUMNS:_NUMBERS]),
        **plain, numbers=numbers or [], weights=list(map(int, weights or ())), origins=list(map(int, origins or ())),
        places=_row_of(places, PLACE), writers=_row_of(writers, WRITER),
    )


def _row_of(sent: bytes | None, form: str) -> Any:
    """An array of values that stay as they are."""
    import numpy as np

    if sent is None:
        return np.zeros(0, dtype=form)
    return np.frombuffer(sent, dtype=[("length", ">i4"), ("value", form)], offset=_ROW_HEAD_BYTES)["value"]
