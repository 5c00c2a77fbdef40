"""What keeps a month open: a room above that has yet to post into it says so here, and the ledger need not know why."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

RequireDone = Callable[[date], None]
_asked: list[RequireDone] = []


def register(require_done: RequireDone) -> None:
    """Called by the AppConfig.ready() of the room above: `require_done(month)` takes the first day of a month and raises a
    BusinessError while something of that month, or of one before, is still under way."""
    if require_done not in _asked:
        _asked.append(require_done)


def require_nothing_under_way(month: date) -> None:
    """Raises what the first room says that is not done with the month."""
    for ask in _asked:
        ask(month)
