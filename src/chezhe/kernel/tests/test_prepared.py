"""Statements that the server has prepared: one for each text, whatever the values are, seen by wrappers as any other."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from chezhe.kernel import clock, prepared
from chezhe.kernel.models import Holiday

pytestmark = pytest.mark.django_db

ECHO = "SELECT %s::bigint, %s::numeric, %s::date, %s::timestamptz, %s::boolean, %s::text, %s::int[]"


def _prepared() -> set[str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT statement FROM pg_prepared_statements")
        return {statement for statement, in cursor.fetchall()}


@pytest.mark.parametrize("whole", [0, 40_000, 3_000_000_000, -(2**62)])
def test_values_of_every_size_come_back_from_one_statement(whole: int) -> None:
    said: list[Any] = [whole, Decimal("0.1188"), date(2026, 2, 28), clock.now(), True, "车辙 %s", [1, 40_000]]
    assert list(prepared.ask(ECHO, said)[0]) == said
    assert list(prepared.ask(ECHO, [None] * len(said))[0]) == [None] * len(said)
    assert len([statement for statement in _prepared() if "$7" in statement and "int[]" in statement]) <= 2  # one for an untyped list


def test_a_statement_that_returns_nothing_returns_nothing_and_wrappers_see_it() -> None:
    holiday = Holiday.objects.first()
    assert holiday is not None
    with CaptureQueriesContext(connection) as seen:
        assert prepared.ask("UPDATE kernel_holiday SET id = id WHERE id = %s", [holiday.pk]) == []
    assert len(seen) == 1
    with connection.execute_wrapper(lambda execute, *rest: (_ for _ in ()).throw(RuntimeError("power cut"))):
        with pytest.raises(RuntimeError):
            prepared.ask("SELECT 1", [])


def test_errors_are_those_of_the_framework_and_a_rollback_is_survived() -> None:
    for _ in range(3):
        with pytest.raises(IntegrityError), transaction.atomic():
            prepared.ask("INSERT INTO kernel_holiday SELECT * FROM kernel_holiday LIMIT %s", [1])
        assert prepared.ask("SELECT %s::int", [7]) == [(7,)]
