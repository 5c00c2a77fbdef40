"""The worker's door: the lists that people have subscribed to."""

from __future__ import annotations

from datetime import time, timedelta

from chezhe.kernel import clock
from chezhe.kernel.actor import SYSTEM
from chezhe.kernel.jobs import job
from chezhe.ui import lists
from chezhe.workbench import queries
from chezhe.workbench.actions.count_view import count_view

MORNING = time(8, 30)


@job("workbench.count_views", every=timedelta(minutes=5))
def count_views() -> None:
    """From half past eight on, every subscribed view once a day, with the rights of who subscribed to it."""
    at = clock.now().astimezone(clock.SHANGHAI)
    if at.time() < MORNING:
        return
    for waiting in queries.uncounted(at):
        rows = lists.count_rows(waiting.path, waiting.query, waiting.actor) if waiting.actor else None
        count_view(subscription_id=waiting.subscription_id, rows=rows, on=at.date(), by=SYSTEM)
