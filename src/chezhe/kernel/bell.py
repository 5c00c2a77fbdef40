"""The bell of the workers: whoever has announced something rings it after the commit, and the worker looks at once.

Nothing depends on it. A ring that is lost, or was spared, only lets the worker find the news at its next beat.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from typing import Any

import psycopg
from django.db import DatabaseError, connection, transaction

from chezhe.kernel import prepared

log = logging.getLogger("chezhe.bell")
CHANNEL = "chezhe_news"
# A process rings once in so long at most; whoever was woken listens a little longer than that before going back to sleep.
SPARED_SECONDS = 0.02
LINGER_SECONDS = 0.05
_is_silent: ContextVar[bool] = ContextVar("bell_is_silent", default=False)
_last = {"rung": float("-inf")}


def ring_after_commit() -> None:
    """Wake the workers once the surrounding transaction has committed; a failure to do so harms nobody."""
    if not _is_silent.get():
        transaction.on_commit(_ring, robust=True)


@contextmanager
def silent() -> Iterator[None]:
    """Inside, nobody is woken: whoever tells a story delivers its news himself."""
    token = _is_silent.set(True)
    try:
        yield
    finally:
        _is_silent.reset(token)


def _ring() -> None:
    now = time.monotonic()
    if now - _last["rung"] >= SPARED_SECONDS:
        _last["rung"] = now
        prepared.ask("SELECT pg_notify(%s, '')", [CHANNEL])


class Ear:
    """Somebody who listens, over a connection of their own; it is made anew when the database was away."""

    def __init__(self) -> None:
        self._line: Any = None

    def wait(self, seconds: float) -> bool:
        """Until somebody rings, but no longer than this; returns whether somebody did. Deaf, it just waits."""
        try:
            self.open()
            return any(True for _ring in self._line.connection.notifies(timeout=seconds, stop_after=1))
        except (DatabaseError, psycopg.Error, OSError):
            log.exception("the bell is out of order and will be tried again")
            self.close()
            time.sleep(seconds)
            return False

    def open(self) -> None:
        """Be there before looking: what is announced from now on is heard."""
        if self._line is None:
            line = connection.copy()
            line.connect()
            line.connection.execute(f"LISTEN {CHANNEL}")
            self._line = line

    def close(self) -> None:
        line, self._line = self._line, None
        if line is not None:
            with suppress(DatabaseError, psycopg.Error, OSError):
                line.close()
