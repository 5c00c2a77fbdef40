"""A deed interrupted at each write that it makes: every row of the database stands as before, and done again it comes to the same."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection, transaction

from chezhe.servicing.tests.test_end_of_day_faults import Meter
from tests.faults.facts import kept, must_be_sound

Act = Callable[[], Any]
TABLES = "SELECT format('SELECT %L, count(*), sum(hashtextextended(t::text, 0)) FROM %I t', relname, relname) FROM pg_class" \
    " WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace ORDER BY relname"


class LightsOut(BaseException):
    """What nobody catches: a batch writes down the fault of one loan and goes on, but not when the machine stops."""


class Cut(Meter):
    """Stops the machine at the write number `at`."""

    fault = LightsOut


def cut_at_each_write(act: Act, *, every: int = 1) -> int:
    """Cuts the power at the first write, and at each `every`-th after it; returns how many writes a whole deed has."""
    meter, before, rows = Meter(), unnumbered(), every_row()
    with transaction.atomic():
        with meter.watching():
            act()
        whole = unnumbered()
        assert every_row() != rows
        transaction.set_rollback(True)
    for at in range(1, meter.seen + 1, every):
        with pytest.raises(LightsOut), Cut(at).watching():
            act()
        assert [row for row in every_row() if row not in rows] == [], f"write {at}"
    assert unnumbered() == before
    act()
    assert unnumbered() == whole
    must_be_sound()
    return meter.seen


def every_row() -> list[Any]:
    """How many rows each table has, and a hash of them."""
    with connection.cursor() as cursor:
        cursor.execute(TABLES)
        cursor.execute(" UNION ALL ".join(text for (text,) in cursor.fetchall()))
        return sorted(cursor.fetchall())


def unnumbered() -> list[str]:
    """Without what comes from a sequence, which counts on after a fault: numbers of papers, and the ids of loans that began."""
    return sorted(re.sub(r"\b([A-Z]{1,2}[0-9]{2})-[0-9]{6}-[0-9]|^(loan|event)\|[0-9]+", r"\1\2", line) for line in kept())
