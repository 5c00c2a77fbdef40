"""Statements that PostgreSQL has prepared: read and planned once a connection, then only carried out.

Django sends each statement as a text with its values inside, so the server reads and plans it every time; for a statement that
looks up a key, or inserts a row, that is most of its work. Only texts that come again and again belong here.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

import psycopg
from django.db import DEFAULT_DB_ALIAS, connections
from psycopg.abc import Buffer
from psycopg.adapt import Dumper
from psycopg.types.json import Jsonb, JsonbDumper

UNKNOWN_TYPE = 0
_CURSOR = "_chezhe_prepared"


def ask(text: str, values: Sequence[Any]) -> list[tuple[Any, ...]]:
    """The rows that one statement finds or returns; none for one that returns nothing. Wrappers and logs see it as any other."""
    ours = connections[DEFAULT_DB_ALIAS]
    ours.ensure_connection()
    cursor = _cursor(ours)
    ours._prepare_cursor(cursor).execute(text, list(values))
    return cursor.fetchall() if cursor.pgresult is not None and cursor.pgresult.nfields else []


def ask_all(changes: Sequence[tuple[str, Sequence[Any]]]) -> list[tuple[Any, ...]]:
    """Several changes of different tables by one statement, none of which sees what another does; the rows that the first returns."""
    parts = ", ".join(f"c{at} AS ({text})" for at, (text, _) in enumerate(changes))
    (first, _), *others = changes
    values = [value for _, given in changes for value in given]
    if not others:
        return ask(first, values)
    answer = "SELECT * FROM c0" if " RETURNING " in first else "SELECT WHERE FALSE"
    return ask(f"WITH {parts} {answer}", values)


class _Cursor(psycopg.Cursor[tuple[Any, ...]]):
    """Binds on the server and prepares whatever it carries out."""

    def execute(self, query: Any, params: Any = None, **options: Any) -> _Cursor:
        return super().execute(query, params, **{**options, "prepare": True})


def _cursor(ours: Any) -> _Cursor:
    """One for each connection to the server: it remembers how values of each kind are written."""
    raw = ours.connection
    known: _Cursor | None = raw.__dict__.get(_CURSOR)
    if known is None or known.closed:
        known = _Cursor(raw)
        for kind, dumper in _DUMPERS.items():
            known.adapters.register_dumper(kind, dumper)
        setattr(raw, _CURSOR, known)
    return known


class _Plain(Dumper):
    """Written as text of no type: the column it goes to says what it is. A statement would else be prepared anew for every
    mixture of small and large numbers, and of what is there and what is not."""

    oid = UNKNOWN_TYPE

    def dump(self, value: Any) -> Buffer:
        return str(value).encode()


class _Json(JsonbDumper):
    oid = UNKNOWN_TYPE


_DUMPERS: dict[type, type[Dumper]] = {**dict.fromkeys((int, bool, Decimal, date, datetime, time), _Plain), Jsonb: _Json}
