"""Rows that are only ever appended: what an action announces, moves and leaves in the trail is written together at its end.

Such rows are read by nobody before the action has ended, so one trip to the database carries them all.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from itertools import groupby
from typing import Any

from django.db import connection, connections, models, transaction

from chezhe.kernel import bulk, prepared

MANY = 50
"""So many rows go in by COPY, fewer by INSERT."""


class _Gathering:
    """Rows that wait, and how many savepoints were open when the gathering began."""

    def __init__(self) -> None:
        self.depth = len(connection.savepoint_ids)
        self.rows: list[models.Model] = []

    def write(self) -> None:
        _write(self.rows)
        self.rows.clear()


_gathering: ContextVar[_Gathering | None] = ContextVar("gathering", default=None)


def append(row: models.Model) -> None:
    """Insert a new row when the gathering around it ends; its key is not read back.

    At once where no gathering is open, or inside a savepoint that may be undone without it.
    """
    gathering = _gathering.get()
    if gathering is None or gathering.depth != len(connection.savepoint_ids):
        _write([row])
    else:
        gathering.rows.append(row)


def insert(row: models.Model, *, beside: Sequence[bulk.Change] = ()) -> None:
    """Insert a new row at once; its key is read back. Changes of other tables that stand `beside` it go with the same statement."""
    _keyed(row, beside=beside)


def append_once(row: models.Model, *, by: str = "") -> bool:
    """Insert a new row at once unless one of its unique keys (the column `by`, if named) is there already; returns whether it was
    new, and then it has its key."""
    return _keyed(row, f"ON CONFLICT {f'({connection.ops.quote_name(by)})' if by else ''} DO NOTHING")


def insert_new(rows: Sequence[models.Model]) -> int:
    """Insert those rows of one model at once of which no unique key is there already; returns how many. They do not get their keys."""
    fresh = 0
    for first in range(0, len(rows), MANY):
        statement, values = insertion(list(rows[first : first + MANY]))
        fresh += len(prepared.ask(f"{statement} ON CONFLICT DO NOTHING RETURNING 1", values))
    return fresh


@contextmanager
def together() -> Iterator[None]:
    """Gather the rows appended inside and write them at the end; an exception drops them. Stands inside a transaction."""
    gathering = _Gathering()
    token = _gathering.set(gathering)
    try:
        yield
        gathering.write()
    finally:
        _gathering.reset(token)


@contextmanager
def part() -> Iterator[None]:
    """A savepoint of its own inside an action: undone alone when it raises, and in order behind what was appended before."""
    around = _gathering.get()
    if around is not None and around.depth == len(connection.savepoint_ids):
        around.write()
    with transaction.atomic(), together():
        yield


def _keyed(row: models.Model, unless: str = "", beside: Sequence[bulk.Change] = ()) -> bool:
    key = row._meta.pk
    assert key is not None
    statement, values = insertion([row])
    returning = f"{statement} {unless} RETURNING {connection.ops.quote_name(key.column)}"
    return given(row, prepared.ask_all([(returning, values), *beside]))


def given(row: models.Model, keys: Sequence[tuple[Any, ...]]) -> bool:
    """Let a row have the key that its insertion returned; False when it was not inserted."""
    for key, *_rest in keys:
        row.pk, row._state.adding, row._state.db = key, False, connection.alias
    return bool(keys)


def _write(rows: list[models.Model]) -> None:
    if not rows:
        return
    groups = [list(group) for _, group in groupby(sorted(rows, key=lambda row: row._meta.db_table), key=type)]
    if len(rows) >= MANY:
        for group in groups:
            bulk.insert(group)
        return
    prepared.ask_all([insertion(group) for group in groups])


def insertion(rows: list[models.Model]) -> bulk.Change:
    """The statement that inserts new rows of one table, all columns but the key, and its values."""
    fields, head, places = _shape(type(rows[0]))
    return f"{head} VALUES {', '.join([f'({places})'] * len(rows))}", _saved(rows, fields)


def choice(row: models.Model) -> bulk.Change:
    """`insertion` of one row in the form that a condition may follow, and its values."""
    fields, head, places = _shape(type(row))
    return f"{head} SELECT {places}", _saved([row], fields)


def _saved(rows: Sequence[models.Model], fields: Sequence[models.Field]) -> list[Any]:
    """What `save` would write of new rows."""
    writer = connections[connection.alias]  # asked once, not for every value
    return [field.get_db_prep_save(field.pre_save(row, True), writer) for row in rows for field in fields]


@cache
def _shape(model: type[models.Model]) -> tuple[list[models.Field], str, str]:
    """The columns that are written, the head of the statement and the placeholders of one row."""
    fields = [field for field in model._meta.concrete_fields if not isinstance(field, models.AutoField)]
    quote = connection.ops.quote_name
    columns = ", ".join(quote(field.column) for field in fields)
    head = f"INSERT INTO {quote(model._meta.db_table)} ({columns})"
    return fields, head, ", ".join(["%s"] * len(fields))
