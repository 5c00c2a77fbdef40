"""The only place that reads the clock. Doors ask here and hand the answer on."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

SHANGHAI = ZoneInfo("Asia/Shanghai")
# Machines of one house may differ by so much.
SKEW_MAX = timedelta(minutes=1)
_virtual: ContextVar[datetime | None] = ContextVar("virtual_clock", default=None)


def now() -> datetime:
    """This moment, aware, in Asia/Shanghai; the virtual moment inside `at(…)`."""
    return _virtual.get() or datetime.now(SHANGHAI)


def today() -> date:
    """Today's calendar date in Asia/Shanghai (the business date is `business_date.current()`)."""
    return now().astimezone(SHANGHAI).date()


def is_within(moment: datetime, at: datetime, lasts: timedelta) -> bool:
    """Whether `moment` lies in the last `lasts` before `at`. A moment ahead of the clock (it was put back) proves nothing."""
    return -SKEW_MAX <= at - moment <= lasts


@contextmanager
def at(moment: datetime) -> Iterator[None]:
    """Let the clock stand at `moment` inside the block: simulation and tests."""
    if moment.tzinfo is None:
        raise ValueError("a moment must be aware")
    token = _virtual.set(moment)
    try:
        yield
    finally:
        _virtual.reset(token)


def tick(seconds: float = 1) -> None:
    """Move a standing clock on; refuses to touch the real one."""
    moment = _virtual.get()
    if moment is None:
        raise RuntimeError("the real clock cannot be moved")
    _virtual.set(moment + timedelta(seconds=seconds))
