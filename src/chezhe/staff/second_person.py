"""The port through which a change of rights asks for a second person; the approvals room plugs in at start-up."""

from __future__ import annotations

from collections.abc import Callable, Collection

from chezhe.kernel.actor import Actor

ACCESS_KIND = "staff.access"
Opener = Callable[..., str]
Withdrawer = Callable[..., object]
_opener: Opener | None = None
_withdrawer: Withdrawer | None = None


def register(opener: Opener, withdrawer: Withdrawer) -> None:
    """`opener(subject=, title=, role=, maker_ids=, by=)` opens a request and returns its number;
    `withdrawer(request_number=, by=)` closes it."""
    global _opener, _withdrawer
    _opener, _withdrawer = opener, withdrawer


def ask(*, subject: str, title: str, role: str, maker_ids: Collection[int], by: Actor) -> str:
    """Ask a holder of `role` who is none of `maker_ids` to agree; returns the request's number."""
    if _opener is None:
        raise RuntimeError("no approvals room: a change of rights cannot be agreed by a second person")
    return _opener(subject=subject, title=title, role=role, maker_ids=maker_ids, by=by)


def call_off(request_number: str, *, by: Actor) -> None:
    """Nobody needs to decide any more."""
    if _withdrawer is None:
        raise RuntimeError("no approvals room")
    if request_number:
        _withdrawer(request_number=request_number, by=by)
