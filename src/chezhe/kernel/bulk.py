"""Many new rows of one table at once by COPY: the same values that `save` would write, a hundred times as fast."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db import connection, connections, models
from psycopg.types.json import Jsonb

from chezhe.kernel import prepared
from chezhe.kernel.fields import Encrypted, MoneyField

# A statement that changes rows, and its values.
Change = tuple[str, list[Any]]
# What these fields hold is what the driver writes.
_PLAIN = (models.CharField, models.TextField, models.DateField, models.IntegerField, models.BooleanField, models.ForeignKey, ArrayField)


def insert(rows: Sequence[models.Model]) -> None:
    """Insert new rows of one model in their order, in the caller's transaction; their keys are set. Constraints hold as ever."""
    if not rows:
        return
    model = type(rows[0])
    _set_keys(rows, model)
    quote = connection.ops.quote_name
    columns, readers = ", ".join(quote(field.column) for field in model._meta.concrete_fields), _readers(model)
    with connection.cursor() as cursor:
        with cursor.copy(f"COPY {quote(model._meta.db_table)} ({columns}) FROM STDIN") as copy:
            for row in rows:
                copy.write_row([read(row) for read in readers])


def update(rows: Sequence[models.Model], names: Sequence[str]) -> None:
    """Write these fields of many rows of one model in one statement; of a single one by a statement that is composed once."""
    if not rows:
        return
    if len(rows) == 1:
        prepared.ask(*updating(rows[0], names))
        return
    meta, quote = type(rows[0])._meta, connection.ops.quote_name
    assert meta.pk is not None
    fields = [meta.get_field(name) for name in names]
    columns = [quote(str(field.column)) for field in fields]
    places = ", ".join(f"%s::{field.db_type(connection)}[]" for field in (meta.pk, *fields))
    wanted = ", ".join(f"{column} = v.{column}" for column in columns)
    prepared.ask(
        f"UPDATE {quote(meta.db_table)} t SET {wanted} FROM unnest({places}) AS v (id, {', '.join(columns)}) "  # noqa: S608 - our own names
        f"WHERE t.{quote(str(meta.pk.column))} = v.id", _in_columns(rows, [meta.pk, *fields]),
    )


def put(rows: Sequence[models.Model], *, by: str) -> None:
    """Insert rows of one model, each instead of the one with the same `by` (a unique field) if there is one, in one statement."""
    if rows:
        prepared.ask(*putting(rows, by=by))


def putting(rows: Sequence[models.Model], *, by: str) -> Change:
    """The statement of `put`, and its values."""
    fields, statement = _instead(type(rows[0]), by)
    return statement, _in_columns(rows, fields)


def carry_out(changes: Sequence[Change]) -> None:
    """Changes of different tables by one statement; none of them sees what another does."""
    prepared.ask_all(changes)


@cache
def _instead(model: type[models.Model], by: str) -> tuple[list[Any], str]:
    """The fields written, and the statement: it takes a list for each column."""
    meta, quote = model._meta, connection.ops.quote_name
    fields, key = list(meta.concrete_fields), quote(str(meta.get_field(by).column))
    columns = [quote(str(field.column)) for field in fields]
    places = ", ".join(f"%s::{field.db_type(connection)}[]" for field in fields)
    said = ", ".join(f"{column} = excluded.{column}" for column in columns if column != key)
    return fields, (
        f"INSERT INTO {quote(meta.db_table)} ({', '.join(columns)}) SELECT * FROM unnest({places}) "  # noqa: S608 - our own names
        f"ON CONFLICT ({key}) DO UPDATE SET {said}"
    )


def updating(row: models.Model, names: Sequence[str]) -> Change:
    """The statement that writes these fields of one row, and its values."""
    fields, statement = _single(type(row), tuple(names))
    return statement, [*(value for value, in _in_columns([row], fields)), row.pk]


def _in_columns(rows: Sequence[models.Model], fields: Sequence[Any]) -> list[list[Any]]:
    """What `save` would write of these fields, a list for each."""
    writer = connections[connection.alias]  # asked once, not for every value
    return [[field.get_db_prep_save(getattr(row, field.attname), writer) for row in rows] for field in fields]


@cache
def _single(model: type[models.Model], names: tuple[str, ...]) -> tuple[list[Any], str]:
    """The fields written, and the statement."""
    meta, quote = model._meta, connection.ops.quote_name
    assert meta.pk is not None
    fields = [meta.get_field(name) for name in names]
    columns = ", ".join(f"{quote(str(field.column))} = %s" for field in fields)
    return fields, f"UPDATE {quote(meta.db_table)} SET {columns} WHERE {quote(str(meta.pk.column))} = %s"  # noqa: S608 - our own names


@cache
def _readers(model: type[models.Model]) -> list[Callable[[Any], Any]]:
    """How each column's value is taken from a row."""
    return [_reader(field) for field in model._meta.concrete_fields]


def _reader(field: Any) -> Callable[[Any], Any]:
    name = field.attname
    if isinstance(field, models.JSONField):
        return lambda row: None if (value := getattr(row, name)) is None else Jsonb(value)
    is_filled = type(field).pre_save is not models.Field.pre_save and not isinstance(field, models.DateField)
    if isinstance(field, _PLAIN) and not is_filled and not isinstance(field, MoneyField | Encrypted):
        return lambda row: getattr(row, name)
    writer = connections["default"]
    return lambda row: field.get_db_prep_save(field.pre_save(row, True), writer)


def _set_keys(rows: Sequence[models.Model], model: type[models.Model]) -> None:
    key = model._meta.pk
    assert key is not None
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT nextval(pg_get_serial_sequence(%s, %s)) FROM generate_series(1, %s)",
            [connection.ops.quote_name(model._meta.db_table), key.column, len(rows)],
        )
        for row, (fresh,) in zip(rows, cursor.fetchall(), strict=True):
            row.pk = fresh
