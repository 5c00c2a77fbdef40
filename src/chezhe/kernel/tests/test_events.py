"""The outbox: exactly once per handler, failures undone and tried again."""

import threading
import time
from datetime import timedelta

import pytest
from django.db import connection

from chezhe.kernel import clock, events
from chezhe.kernel.models import Delivery, Event, Holiday
from chezhe.kernel.testing import moment

pytestmark = pytest.mark.django_db


@pytest.fixture
def heard():
    """Two handlers of one name: one notes what it hears, one fails after writing as long as `is_down`."""
    notes: list[str] = []
    state = {"is_down": False}

    @events.handles("testing.rang")
    def note(event: Event) -> None:
        notes.append(event.subject)

    @events.handles("testing.rang")
    def write(event: Event) -> None:
        Holiday.objects.create(day="2095-05-01", is_working=False, name="试验日", source="test")
        if state["is_down"]:
            raise ConnectionError("down")

    yield notes, state
    events.HANDLERS.pop("testing.rang")


def test_each_handler_hears_it_once_however_often_the_worker_looks(heard) -> None:
    notes, _ = heard
    events.publish("testing.rang", "bell:1")
    assert events.deliver_pending() == 2
    assert events.deliver_pending() == 0
    assert notes == ["bell:1"] and Event.objects.get().is_delivered


def test_a_failed_handler_is_undone_and_tried_again_without_repeating_the_other(heard) -> None:
    notes, state = heard
    state["is_down"] = True
    with clock.at(moment("2026-03-01 09:00")):
        events.publish("testing.rang", "bell:1")
        assert events.deliver_pending() == 1
        assert not Holiday.objects.filter(name="试验日").exists() and not Event.objects.get().is_delivered
        state["is_down"] = False
        assert events.deliver_pending() == 0, "it waits before it tries again"
        clock.tick(3)
        assert events.deliver_pending() == 1
    assert notes == ["bell:1"] and Event.objects.get().is_delivered


def test_it_gives_up_after_the_last_attempt_and_keeps_the_reason(heard) -> None:
    _, state = heard
    state["is_down"] = True
    start = moment("2026-03-01 09:00")
    with clock.at(start):
        events.publish("testing.rang", "bell:1")
    for hour in range(events.ATTEMPTS_MAX + 2):
        with clock.at(start + timedelta(hours=hour)):
            events.deliver_pending()
    failed = Delivery.objects.get(delivered_at=None)
    assert failed.attempts == events.ATTEMPTS_MAX and "ConnectionError" in failed.failure


def test_an_event_nobody_handles_is_simply_delivered() -> None:
    events.publish("testing.unheard", "x:1")
    events.deliver_pending()
    assert Event.objects.get().is_delivered


def test_a_worker_that_died_after_its_handlers_leaves_only_the_mark_to_be_made(heard) -> None:
    notes, _ = heard
    events.publish("testing.rang", "bell:1")
    events.deliver_pending()
    Event.objects.update(is_delivered=False)
    assert events.deliver_pending() == 0 and notes == ["bell:1"] and Event.objects.get().is_delivered


@pytest.mark.django_db(transaction=True)
def test_of_several_workers_at_once_one_takes_each(heard) -> None:
    notes, _ = heard
    Holiday.objects.filter(day="2095-05-01").delete()

    @events.handles("testing.many")
    def note(event: Event) -> None:
        time.sleep(0.01)
        notes.append(event.subject)

    def work() -> None:
        while Event.objects.filter(is_delivered=False).exists():
            events.deliver_pending()
        connection.close()

    try:
        for number in range(25):
            events.publish("testing.many", f"bell:{number}")
        workers = [threading.Thread(target=work) for _ in range(4)]
        for worker in workers:
            worker.start()
        for worker in workers:
            worker.join()
    finally:
        events.HANDLERS.pop("testing.many")
    assert sorted(notes) == sorted(f"bell:{number}" for number in range(25))
    assert Delivery.objects.exclude(delivered_at=None).count() == 25 and not Delivery.objects.exclude(failure="").exists()
