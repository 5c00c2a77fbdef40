"""Numbers that people read out: `L26-000123-7`, with a check digit."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

from django.db import connection

from chezhe.identifiers.numbers import format_number

PREFIXES: dict[str, str] = {}


def register(prefix: str, what: str) -> str:
    """Reserve a prefix (one to three capital letters) for one kind of subject."""
    if not re.fullmatch(r"[A-Z]{1,3}", prefix):
        raise ValueError(f"not a prefix: {prefix}")
    if PREFIXES.setdefault(prefix, what) != what:
        raise ValueError(f"prefix {prefix} already means {PREFIXES[prefix]}")
    return prefix


def create_sequences(**_: Any) -> None:
    """One PostgreSQL sequence a prefix: numbers never wait for another's commit, so gaps are possible."""
    with connection.cursor() as cursor:
        for prefix in PREFIXES:
            cursor.execute(f"CREATE SEQUENCE IF NOT EXISTS number_{prefix.lower()}")


def next_number(prefix: str, on: date) -> str:
    """The next free number of its kind, for example `L26-000123-7` on a day of 2026."""
    return next_numbers(prefix, on, 1)[0]


def next_numbers(prefix: str, on: date, count: int) -> list[str]:
    """So many free numbers of one kind in one trip to the database."""
    if prefix not in PREFIXES:
        raise ValueError(f"unregistered prefix: {prefix}")
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval(%s) FROM generate_series(1, %s)", [f"number_{prefix.lower()}", count])
        return [format_number(prefix, on.year, serial) for (serial,) in cursor.fetchall()]
