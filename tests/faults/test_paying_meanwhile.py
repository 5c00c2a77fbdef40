"""A payment for a loan whose shard is at work: it is never refused, and waits for the writing of that shard at most."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from contextvars import copy_context
from datetime import date, timedelta
from functools import partial
from typing import Any

import pytest
from django.db import connection, connections, transaction

from chezhe.kernel.actor import SYSTEM
from chezhe.servicing.actions.begin_end_of_day import begin_end_of_day
from chezhe.servicing.actions.close_shard import close_shard
from chezhe.servicing.actions.finish_end_of_day import finish_end_of_day
from chezhe.servicing.endofday import runs, working, writing
from chezhe.servicing.models import EndOfDay, Loan
from chezhe.servicing.tests.lending import Bank, days_pass, pay
from chezhe.servicing.tests.test_end_of_day import book  # noqa: F401
from tests.faults.facts import FAULTS, Tell, digest, figures, must_be_sound
from tests.faults.test_racing import close_the_rest, one_after_the_other

pytestmark = pytest.mark.django_db(transaction=True)
NIGHT = date(2026, 2, 14)
TODAY = NIGHT + timedelta(days=1)
PATIENCE_SECONDS = 60
SHARD = partial(close_shard, day=NIGHT, shard=0, by=SYSTEM)


class Beside:
    """Somebody who does one thing in a connection of his own."""

    def __init__(self, deed: Callable[[], Any]) -> None:
        self.fault: BaseException | None = None
        self._thread = threading.Thread(target=copy_context().run, args=(self._do, deed))
        self._thread.start()

    def _do(self, deed: Callable[[], Any]) -> None:
        try:
            deed()
        except Exception as fault:
            self.fault = fault
        finally:
            connections.close_all()

    def must_get_through(self) -> None:
        """He has done it, while whoever asks was still at his own."""
        self._thread.join(PATIENCE_SECONDS)
        assert not self._thread.is_alive(), "he waits"
        assert self.fault is None, self.fault

    def must_wait(self) -> None:
        """He is waiting for a row that somebody else holds."""
        began = time.monotonic()
        while not waiting():
            assert self._thread.is_alive() and time.monotonic() - began < PATIENCE_SECONDS, "he does not wait"
            time.sleep(0.01)


def waiting() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_stat_clear_snapshot()")
        cursor.execute("SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'")
        return int(cursor.fetchone()[0])


@pytest.fixture
def night(bank: Bank, book: list[Loan], monkeypatch: pytest.MonkeyPatch) -> list[Loan]:  # noqa: F811
    """The day has begun to close, all loans in one shard, set by set; the next morning instalments fall due."""
    monkeypatch.setattr(runs, "FEW", 0)
    days_pass(bank, NIGHT)
    begin_end_of_day(until=NIGHT, calendar_day=NIGHT, by=bank.fang)
    return book


def end(night: list[Loan]) -> str:
    """The close is finished, with what was put off; what it came to."""
    close_the_rest(NIGHT)
    finish_end_of_day(day=NIGHT, by=SYSTEM)
    assert EndOfDay.objects.get(day=NIGHT).status == "closed" and set(Loan.objects.values_list("as_of", flat=True)) == {TODAY}
    must_be_sound()
    return digest(figures(night))


def put_off() -> int:
    return len(EndOfDay.objects.get(day=NIGHT).shards) - 1


def test_who_pays_while_the_shard_is_read_and_worked_out_waits_for_nothing(
    bank: Bank, night: list[Loan], monkeypatch: pytest.MonkeyPatch, record_property: Tell,
) -> None:
    paying = partial(pay, bank, night[0], "3321.43", TODAY, "M1")
    whole, work = one_after_the_other([SHARD, paying], night, NIGHT), working.work

    def at_length(*words: Any) -> working.Worked:
        Beside(paying).must_get_through()
        return work(*words)

    with monkeypatch.context() as slowly:
        slowly.setattr(working, "work", at_length)
        SHARD()
    assert put_off() == 1
    assert end(night) == whole
    record_property(FAULTS, {"payments while a shard works": 1, "waited": 0, "same ends": 1})


@pytest.mark.parametrize("is_kept", [True, False])
def test_a_shard_does_not_wait_for_who_is_paying(bank: Bank, night: list[Loan], is_kept: bool, record_property: Tell) -> None:
    paying = partial(pay, bank, night[0], "3321.43", TODAY, "M2")
    whole = one_after_the_other([SHARD, paying] if is_kept else [SHARD], night, NIGHT)
    with transaction.atomic():
        paying()
        Beside(SHARD).must_get_through()
        transaction.set_rollback(not is_kept)
    assert put_off() == 1
    assert end(night) == whole
    record_property(FAULTS, {"payments while a shard works": 1, "waited": 0, "same ends": 1})


def test_who_pays_while_the_shard_is_written_waits_for_its_end_and_is_not_refused(
    bank: Bank, night: list[Loan], monkeypatch: pytest.MonkeyPatch, record_property: Tell,
) -> None:
    """And that is all: whose loan has no event that night waits not even then."""
    paying, other = partial(pay, bank, night[0], "3321.43", TODAY, "M3"), partial(pay, bank, night[1], "1.00", TODAY, "M4")
    other()
    whole, write_rows, clerks = one_after_the_other([SHARD, paying, partial(pay, bank, night[1], "2.00", TODAY, "M5")], night, NIGHT), \
        writing._write_rows, []

    def at_length(*words: Any) -> None:
        Beside(partial(pay, bank, night[1], "2.00", TODAY, "M5")).must_get_through()
        clerks.append(Beside(paying))
        clerks[0].must_wait()
        write_rows(*words)

    with monkeypatch.context() as slowly:
        slowly.setattr(writing, "_write_rows", at_length)
        SHARD()
    clerks[0].must_get_through()
    assert put_off() == 0
    assert end(night) == whole
    record_property(FAULTS, {"payments while a shard works": 2, "waited": len(clerks), "same ends": 1})
