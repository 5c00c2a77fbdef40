"""The book after a day as columns (Parquet), for analytics beside the database."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection, transaction
from django.db.models import Max

from chezhe.finmath import ageing
from chezhe.finmath.ageing import FiveClass
from chezhe.kernel import clock, events
from chezhe.servicing.models import EndOfDay, LoanEvent
from chezhe.servicing.quality import evenings
from chezhe.servicing.quality.evenings import Evening

ROWS_AT_ONCE = 65_536
# What other rooms hear once a day: `{"on", "moved": [[number, from, to]]}`.
CLASSED = "loans.classed"
# Column, Arrow type. No personal data: numbers, codes, ids, dates and fen. `dpd`, `bucket`, `five_class` and `stage` are for the evening
# of the day; the last two are null for a loan that does not run any more, and in a house without figures of classification.
COLUMNS = (
    ("number", "string"), ("status", "string"), ("product_version_id", "int64"), ("branch_id", "int64"), ("principal", "int64"),
    ("annual_rate", "string"), ("periods", "int16"), ("paid_out_on", "date32"), ("matures_on", "date32"), ("as_of", "date32"),
    ("next_due_on", "date32"), ("recognised", "int16"), ("principal_left", "int64"), ("principal_due", "int64"), ("interest_due", "int64"),
    ("fee_due", "int64"), ("unapplied", "int64"), ("oldest_due_on", "date32"), ("is_off_book", "bool"), ("settled_on", "date32"),
    ("deposit", "int64"), ("observed_until", "date32"), ("performing_since", "date32"), ("customer_id", "int64"),
    ("product", "string"), ("branch", "string"), ("dpd", "int32"), ("bucket", "string"), ("five_class", "string"), ("stage", "int8"),
)
# What is worked out of the rows, not by SQL.
_WORKED_OUT = ("bucket", "five_class", "stage")
# What stands in no column of the row itself, as SQL over the row `l`.
_DERIVED = {
    "annual_rate": "l.annual_rate::text", "product": "p.code", "branch": "b.code",
    "dpd": "CASE WHEN l.oldest_due_on < %(day)s THEN %(day)s - l.oldest_due_on ELSE 0 END",
}
_BATCH = f"""
SELECT {", ".join(_DERIVED.get(name, f"l.{name}") for name, _ in COLUMNS if name not in _WORKED_OUT)}, l.id
  FROM (SELECT * FROM servicing_loan WHERE id > %(last)s ORDER BY id LIMIT {ROWS_AT_ONCE}) l
  JOIN products_productversion v ON v.id = l.product_version_id JOIN products_product p ON p.id = v.product_id
  JOIN staff_branch b ON b.id = l.branch_id ORDER BY l.id
