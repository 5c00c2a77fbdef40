"""What an action appends is written together at its end, in its order, and goes with whatever is undone."""

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from chezhe.kernel import appending, audit, clock, events, moves
from chezhe.kernel.actor import SYSTEM
from chezhe.kernel.models import AuditEntry, Delivery, Event, StatusMove

pytestmark = pytest.mark.django_db
BELL = "bell:1"


def ring(verb: str) -> None:
    moves.record(BELL, verb, "still", "ringing", by=SYSTEM)


def verbs() -> list[str]:
    return [move.verb for move in moves.history(BELL)]


def test_rows_of_several_tables_go_in_one_statement() -> None:
    with transaction.atomic():
        with CaptureQueriesContext(connection) as asked, appending.together():
            ring("first")
            events.publish("testing.unheard", BELL, {"fen": 1})
            ring("second")
            audit.record(by=SYSTEM, verb="testing.ring", subject=BELL)
            assert not StatusMove.objects.filter(subject=BELL).exists()
    assert len(asked) == 2, "the question above and the one that writes"
    assert verbs() == ["first", "second"]
    assert Event.objects.get(subject=BELL).payload == {"fen": 1}
    assert audit.row_hash(entry := AuditEntry.objects.get(subject=BELL)) == entry.row_hash


def test_outside_of_an_action_a_row_is_there_at_once() -> None:
    ring("alone")
    assert verbs() == ["alone"]


def test_what_fails_leaves_nothing() -> None:
    with pytest.raises(ZeroDivisionError), transaction.atomic(), appending.together():
        ring("never")
        raise ZeroDivisionError
    ring("after")
    assert verbs() == ["after"]


def test_a_part_that_is_undone_takes_only_its_own_rows_and_keeps_the_order() -> None:
    with transaction.atomic(), appending.together():
        ring("before")
        with pytest.raises(ZeroDivisionError), appending.part():
            ring("undone")
            raise ZeroDivisionError
        with appending.part():
            ring("inside")
        ring("behind")
    assert verbs() == ["before", "inside", "behind"]


def test_a_bare_savepoint_keeps_its_rows_to_itself() -> None:
    with transaction.atomic(), appending.together():
        with pytest.raises(ZeroDivisionError), transaction.atomic():
            ring("undone")
            raise ZeroDivisionError
        with transaction.atomic():
            ring("kept")
    assert verbs() == ["kept"]


def test_a_row_that_the_database_refuses_undoes_the_action() -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        with appending.together():
            ring("never")
            appending.append(Delivery(event_id=0, handler="nobody", delivered_at=clock.now()))
        connection.check_constraints()
    assert verbs() == []


def test_once_means_once() -> None:
    events.publish("testing.unheard", BELL)
    said = [appending.append_once(Delivery(event=Event.objects.get(), handler="h", delivered_at=clock.now())) for _ in range(2)]
    assert said == [True, False] and Delivery.objects.count() == 1
