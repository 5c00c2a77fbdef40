"""What a door knows about the request it is serving, for the audit trail and the log."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4


@dataclass(slots=True)
class RequestContext:
    """`refusals` collects actions that were refused, so that the door can audit them after the rollback.

    `only_reads` says that nothing is written while it is served: what was read once may then be kept in `notes`.
    """

    request_id: str = field(default_factory=lambda: uuid4().hex)
    route: str = ""
    ip_address: str = ""
    only_reads: bool = False
    notes: dict[str, Any] = field(default_factory=dict)
    refusals: list[dict[str, Any]] = field(default_factory=list)


_current: ContextVar[RequestContext | None] = ContextVar("request_context", default=None)


def current() -> RequestContext | None:
    return _current.get()


@contextmanager
def serving(context: RequestContext) -> Iterator[RequestContext]:
    token = _current.set(context)
    try:
        yield context
    finally:
        _current.reset(token)