"""  # noqa: S608 - our own column names


def folder() -> Path:
    return Path(settings.MEDIA_ROOT) / "snapshots"


@dataclass(frozen=True, slots=True)
class Book:
    """A snapshot: the last event that was known when it was begun, and its rows one by one."""

    event_last: int
    rows: Iterator[dict[str, Any]]


def _place(day: date) -> Path:
    return folder() / f"book-{day.isoformat()}.parquet"


def is_kept(day: date) -> bool:
    """Whether there is a snapshot of the close of `day`."""
    return _place(day).exists()


def read(day: date, numbers: Sequence[str] = ()) -> Book | None:
    """What was kept of the close of `day`, of these loans or of all; None when there is no such file."""
    from pyarrow import array, compute, parquet

    if not is_kept(day):
        return None
    file = parquet.ParquetFile(_place(day))
    batches: Iterator[Any] = file.iter_batches(ROWS_AT_ONCE)
    if numbers:
        wanted = array(numbers, "string")
        batches = (batch.filter(compute.is_in(batch["number"], value_set=wanted)) for batch in batches)
    return Book(int(file.schema_arrow.metadata[b"event_last"]), (row for batch in batches for row in batch.to_pylist()))


def keep(day: date) -> Path:
    """Write every loan as it stands now, after the close of `day`; writing again replaces the file as a whole."""
    import pyarrow
    from pyarrow import parquet

    kept_at = clock.now()
    types = [pyarrow.type_for_alias(kind) for _, kind in COLUMNS]
    event_last = LoanEvent.objects.aggregate(last=Max("pk"))["last"] or 0
    told = {"day": day.isoformat(), "kept_at": kept_at.isoformat(), "event_last": str(event_last)}
    schema = pyarrow.schema(list(zip((name for name, _ in COLUMNS), types, strict=True)), metadata=told)
    folder().mkdir(parents=True, exist_ok=True)
    place = _place(day)
    unfinished, moves = place.with_suffix(".part"), Moves(day)
    try:
        with parquet.ParquetWriter(unfinished, schema, compression="zstd") as writer:
            for columns in _batches(day, moves):
                arrays = [pyarrow.array(column, kind) for column, kind in zip(columns, types, strict=True)]
                writer.write_batch(pyarrow.record_batch(arrays, schema=schema))
        unfinished.replace(place)
        _note(day, kept_at, moves)
    finally:
        unfinished.unlink(missing_ok=True)  # on a full disk half a file would keep others from writing
    return place


def _note(day: date, kept_at: datetime, moves: Moves) -> None:
    """When it was kept, and, the first time, which loans stand in another class than the evening before."""
    with transaction.atomic():
        run = EndOfDay.objects.select_for_update().filter(day=day).first()
        if run is None:
            return
        if run.snapshot_at is None:
            moves.tell(run.subject)
        run.snapshot_at = kept_at
        run.save(update_fields=["snapshot_at"])


class Moves:
    """Loans whose class is another than in the snapshot of the evening before; none where there is no such snapshot."""

    def __init__(self, day: date) -> None:
        self._day, self._before = day, _classes_kept(day - timedelta(days=1))
        self._moved: list[tuple[str, str, str]] = []

    def see(self, numbers: Sequence[str], classes: Sequence[str | None]) -> None:
        """A batch of loans with today's classes. A loan that was not there stood in the first class."""
        if self._before is None:
            return
        for number, now in zip(numbers, classes, strict=True):
            if now is not None and now != (then := self._before.get(number, FiveClass.NORMAL.value)):
                self._moved.append((number, then, now))

    def tell(self, subject: str) -> None:
        """Publish them, if there are any."""
        if self._moved:
            events.publish(CLASSED, subject, {"on": self._day.isoformat(), "moved": self._moved})


def _classes_kept(day: date) -> dict[str, str] | None:
    """Loans that did not stand in the first class by the snapshot of a day; None when that says nothing of classes."""
    from pyarrow import parquet

    if not is_kept(day) or "five_class" not in parquet.read_schema(_place(day)).names:
        return None
    table = parquet.read_table(_place(day), columns=["number", "five_class"], filters=[("five_class", "!=", FiveClass.NORMAL.value)])
    return dict(zip(table["number"].to_pylist(), table["five_class"].to_pylist(), strict=True))


def _batches(day: date, moves: Moves) -> Iterator[list[Any]]:
    """The columns of all loans in the order of their ids, some at a time: memory stays flat. `moves` sees every class."""
    last, evening = 0, evenings.of_book(day)
    while True:
        with connection.cursor() as cursor:
            cursor.execute(_BATCH, {"day": day, "last": last})
            rows = cursor.fetchall()
        if not rows:
            return
        last = rows[-1][-1]
        *columns, ids = (list(column) for column in zip(*rows, strict=True))
        classes, stages = _graded(evening, ids, columns[1])
        moves.see(columns[0], classes)
        yield [*columns, _buckets(columns[-1]), classes, stages]


def _graded(evening: Evening | None, ids: Sequence[int], statuses: Sequence[str]) -> tuple[list[str | None], list[int | None]]:
    if evening is None:
        return [None] * len(ids), [None] * len(ids)
    found = [evening.of(loan_id, status) for loan_id, status in zip(ids, statuses, strict=True)]
    return [asset_class for asset_class, _stage in found], [stage for _class, stage in found]


def _buckets(dpd: Sequence[int]) -> list[str]:
    names = {days: ageing.bucket(days).value for days in set(dpd)}
    return [names[days] for days in dpd]
