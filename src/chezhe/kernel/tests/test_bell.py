"""The bell: whoever listens is woken by a commit, and by nothing that was taken back."""

import time
from collections.abc import Iterator

import pytest
from django.db import connection, transaction

from chezhe.kernel import bell, events, jobs

pytestmark = pytest.mark.django_db(transaction=True)
LONG, SHORT = 30.0, 0.2


@pytest.fixture
def ear() -> Iterator[bell.Ear]:
    time.sleep(bell.SPARED_SECONDS)
    ear = bell.Ear()
    ear.open()
    yield ear
    ear.close()


def test_news_rings_when_it_is_committed_and_not_before(ear: bell.Ear) -> None:
    with transaction.atomic():
        events.publish("testing.rang", "bell:1")
        assert not ear.wait(SHORT)
    assert ear.wait(LONG)


def test_what_was_taken_back_wakes_nobody(ear: bell.Ear) -> None:
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        events.publish("testing.rang", "bell:1")
        raise ZeroDivisionError
    assert not ear.wait(SHORT)


def test_many_at_once_ring_once_and_whoever_was_woken_listens_longer_than_a_ring_is_spared(ear: bell.Ear) -> None:
    for number in range(3):
        events.publish("testing.rang", f"bell:{number}")
    assert ear.wait(LONG) and bell.LINGER_SECONDS > bell.SPARED_SECONDS


def test_a_story_wakes_nobody(ear: bell.Ear) -> None:
    with jobs.in_line():
        events.publish("testing.rang", "bell:1")
    assert not ear.wait(SHORT)


def test_an_ear_whose_line_was_cut_listens_again(ear: bell.Ear) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query LIKE 'LISTEN%%' AND datname = current_database()")
    assert not ear.wait(SHORT)
    ear.open()
    events.publish("testing.rang", "bell:1")
    assert ear.wait(LONG)
