"""The real worker and the real command, two processes each: one is killed in the middle of a shard, and the day comes to what it
comes to undisturbed."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from django.conf import settings

from tests.faults.facts import FAULTS, Tell
from tests.faults.test_kills import House, house_at, reachable_folder
from tests.faults.worker import TODAY

LOANS, STALLED_SECONDS, PATIENCE_SECONDS = 3_000, 3, 180
EOD = ("eod", "--date", TODAY.isoformat(), "--no-snapshot")
WORKERS = "SELECT count(*) FROM procrastinate_workers"
WAITING = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
AT_WORK = "SELECT count(DISTINCT worker_id) FROM procrastinate_jobs WHERE task_name = 'servicing.close_shard' AND status = 'doing'"
CLOSED = "SELECT count(*) FROM servicing_endofday WHERE status = 'closed'"
TAKEN_UP = """
SELECT count(*) FROM (SELECT j.id FROM procrastinate_jobs j JOIN procrastinate_events e ON e.job_id = j.id AND e.type = 'started'
                       WHERE j.task_name = 'servicing.close_shard' GROUP BY j.id HAVING count(*) > 1) AS again
"""
FAULTY = "SELECT count(*) FROM servicing_endofdayfault"
# What is done after the close, and told of it, has its own time.
LATER, OF_THE_CLOSE = ("audit|", "news|"), ("news|loans.turned|", "news|day.closed|")


@pytest.fixture(scope="module")
def house() -> Iterator[House]:
    with reachable_folder() as home, house_at(home, LOANS) as made:
        yield made


@pytest.fixture(scope="module")
def whole(house: House) -> list[str]:
    """What the command leaves that nobody disturbs."""
    name = house.fresh()
    begin(house, name)
    with running(house, name, *EOD) as command:
        assert command.wait(PATIENCE_SECONDS) == 0
    return facts(house, name)


def begin(house: House, name: str) -> None:
    house.ask(f"begin {name}")
    house.await_end()


def facts(house: House, name: str) -> list[str]:
    return [line for line in house.state(name) if not line.startswith(LATER) or line.startswith(OF_THE_CLOSE)]


def count(house: House, name: str, question: str) -> int:
    with house.cluster.connect(name) as connection:
        return int(str(connection.execute(question.encode()).fetchone()[0]))  # type: ignore[index]


def wait_until(is_so: Callable[[], bool]) -> None:
    began = time.monotonic()
    while not is_so():
        assert time.monotonic() - began < PATIENCE_SECONDS, "it does not come"
        time.sleep(0.05)


@contextmanager
def running(house: House, name: str, *words: str) -> Iterator[subprocess.Popen[bytes]]:
    """`chezhe …` as anybody starts it, on one database; whoever still runs at the end is told to stop."""
    environment = {
        **house.environment, "DATABASE_URL": house.cluster.url(name), "CHEZHE_WORKER_STALLED_SECONDS": str(STALLED_SECONDS),
        # Held up by the test until both are there, however slowly the second starts: neither gives up before.
        "CHEZHE_LOCK_SECONDS": str(PATIENCE_SECONDS),
    }
    command = [sys.executable, "-W", "ignore", "-m", "chezhe.cli.main", *words]
    with open(Path(house.environment["CHEZHE_VAR"]) / "said.log", "ab") as said:
        with subprocess.Popen(command, cwd=settings.ROOT, env=environment, stdout=said, stderr=said) as process:
            try:
                yield process
            finally:
                process.terminate()


@contextmanager
def held_up(house: House, name: str) -> Iterator[None]:
    """Inside, whoever closes a shard gets as far as the group's accrual and waits there, in the middle of it."""
    with house.cluster.connect(name) as connection, connection.transaction():
        connection.execute("LOCK TABLE servicing_accrualchange IN SHARE MODE")
        yield


def test_the_shards_of_a_killed_worker_are_taken_up_by_the_other(house: House, whole: list[str], record_property: Tell) -> None:
    name = house.fresh()
    with running(house, name, "worker") as first, running(house, name, "worker") as second:
        wait_until(lambda: count(house, name, WORKERS) == 2)
        with held_up(house, name):
            begin(house, name)
            wait_until(lambda: count(house, name, AT_WORK) == 2 and count(house, name, WAITING) >= 2)
            first.send_signal(signal.SIGKILL)
            first.wait()
        wait_until(lambda: count(house, name, CLOSED) == 1)
        assert second.poll() is None
        taken_up, left = count(house, name, TAKEN_UP), facts(house, name)
    assert taken_up and not count(house, name, FAULTY), "no shard was in the killed worker's hands"
    assert left == whole, sorted(set(left) ^ set(whole))[:6]
    record_property(FAULTS, {"kills of worker": 1, "shards taken up by the other": taken_up, "same states afterwards": 1})


def test_the_command_goes_on_after_one_of_its_two_processes_was_killed(house: House, whole: list[str], record_property: Tell) -> None:
    name = house.fresh()
    begin(house, name)
    with running(house, name, *EOD, "--workers", "2") as command:
        with held_up(house, name):
            wait_until(lambda: len(closing(command.pid)) == 2 and count(house, name, WAITING) == 2)
            os.kill(closing(command.pid)[0], signal.SIGKILL)
        assert command.wait(PATIENCE_SECONDS) == 1, "it says that the day is not closed"
    assert not count(house, name, CLOSED)
    with running(house, name, *EOD, "--workers", "2") as command:
        assert command.wait(PATIENCE_SECONDS) == 0
    left = facts(house, name)
    assert left == whole, sorted(set(left) ^ set(whole))[:6]
    record_property(FAULTS, {"kills of one of two processes": 1, "same states afterwards": 1})


def closing(pid: int) -> list[int]:
    """The processes below this one that close shards."""
    below = [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    found = [child for child in below if b"--shards" in Path(f"/proc/{child}/cmdline").read_bytes()]
    return found + [one for child in below for one in closing(child)]
