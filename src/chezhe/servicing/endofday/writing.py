"""A shard's results go back set by set: one COPY and one UPDATE for the rows, one entry a branch and event.

Only here are loans held: from when their new rows lie ready until the shard commits. Nothing is waited for, and what somebody
else holds, or changed since it was read, is left to him and to a shard of its own.
"""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta
from functools import cache
from typing import TYPE_CHECKING, Any

from django.db import connection

from chezhe.finmath import daily_kernels as daily
from chezhe.finmath.vector_shares import DAY_COUNTS
from chezhe.kernel import clock
from chezhe.kernel.actor import SYSTEM
from chezhe.ledger import steps as ledger_steps
from chezhe.ledger.rules import EntryContent
from chezhe.servicing import steps
from chezhe.servicing.endofday import reading, working
from chezhe.servicing.endofday.working import Worked
from chezhe.servicing.models import AccrualChange, LoanEvent

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Ints = NDArray[Any]

# The new rows as the arrays hold them: days are ordinals with 0 for none, the basis a place in DAY_COUNTS.
_WHOLE = (
    "id", "next_event_on", "next_due_on", "recognised", "principal_left", "principal_due", "interest_due", "fee_due", "unapplied",
    "oldest_due_on", "is_off_book", "accrued_out", "basis", "denominator",
)
# Whole numbers of any size, as text.
_LARGE, _LARGE_WIDE = ("weight", "origin"), 42
_TABLE = f"""
CREATE TEMPORARY TABLE IF NOT EXISTS end_of_day_rows (place tid, writer xid,
  {", ".join(f"{name} bigint" for name in _WHOLE)}, {", ".join(f"{name} text" for name in _LARGE)}
) ON COMMIT DELETE ROWS
"""
# A row is found where it lay (ctid) and must be the version that was read (xmin: a place is used again). The key stays free, so that
# rows which name the loan are written meanwhile.
_HOLD = """
SELECT coalesce(array_agg(id), '{}') FROM (
  SELECT l.id FROM end_of_day_rows r JOIN servicing_loan l ON l.ctid = r.place AND l.id = r.id AND l.xmin = r.writer
     FOR NO KEY UPDATE OF l SKIP LOCKED) AS held
"""
_AMOUNTS = ("recognised", "principal_left", "principal_due", "interest_due", "fee_due", "unapplied", "accrued_out")
_DAYS = ("next_event_on", "next_due_on", "oldest_due_on")
_UPDATE = f"""
UPDATE servicing_loan l SET as_of = %(to)s, {", ".join(f"{name} = r.{name}" for name in _AMOUNTS)},
       {", ".join(f"{name} = DATE '0001-01-01' + (nullif(r.{name}, 0) - 1)::int" for name in _DAYS)},
       is_off_book = r.is_off_book = 1, accrual_basis = (%(bases)s::text[])[r.basis + 1], accrual_denominator = r.denominator,
       accrual_weight = r.weight::numeric, accrual_origin = r.origin::numeric
  FROM end_of_day_rows r WHERE l.ctid = r.place AND l.id = r.id
"""  # noqa: S608 - our own column names
_SIGNATURE, _END = b"PGCOPY\n\xff\r\n\0" + bytes(8), b"\xff\xff"


def write(worked: Worked, to: date, *, shard: str) -> tuple[Counter[str], list[int]]:
    """Rows, books, events and the groups' changes of the done loans, and the news of them. Returns how many news there are of each kind,
    and the ids of the loans that are left as they were: somebody holds them, or changed them since they were read. `shard` names the
    entries: `2026-05-20/3`."""
    if not len(worked.done):
        return Counter(), []
    _lay_ready(worked)
    asked = worked.loans.ids[worked.done].tolist()
    held = _hold()
    left = sorted(set(asked) - set(held))
    if not held:
        return Counter(), left
    if left:
        worked = working.only(worked, held)
        _put_away(left)
    _write_events(worked, _write_entries(worked, shard))
    AccrualChange.objects.bulk_create([
        AccrualChange(product_version_id=version, branch_id=branch, basis=basis, denominator=denominator, weight=weight, origin=origin)
        for (version, branch, basis, denominator), (weight, origin) in working.accrual_changes(worked).items()
    ])
    _write_rows(len(held), to)
    return working.turns_of(worked).tell(f"day:{(to - timedelta(days=1)).isoformat()}"), left


def _lay_ready(worked: Worked) -> None:
    """The new rows in a table beside; several shards may share a transaction."""
    with connection.cursor() as cursor:
        cursor.execute(_TABLE)
        cursor.execute("TRUNCATE end_of_day_rows")
        with cursor.copy("COPY end_of_day_rows FROM STDIN (FORMAT binary)") as copy:
            copy.write(_rows(worked))
        cursor.execute("SET LOCAL random_page_cost = 1")  # or the planner may read the whole book to find a shard's few rows


