"""Data files and tables: read from parquet or CSV, handed on as rows for scoring. Heavy libraries are imported when needed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from chezhe.scorecards.errors import ModelError
from chezhe.scorecards.features import Row

if TYPE_CHECKING:
    import pyarrow as pa  # type: ignore[import-untyped]

ROWS_AT_ONCE = 20_000
BLOCK_BYTES = 1 << 26


def read(path: str | Path) -> pa.Table:
    """The table of a .parquet or .csv file (UTF-8). Raises `file_missing`, `file_kind`, `file_unreadable`, `file_empty`, `column_twice`."""
    import pyarrow as pa
    from pyarrow import parquet

    place = Path(path)
    if not place.is_file():
        raise ModelError("file_missing", place.name)
    try:
        if place.suffix == ".parquet":
            table = parquet.read_table(place)
        elif place.suffix == ".csv":
            table = _csv(place)
        else:
            raise ModelError("file_kind", place.name)
    except (pa.ArrowException, OSError, ValueError) as problem:
        raise ModelError("file_empty" if place.stat().st_size == 0 else "file_unreadable", place.name, reason=str(problem)[:200])
    names = table.column_names
    twice = next((name for name in names if names.count(name) > 1), None)
    if twice is not None:
        raise ModelError("column_twice", twice)
    if table.num_rows == 0 or not names:
        raise ModelError("file_empty", place.name)
    return plain(table)


def plain(table: pa.Table) -> pa.Table:
    """The table with dictionary-encoded columns (pandas' categories) as their values."""
    import pyarrow as pa

    for place, field in enumerate(table.schema):
        if pa.types.is_dictionary(field.type):
            table = table.set_column(place, field.name, table.column(place).cast(field.type.value_type))
    return table


def _csv(place: Path) -> pa.Table:
    """A CSV in UTF-8, or in GB18030 as Chinese spreadsheets write it."""
    import pyarrow as pa
    from pyarrow import csv

    options = csv.ConvertOptions(strings_can_be_null=True)
    try:
        table = csv.read_csv(place, csv.ReadOptions(block_size=BLOCK_BYTES), convert_options=options)
        if table.column_names and not any(pa.types.is_binary(kind) for kind in table.schema.types):
            return table
    except UnicodeDecodeError:  # in the names of the columns
        table = None
    return csv.read_csv(place, csv.ReadOptions(block_size=BLOCK_BYTES, encoding="gb18030"), convert_options=options)


def write(path: str | Path, columns: dict[str, list[Any]]) -> None:
    """Write named columns to a .parquet or .csv file. Raises `file_kind`."""
    import pyarrow as pa
    from pyarrow import csv, parquet

    place = Path(path)
    table = pa.table(columns)
    if place.suffix == ".parquet":
        parquet.write_table(table, place)
    elif place.suffix == ".csv":
        csv.write_csv(table, place)
    else:
        raise ModelError("file_kind", place.name)


def rows_of(table: object, columns: tuple[str, ...]) -> Iterable[Row]:
    """The rows of an Arrow table, a pandas frame or an iterable of mappings; a table must have all `columns` (`column_missing`)."""
    names: list[str] | None = getattr(table, "column_names", None)
    if names is None and hasattr(table, "iloc"):
        import pyarrow as pa

        table = pa.Table.from_pandas(table, preserve_index=False)
        names = table.column_names  # type: ignore[attr-defined]
    if names is None:
        return table  # type: ignore[return-value]
    missing = [column for column in columns if column not in names]
    if missing:
        raise ModelError("column_missing", missing[0], columns=", ".join(missing[:10]))
    return _arrow_rows(table, columns)


def _arrow_rows(table: Any, columns: tuple[str, ...]) -> Iterator[Row]:
    chosen = table.select(list(columns))
    for batch in chosen.to_batches(max_chunksize=ROWS_AT_ONCE):
        yield from batch.to_pylist()
