"""Jobs: on a virtual clock in line, upkeep asked for in its time and never twice in the queue."""

from datetime import timedelta

import pytest
from procrastinate.contrib.django.models import ProcrastinateJob

from chezhe.kernel import clock, jobs
from chezhe.kernel.testing import moment

TIMES: list[str] = []


@jobs.job("testing.sweep", queue="upkeep", every=timedelta(minutes=5))
def sweep(note: str = "") -> None:
    """A made-up piece of upkeep, registered once: the queue's library keeps its tasks for good."""
    TIMES.append(note)


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
    from django.db import transaction

    with pytest.raises(ZeroDivisionError), transaction.atomic():
        jobs.enqueue("testing.sweep")
        raise ZeroDivisionError
    assert not ProcrastinateJob.objects.filter(task_name="testing.sweep").exists()
