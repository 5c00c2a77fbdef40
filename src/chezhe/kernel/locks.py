"""Locks on a name, for what has no row yet; they end with the transaction."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from django.db import OperationalError, connection

from chezhe.kernel import prepared
from chezhe.kernel.errors import Busy, NoSpace

# PostgreSQL: waited longer than lock_timeout; chosen as the victim of a deadlock.
_HELD_ELSEWHERE = ("55P03", "40P01")
_DISK_FULL = "53100"


def hold(name: str) -> None:
    """Wait until nobody else holds `name` in an open transaction, then hold it until ours ends."""
    prepared.ask("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [name])


def hold_all(names: Iterable[str]) -> None:
    """`hold` for many names, in an order that is the same for everybody."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_advisory_xact_lock(number) FROM (SELECT DISTINCT hashtextextended(name, 0) AS number "
            "FROM unnest(%s::text[]) name ORDER BY 1) AS ordered", [list(names)],
        )


def try_hold(name: str) -> bool:
    """`hold` if nobody else holds `name`; returns whether it is ours."""
    return bool(prepared.ask("SELECT pg_try_advisory_xact_lock(hashtextextended(%s, 0))", [name])[0][0])


@contextmanager
def waiting_politely() -> Iterator[None]:
    """Stand around a transaction: a wait that lasts too long, or that would never end, is Busy (409), a full disk of the
    database NoSpace (507), and neither is a crash."""
    try:
        yield
    except OperationalError as failure:
        state = getattr(failure.__cause__, "sqlstate", None)
        if state in _HELD_ELSEWHERE:
            raise Busy() from failure
        if state == _DISK_FULL:
            raise NoSpace() from failure
        raise
