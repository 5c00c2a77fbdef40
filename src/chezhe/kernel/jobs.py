"""Work that happens later: jobs live in PostgreSQL and join the transaction that asks for them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from procrastinate import App, RetryStrategy
from procrastinate.contrib.django import DjangoApp, app
from procrastinate.exceptions import AlreadyEnqueued, UniqueViolation
from procrastinate.jobs import Status

from chezhe.kernel import bell, clock

Job = Callable[..., Any]
REGISTRY: dict[str, Job] = {}
UPKEEP: dict[str, timedelta] = {}
ATTEMPTS_MAX = 8
_line: ContextVar[list[tuple[datetime, str, dict[str, Any]]] | None] = ContextVar("job_line", default=None)


def job(name: str, *, queue: str = "default", every: timedelta | None = None) -> Callable[[Job], Job]:
    """Register a job under a stable name ("payments.send_payout"). It must be safe to run twice.

    `every` makes it upkeep: the worker asks for it again and again, without arguments, never twice in the queue.
    """

    def wrap(function: Job) -> Job:
        if REGISTRY.setdefault(name, function) is not function:
            raise ValueError(f"two jobs called {name}")
        if every is not None:
            UPKEEP[name] = every
        app.task(name=name, queue=queue, retry=RetryStrategy(max_attempts=ATTEMPTS_MAX, exponential_wait=2))(function)
        return function

    return wrap


def enqueue(name: str, *, after_seconds: int = 0, **arguments: Any) -> None:
    """Ask for a job by name; it exists only if the surrounding transaction commits. Arguments are JSON."""
    line = _line.get()
    if line is not None:
        line.append((clock.now() + timedelta(seconds=after_seconds), name, arguments))
        return
    schedule = {"seconds": after_seconds} if after_seconds else None
    app.configure_task(name, schedule_in=schedule).defer(**arguments)


def app_of_worker() -> App:
    """The queue as a worker reads it: an app of its own over the same tasks, with the pool of connections a worker needs.

    The tasks still point at Django's app, so that what a job or the delivery of an event asks for goes over Django's connection and
    exists only if its transaction commits. Had that app taken the pool (`replace_connector`, as the library proposes), jobs would be
    seen and run before the rows they are about.
    """
    pool = app.connector.get_worker_connector()  # type: ignore[attr-defined]
    working = DjangoApp(connector=pool)
    working.tasks = app.tasks
    return working


async def take_up_again(working: App, silent_seconds: float) -> list[str]:
    """Put the jobs of workers that have been silent for so long back into the queue; gives their names.

    A job with a queueing lock that has been asked for again since is done by that one: the dead one is over.
    """
    taken: list[str] = []
    for dead in await working.job_manager.get_stalled_jobs(seconds_since_heartbeat=silent_seconds):
        try:
            await working.job_manager.retry_job(dead)
        except UniqueViolation:
            await working.job_manager.finish_job(dead, status=Status.ABORTED, delete_job=False)
        else:
            taken.append(dead.task_name)
    return taken


def ask_for_upkeep(asked: dict[str, datetime], at: datetime) -> list[str]:
    """Put the upkeep whose time has come into the queue; `asked` remembers when each was last asked for.

    Several workers may ask at once: the queueing lock lets one job of a name wait, the others are not needed.
    """
    due = [name for name, every in UPKEEP.items() if name not in asked or at - asked[name] >= every]
    for name in due:
        asked[name] = at
        try:
            with transaction.atomic():
                app.configure_task(name, queueing_lock=name).defer()
        except AlreadyEnqueued:
            continue
    return due


@contextmanager
def in_line() -> Iterator[None]:
    """Inside, jobs wait in memory and `run_due` runs them on the virtual clock: simulation and tests."""
    token = _line.set([])
    try:
        with bell.silent():
            yield
    finally:
        _line.reset(token)


@contextmanager
def rehearsed() -> Iterator[None]:
    """Inside, whatever is asked for is forgotten again at the end: stands around a savepoint that is undone, which takes the others."""
    line = _line.get()
    before = list(line or ())
    try:
        yield
    finally:
        if line is not None:
            line[:] = before


def forget(name: str) -> None:
    """Drop the waiting jobs of a name: what a story does not tell. Only inside `in_line`."""
    line = _line.get() or []
    line[:] = [row for row in line if row[1] != name]


def waiting(*names: str, **arguments: Any) -> set[str]:
    """Which of these jobs stand in the queue or are being worked on, with at least these arguments."""
    line = _line.get()
    if line is not None:
        return {name for _, name, given in line if name in names and arguments.items() <= given.items()}
    from procrastinate.contrib.django.models import ProcrastinateJob

    rows = ProcrastinateJob.objects.filter(status__in=("todo", "doing"), task_name__in=names, args__contains=arguments)
    return set(rows.values_list("task_name", flat=True).distinct().order_by())


def next_due_at() -> datetime | None:
    """When the first of the waiting jobs will be due; None when none waits. Only inside `in_line`."""
    return min((row[0] for row in _line.get() or ()), default=None)


def run_due() -> int:
    """Run the waiting jobs whose time has come; returns how many ran. Only inside `in_line`."""
    line = _line.get()
    if line is None:
        raise RuntimeError("run_due works only inside in_line(); the worker runs the others")
    due = sorted((row for row in line if row[0] <= clock.now()), key=lambda row: row[0])
    for row in due:
        line.remove(row)
        REGISTRY[row[1]](**row[2])
    return len(due)
