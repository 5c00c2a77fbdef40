"""Processes that share the shards of a close, as workers do: ready before the clock runs."""

from __future__ import annotations

import multiprocessing
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from typing import Any

from bench import _meter
from bench._meter import Spent

PATIENCE_SECONDS = 600


@contextmanager
def ready(day: date, count: int) -> Iterator[Callable[[int], list[Spent]]]:
    """What closes so many shards; it answers with what that cost each of the other processes.

    One worker is this process itself.
    """
    if count == 1:
        yield lambda shards: _close(day, range(shards))
        return
    context = multiprocessing.get_context("spawn")
    start, tasks, answers = context.Barrier(count + 1), context.SimpleQueue(), context.SimpleQueue()
    children = [context.Process(target=_work, args=(day, start, tasks, answers), daemon=True) for _ in range(count)]
    for child in children:
        child.start()
    start.wait(PATIENCE_SECONDS)

    def closing(shards: int) -> list[Spent]:
        for shard in [*range(shards), *[None] * count]:
            tasks.put(shard)
        return [spent for spent in (answers.get() for _ in children) if spent]

    yield closing
    for child in children:
        child.join(PATIENCE_SECONDS)


def _close(day: date, shards: Any) -> list[Spent]:
    from chezhe.kernel.actor import SYSTEM
    from chezhe.servicing.actions.close_shard import close_shard

    for shard in shards:
        close_shard(day=day, shard=shard, by=SYSTEM)
    return []


def _work(day: date, start: Any, tasks: Any, answers: Any) -> None:
    """A process with Django of its own, its loops compiled and its connection open."""
    import django

    django.setup()
    from chezhe.kernel import jobs

    _meter.load_loops()
    _meter.watch()
    _meter.server_seconds()
    start.wait(PATIENCE_SECONDS)
    meter, spent = _meter.Meter(), None
    try:
        with jobs.in_line():
            _close(day, iter(tasks.get, None))
        spent = meter.spent()
    finally:
        answers.put(spent)  # whoever fails leaves its shard open, which the run then shows
