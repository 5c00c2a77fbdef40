"""`chezhe worker`: jobs, events, the audit chain. Start as many as you like, on as many machines."""

from __future__ import annotations

import asyncio
import itertools
import logging
import os
import signal
import sys
import threading
import time
from collections.abc import Callable
from datetime import datetime
from importlib import import_module
from importlib.util import find_spec
from typing import TYPE_CHECKING

from chezhe.cli.commands import _surroundings

if TYPE_CHECKING:
    from procrastinate import App

log = logging.getLogger("chezhe.worker")
BEAT_SECONDS = 1.0
CONCURRENCY = 4
# Whoever waits longer to stop is killed by systemd or by `./run demo`.
GRACE_SECONDS = 10


def run(argv: list[str]) -> int:
    """Works until it is told to stop (SIGTERM, Ctrl-C), finishing the jobs in hand."""
    if argv:
        sys.stderr.write("usage: chezhe worker\n")
        return 2
    chosen = _surroundings.instance()
    with _surroundings.database_of(chosen) as cluster:
        os.environ.update(chosen.environment(cluster, CHEZHE_PROCESS="worker"))
        os.environ["PROMETHEUS_MULTIPROC_DIR"] = _surroundings.figures_folder(chosen.folder)
        import django

        django.setup()
        load_handlers()
        return _work()


def load_handlers() -> list[str]:
    """Import every room's `handlers`, so that events find them; returns the modules."""
    from chezhe.config import rooms

    names = [f"chezhe.{room}.handlers" for room in rooms.built() if find_spec(f"chezhe.{room}.handlers")]
    for name in names:
        import_module(name)
    return names


def _work() -> int:
    stopping = threading.Event()
    threads = [threading.Thread(target=work, args=[stopping], name=work.__name__) for work in (_beat, _news)]
    for thread in threads:
        thread.start()
    try:
        asyncio.run(_jobs(stopping))
    finally:
        stopping.set()
        for thread in threads:
            thread.join(GRACE_SECONDS)
    return 0


async def _jobs(stopping: threading.Event) -> None:
    """The queue and, beside it, the sweep of jobs whose worker was killed."""
    from django.conf import settings

    from chezhe.kernel import jobs

    stalled = settings.WORKER_STALLED_SECONDS
    loop = asyncio.get_running_loop()
    workers_app = jobs.app_of_worker()
    async with workers_app.open_async():
        worker = asyncio.create_task(
            workers_app.run_worker_async(
                concurrency=CONCURRENCY,
                install_signal_handlers=False,
                shutdown_graceful_timeout=GRACE_SECONDS,
                fetch_job_polling_interval=2.0,
                update_heartbeat_interval=stalled / 3,
                stalled_worker_timeout=stalled,
            )
        )
        sweep = asyncio.create_task(_sweep(workers_app, stalled))
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, worker.cancel)
        try:
            await worker
        except asyncio.CancelledError:
            log.info("stopping")
        finally:
            sweep.cancel()


async def _sweep(workers_app: App, stalled: float) -> None:
    """A job of a worker that died stays `doing` for ever unless somebody asks for it again: who has been silent for so many seconds
    is dead."""
    from chezhe.kernel import jobs

    while True:
        try:
            for name in await jobs.take_up_again(workers_app, stalled):
                log.warning("job taken up again", extra={"task": name})
        except Exception:
            log.exception("the sweep failed and will be tried again")
        await asyncio.sleep(stalled)


def _beat(stopping: threading.Event) -> None:
    """Once a second: chain audit rows, ask for upkeep; at the day's first beat sign yesterday's root."""
    from chezhe.kernel import audit, clock, jobs

    asked: dict[str, datetime] = {}

    def ask_for_upkeep() -> object:
        return jobs.ask_for_upkeep(asked, clock.now())

    beats = itertools.count()

    def seal() -> object:
        """Once a minute the chain looks further back for what committed late."""
        return audit.seal(reach=audit.NEAR if next(beats) % 60 else audit.FAR)

    duties: list[Callable[[], object]] = [seal, _sign_yesterday, ask_for_upkeep]
    while not stopping.is_set():
        started = time.monotonic()
        for duty in duties:
            _attempt(duty)
        stopping.wait(max(0.05, BEAT_SECONDS - (time.monotonic() - started)))


def _news(stopping: threading.Event) -> None:
    """Deliver events as soon as the bell rings, and once a second in case a ring was missed."""
    from chezhe.kernel import bell, events

    ear, is_awake = bell.Ear(), True
    while not stopping.is_set():
        is_rung = ear.wait(bell.LINGER_SECONDS if is_awake else BEAT_SECONDS)
        delivered = _attempt(events.deliver_pending)
        is_awake = is_rung or bool(delivered)
    ear.close()


def _attempt(duty: Callable[[], object]) -> object:
    """What came of a duty; nothing when the database is restarting: it is said, and tried again at the next beat."""
    from django.db import close_old_connections

    from chezhe.kernel import metrics

    name = getattr(duty, "__name__", "")
    try:
        done = duty()
        metrics.observe_duty(name, is_done=True)
        return done
    except Exception:
        metrics.observe_duty(name, is_done=False)
        log.exception("a duty failed and will be tried again", extra={"duty": name})
        close_old_connections()  # one that has failed is not used again
        return None


def _sign_yesterday() -> None:
    from datetime import timedelta

    from chezhe.kernel import audit, clock
    from chezhe.kernel.models import AuditRoot

    day = clock.today() - timedelta(days=1)
    if not AuditRoot.objects.filter(day=day).exists():
        audit.sign_day(day)
