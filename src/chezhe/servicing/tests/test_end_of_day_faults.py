"""The close of a day interrupted at every write it makes: nothing is half done, and done again it comes to the same."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from typing import Any
from unittest.mock import patch

import psycopg
import pytest
from django.db import connection, transaction

from chezhe.ledger import queries as ledger_queries
from chezhe.servicing import proof
from chezhe.servicing.endofday import runs, writing
from chezhe.servicing.models import EndOfDay, EndOfDayShard, Loan
from chezhe.servicing.tests.lending import Bank, days_pass, pay
from chezhe.servicing.tests.test_end_of_day import book, picture  # noqa: F401

pytestmark = pytest.mark.django_db
DUE = date(2026, 2, 15)
NIGHT = date(2026, 2, 14)
WRITES = ("INSERT", "UPDATE", "DELETE", "WITH", "COPY")


class PowerCut(RuntimeError):
    """The machine stops here."""


class Meter:
    """Counts what is written and stops at the write number `at`."""

    fault: type[BaseException] = PowerCut

    def __init__(self, at: int = 0) -> None:
        self.at, self.seen = at, 0

    def __call__(self, execute: Callable[..., Any], sql: str, params: Any, many: bool, context: dict[str, Any]) -> Any:
        self._note(sql)
        return execute(sql, params, many, context)

    def _note(self, sql: str) -> None:
        if sql.lstrip().upper().startswith(WRITES):
            self.seen += 1
            if self.seen == self.at:
                raise self.fault(sql)

    @contextmanager
    def watching(self) -> Iterator[None]:
        """Inside, every write is counted; a COPY goes past Django's wrappers."""
        plain = psycopg.Cursor.copy

        def copy(cursor: Any, statement: str, *words: Any, **more: Any) -> Any:
            self._note(statement)
            return plain(cursor, statement, *words, **more)

        with connection.execute_wrapper(self), patch.object(psycopg.Cursor, "copy", copy):
            yield


def close(meter: Meter | None = None) -> None:
    """Every shard of the night that is still open, then the finish, in one transaction."""
    with transaction.atomic(), (meter or Meter()).watching():
        run = EndOfDay.objects.get(day=NIGHT)
        for shard in range(len(run.shards)):
            runs.close_shard(run, shard)
        runs.finish(NIGHT)


@pytest.fixture
def night(bank: Bank, book: list[Loan], monkeypatch: pytest.MonkeyPatch) -> list[Loan]:  # noqa: F811
    """Set by set, not one by one; one loan has paid ahead; the next morning instalments fall due."""
    monkeypatch.setattr(runs, "FEW", 0)
    monkeypatch.setattr(runs, "SHARD_LOANS", 4)
    days_pass(bank, NIGHT)
    pay(bank, book[0], "3321.43", NIGHT)
    runs.begin(NIGHT, until=NIGHT, by=bank.fang)
    return book


def state(loans: list[Loan]) -> Any:
    return picture(loans), EndOfDayShard.objects.count(), EndOfDay.objects.get(day=NIGHT).status


def test_a_fault_at_any_write_leaves_nothing_behind_and_the_day_closes_afterwards(
    night: list[Loan], record_property: Callable[[str, object], None]
) -> None:
    before, meter = state(night), Meter()
    with transaction.atomic():
        close(meter)
        whole = state(night)
        transaction.set_rollback(True)
    assert meter.seen > 10 and whole != before
    for at in range(1, meter.seen + 1):
        with pytest.raises(PowerCut):
            close(Meter(at))
        assert state(night) == before, f"write {at}"
    close()
    assert state(night) == whole
    assert not list(proof.differences(Loan.objects.order_by("pk"))) and ledger_queries.prove(thorough=True).is_sound
    record_property("faults", {"closes": 1, "writes cut": meter.seen})


def test_shards_that_were_done_before_the_fault_are_not_done_again(night: list[Loan], monkeypatch: pytest.MonkeyPatch) -> None:
    run = EndOfDay.objects.get(day=NIGHT)
    assert len(run.shards) > 1
    with transaction.atomic():
        runs.close_shard(run, 0)
    first = state(night[:1])
    kept = writing.write
    monkeypatch.setattr(writing, "write", lambda *_args, **_more: (_ for _ in ()).throw(PowerCut()))
    with pytest.raises(PowerCut), transaction.atomic():
        runs.close_shard(run, 1)
    monkeypatch.setattr(writing, "write", kept)
    assert state(night[:1]) == first and not runs.is_complete(run)
    close()
    assert state(night[:1])[0][:3] == first[0][:3] and EndOfDay.objects.get(day=NIGHT).status == "closed"
    assert Loan.objects.filter(as_of=DUE).count() == len(night)