def _hold() -> list[int]:
    """The ids of those loans whose new rows lie ready and that are ours until the transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute(_HOLD)
        return list(cursor.fetchone()[0])


def _put_away(left: list[int]) -> None:
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM end_of_day_rows WHERE id = ANY(%s)", [left])


def _write_rows(count: int, to: date) -> None:
    with connection.cursor() as cursor:
        cursor.execute(_UPDATE, {"to": to, "bases": [basis.value for basis in DAY_COUNTS]})
        if cursor.rowcount != count:
            raise RuntimeError(f"{count - cursor.rowcount} held loans lie elsewhere")


def _rows(worked: Worked) -> bytes:
    """COPY's binary form: every row as long as the next, so that the columns are laid in as they are."""
    import numpy as np

    states, shares = worked.loans.states[worked.done], worked.shares
    whole = {
        "id": worked.loans.ids[worked.done], "next_event_on": worked.next_event, "next_due_on": worked.next_due,
        "recognised": states[:, daily.RECOGNISED], "principal_left": states[:, daily.PRINCIPAL_LEFT],
        "principal_due": states[:, daily.PRINCIPAL_DUE], "interest_due": states[:, daily.INTEREST_DUE],
        "fee_due": states[:, daily.FEE_DUE], "unapplied": states[:, daily.UNAPPLIED], "oldest_due_on": states[:, daily.OLDEST],
        "is_off_book": states[:, daily.IS_OFF], "accrued_out": states[:, daily.ACCRUED_OUT], "basis": shares.bases,
        "denominator": shares.denominators,
    }
    large = {"weight": shares.weights, "origin": shares.origins}
    raw = {"place": (worked.loans.places, reading.PLACE), "writer": (worked.loans.writers, reading.WRITER)}
    shape = [(f"{name}_bytes", ">i4") for name in (*raw, *_WHOLE, *_LARGE)]
    cells = [
        *((name, form) for name, (_, form) in raw.items()), *((name, ">i8") for name in _WHOLE),
        *((name, f"S{_LARGE_WIDE}") for name in _LARGE),
    ]
    rows = np.empty(len(worked.done), dtype=[("columns", ">i2"), *(field for pair in zip(shape, cells, strict=True) for field in pair)])
    rows["columns"] = len(cells)
    for name, (sent, form) in raw.items():
        rows[f"{name}_bytes"], rows[name] = int(form[1:]), sent[worked.done]
    for name in _WHOLE:
        rows[f"{name}_bytes"], rows[name] = 8, whole[name]
    for name in _LARGE:
        rows[f"{name}_bytes"], rows[name] = _LARGE_WIDE, [f"{number:<{_LARGE_WIDE}}".encode() for number in large[name]]
    return _SIGNATURE + rows.tobytes() + _END


def _write_entries(worked: Worked, shard: str) -> dict[working.BookKey, int]:
    """The ids of the entries, for the events that they belong to."""
    booked = cache(lambda ordinal: steps.booking_day(date.fromordinal(ordinal)))
    contents = {
        key: EntryContent(
            event=key[1], reference=f"end_of_day/{shard}/{key[0]}/{key[1]}/{key[2]}", posted_on=booked(key[2]), branch_id=key[0],
            memo=shard, transfers=columns,
        )
        for key, columns in sorted(working.entries(worked).items())
    }
    if not contents:
        return {}
    entries = ledger_steps.post_all(list(contents.values()), by=SYSTEM)
    return {key: entry.pk for key, entry in zip(contents, entries, strict=True)}


def _write_events(worked: Worked, entries: dict[working.BookKey, int]) -> None:
    """What made a loan older has a place in its life; that an instalment fell due, the schedule tells."""
    loans, now = worked.loans, clock.now()
    booked = cache(lambda ordinal: steps.booking_day(date.fromordinal(ordinal)))
    is_older = (worked.happened[worked.done][:, [daily.AGED_NIGHT, daily.OFF_NIGHT]] > 0).any(axis=1)
    events = []
    for at in worked.done[is_older].tolist():
        row = worked.happened[at].tolist()
        off = row[daily.OFF_NIGHT]
        for kind, night, facts, entry in (
            ("aged", row[daily.AGED_NIGHT], {"dpd": row[daily.AGED_DPD]}, None),
            ("off_book", off, {"interest_fen": row[daily.OFF_INTEREST]}, entries.get((int(loans.branches[at]), "off_book", off))),
        ):
            if night:
                events.append(LoanEvent(
                    loan_id=int(loans.ids[at]), kind=kind, value_on=date.fromordinal(night), posted_on=booked(night), recorded_at=now,
                    facts=facts, reference=steps.calendar_reference(loans.numbers[at], kind, date.fromordinal(night)), entry_id=entry,
                    actor_name=SYSTEM.name,
                ))
    LoanEvent.objects.bulk_create(events)
