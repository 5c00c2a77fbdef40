"""Jobs: on a virtual clock in line, upkeep asked for in its time and never twice in the queue."""

import asyncio
from datetime import timedelta

import pytest
from django.db import connection, transaction
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob

from chezhe.kernel import clock, jobs
from chezhe.kernel.testing import moment

TIMES: list[str] = []


@jobs.job("testing.sweep", queue="upkeep", every=timedelta(minutes=5))
def sweep(note: str = "") -> None:
    """A made-up piece of upkeep, registered once: the queue's library keeps its tasks for good."""
    TIMES.append(note)


@jobs.job("testing.asking", queue="testing")
def asking(is_failing: bool) -> None:
    """Asks for another job inside its transaction; whether others can see it by then is in the notes."""
    try:
        with transaction.atomic():
            jobs.enqueue("testing.sweep", note="asked for")
            TIMES.append(f"seen by others: {_seen_by_others()}")
            if is_failing:
                raise ZeroDivisionError
    except ZeroDivisionError:
        pass
    finally:
        connection.close()


def _seen_by_others() -> int:
    """How many `testing.sweep` a second connection finds."""
    other = connection.copy()
    try:
        with other.cursor() as cursor:
            cursor.execute("select count(*) from procrastinate_jobs where task_name = 'testing.sweep'")
            return int(cursor.fetchone()[0])
    finally:
        other.close()


@pytest.fixture
def swept() -> list[str]:
    """The notes of the runs so far."""
    TIMES.clear()
    return TIMES


def test_a_job_waits_for_its_time_on_the_virtual_clock(swept) -> None:
    with clock.at(moment("2026-03-01 09:00")), jobs.in_line():
        jobs.enqueue("testing.sweep", after_seconds=60, note="late")
        jobs.enqueue("testing.sweep", note="now")
        assert jobs.next_due_at() == clock.now()
        assert jobs.run_due() == 1 and swept == ["now"]
        assert jobs.next_due_at() == clock.now() + timedelta(seconds=60)
        clock.tick(61)
        assert jobs.run_due() == 1 and swept == ["now", "late"]


def test_run_due_is_for_lines_only() -> None:
    with pytest.raises(RuntimeError):
        jobs.run_due()


@pytest.mark.django_db
def test_upkeep_is_asked_for_in_its_time_and_waits_once(swept) -> None:
    asked, at = {}, moment("2026-03-01 09:00")
    assert "testing.sweep" in jobs.ask_for_upkeep(asked, at)
    assert "testing.sweep" not in jobs.ask_for_upkeep(asked, at + timedelta(minutes=4))
    assert "testing.sweep" in jobs.ask_for_upkeep(asked, at + timedelta(minutes=5))
    assert "testing.sweep" in jobs.ask_for_upkeep({}, at), "another worker asks too"
    assert ProcrastinateJob.objects.filter(task_name="testing.sweep").count() == 1


@pytest.mark.django_db(transaction=True)
def test_a_job_of_a_transaction_that_fails_never_exists(swept) -> None:
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        jobs.enqueue("testing.sweep")
        raise ZeroDivisionError
    assert not ProcrastinateJob.objects.filter(task_name="testing.sweep").exists()


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("is_failing", [False, True])
def test_what_a_worker_is_asked_for_inside_a_transaction_is_seen_after_its_commit_only(swept, is_failing) -> None:
    """Deferred over the worker's own connections it would run before the rows it is about are there, and stay when they are undone."""
    jobs.enqueue("testing.asking", is_failing=is_failing)
    asyncio.run(_work_off("testing"))
    assert swept == ["seen by others: 0"]
    assert ProcrastinateJob.objects.filter(task_name="testing.sweep").exists() is not is_failing


async def _work_off(queue: str) -> None:
    """Runs what waits in one queue as `chezhe worker` does, then ends."""
    working = jobs.app_of_worker()
    async with working.open_async():
        await working.run_worker_async(queues=[queue], wait=False, install_signal_handlers=False)


@pytest.mark.django_db(transaction=True)
def test_a_dead_workers_job_that_waits_a_second_time_does_not_hold_up_the_others() -> None:
    """Upkeep that was asked for again while its first worker died cannot wait twice: the dead one is over, what else died is taken up."""
    first, again, other = (
        ProcrastinateJob.objects.get(pk=app.configure_task(name, queueing_lock=lock).defer(**given))
        for name, lock, given in (("testing.sweep", None, {}), ("testing.sweep", "sweep", {}), ("testing.asking", None, {"is_failing": False})))
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO procrastinate_workers (last_heartbeat) VALUES (now() - interval '1 hour') RETURNING id")
        (silent,) = cursor.fetchone()
        cursor.execute("UPDATE procrastinate_jobs SET status = 'doing', worker_id = %s WHERE id = ANY(%s)", [silent, [first.pk, other.pk]])
        cursor.execute("UPDATE procrastinate_jobs SET queueing_lock = 'sweep' WHERE id = %s", [first.pk])
    assert asyncio.run(_take_up()) == ["testing.asking"]
    states = dict(ProcrastinateJob.objects.values_list("pk", "status"))
    assert (states[first.pk], states[again.pk], states[other.pk]) == ("aborted", "todo", "todo")


async def _take_up() -> list[str]:
    working = jobs.app_of_worker()
    async with working.open_async():
        return await jobs.take_up_again(working, 60)
