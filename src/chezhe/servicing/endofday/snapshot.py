"""The book after a day as columns (Parquet), for analytics beside the database."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection
from django.db.models import Max

from chezhe.finmath import ageing
from chezhe.kernel import clock
from chezhe.servicing.models import EndOfDay, LoanEvent

ROWS_AT_ONCE = 65_536
# Column, Arrow type. No personal data: numbers, codes, ids, dates and fen. `dpd` and `bucket` are for the evening of the day.
COLUMNS = (
    ("number", "string"), ("status", "string"), ("product_version_id", "int64"), ("branch_id", "int64"), ("principal", "int64"),
    ("annual_rate", "string"), ("periods", "int16"), ("paid_out_on", "date32"), ("matures_on", "date32"), ("as_of", "date32"),
    ("next_due_on", "date32"), ("recognised", "int16"), ("principal_left", "int64"), ("principal_due", "int64"), ("interest_due", "int64"),
    ("fee_due", "int64"), ("unapplied", "int64"), ("oldest_due_on", "date32"), ("is_off_book", "bool"), ("settled_on", "date32"),
    ("deposit", "int64"), ("observed_until", "date32"), ("performing_since", "date32"), ("customer_id", "int64"),
    ("product", "string"), ("branch", "string"), ("dpd", "int32"), ("bucket", "string"),
)
# What stands in no column of the row itself, as SQL over the row `l`.
_DERIVED = {
    "annual_rate": "l.annual_rate::text", "product": "p.code", "branch": "b.code",
    "dpd": "CASE WHEN l.oldest_due_on < %(day)s THEN %(day)s - l.oldest_due_on ELSE 0 END",
}
_BATCH = f"""
SELECT {", ".join(_DERIVED.get(name, f"l.{name}") for name, _ in COLUMNS if name != "bucket")}, l.id
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


def read(day: date) -> Book | None:
    """What was kept of the close of `day`; None when there is no such file."""
    from pyarrow import parquet

    if not is_kept(day):
        return None
    file = parquet.ParquetFile(_place(day))
    rows = (row for batch in file.iter_batches(ROWS_AT_ONCE) for row in batch.to_pylist())
    return Book(int(file.schema_arrow.metadata[b"event_last"]), rows)


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
    unfinished = place.with_suffix(".part")
    try:
        with parquet.ParquetWriter(unfinished, schema, compression="zstd") as writer:
            for columns in _batches(day):
                arrays = [pyarrow.array(column, kind) for column, kind in zip(columns, types, strict=True)]
                writer.write_batch(pyarrow.record_batch(arrays, schema=schema))
        unfinished.replace(place)
        EndOfDay.objects.filter(day=day).update(snapshot_at=kept_at)
    finally:
        unfinished.unlink(missing_ok=True)  # on a full disk half a file would keep others from writing
    return place


def _batches(day: date) -> Iterator[list[Any]]:
    """The columns of all loans in the order of their ids, some at a time: memory stays flat."""
    last = 0
    while True:
        with connection.cursor() as cursor:
            cursor.execute(_BATCH, {"day": day, "last": last})
            rows = cursor.fetchall()
        if not rows:
            return
        last = rows[-1][-1]
        *columns, _ids = (list(column) for column in zip(*rows, strict=True))
        yield [*columns, _buckets(columns[-1])]


def _buckets(dpd: Sequence[int]) -> list[str]:
    names = {days: ageing.bucket(days).value for days in set(dpd)}
    return [names[days] for days in dpd]
