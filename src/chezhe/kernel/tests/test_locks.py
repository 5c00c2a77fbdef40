"""What the database refuses for a while, or for want of space, is told in a sentence and is no crash."""

from __future__ import annotations

import psycopg
import pytest
from django.db import OperationalError

from chezhe.kernel.errors import BusinessError, Busy, NoSpace
from chezhe.kernel.locks import waiting_politely


@pytest.mark.parametrize(("cause", "told"), [
    (psycopg.errors.DiskFull, NoSpace), (psycopg.errors.LockNotAvailable, Busy), (psycopg.errors.DeadlockDetected, Busy),
])
def test_what_the_database_refuses_is_said(cause: type[psycopg.Error], told: type[BusinessError]) -> None:
    with pytest.raises(told) as said, waiting_politely():
        raise OperationalError() from cause()
    assert said.value.http_status == (507 if told is NoSpace else 409)


def test_any_other_failure_is_a_crash() -> None:
    with pytest.raises(OperationalError), waiting_politely():
        raise OperationalError() from psycopg.errors.AdminShutdown()
