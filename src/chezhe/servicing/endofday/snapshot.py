"""The book after a day as columns (Parquet), for analytics beside the database."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection

ROWS_AT_ONCE = 65_536
# Column, Arrow type. No personal data: numbers, codes, dates and fen.
COLUMNS = (
    ("number", "string"), ("status", "string"), ("product_version_id", "int64"), ("branch_id", "int64"), ("principal", "int64"),
    ("annual_rate", "string"), ("periods", "int16"), ("paid_out_on", "date32"), ("matures_on", "date32"), ("as_of", "date32"),
    ("next_due_on", "date32"), ("recognised", "int16"), ("principal_left", "int64"), ("principal_due", "int64"), ("interest_due", "int64"),
    ("fee_due", "int64"), ("unapplied", "int64"), ("oldest_due_on", "date32"), ("is_off_book", "bool"), ("settled_on", "date32"),
)


def folder() -> Path:
    return Path(settings.MEDIA_ROOT) / "snapshots"


def keep(day: date) -> Path:
    """Write every loan as it stands now, after the close of `day`; writing again replaces the file as a whole."""
    import pyarrow
    from pyarrow import parquet

    types = [pyarrow.type_for_alias(kind) for _, kind in COLUMNS]
    schema = pyarrow.schema(list(zip((name for name, _ in COLUMNS), types, strict=True)), metadata={"day": day.isoformat()})
    folder().mkdir(parents=True, exist_ok=True)
    place = folder() / f"book-{day.isoformat()}.parquet"
    unfinished = place.with_suffix(".part")
    with parquet.ParquetWriter(unfinished, schema, compression="zstd") as writer:
        for rows in _batches():
            columns = [pyarrow.array(list(column), kind) for column, kind in zip(zip(*rows, strict=True), types, strict=True)]
            writer.write_batch(pyarrow.record_batch(columns, schema=schema))
    unfinished.replace(place)
    return place


def _batches() -> Any:
    """All loans in the order of their ids, some at a time: memory stays flat."""
    last = 0
    names = ", ".join(f"{name}::text" if name == "annual_rate" else name for name, _ in COLUMNS)
    while True:
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT {names}, id FROM servicing_loan WHERE id > %s ORDER BY id LIMIT {ROWS_AT_ONCE}", [last])  # noqa: S608
            rows = cursor.fetchall()
        if not rows:
            return
        last = rows[-1][-1]
        yield [row[:-1] for row in rows]
