"""The same request twice is done once."""

import threading

import pytest
from django.db import connection

from chezhe.kernel import idempotency
from chezhe.kernel.idempotency import Answer, KeyReused, KeyTooLong, once
from chezhe.kernel.models import Holiday, IdempotencyKey


def ask(key: str = "k-1", body: str = "b", actor: str = "staff:1", route: str = "POST /x", status: int = 201) -> Answer:
    def produce() -> Answer:
        row = Holiday.objects.create(day=f"2095-01-{Holiday.objects.filter(day__year=2095).count() + 1:02d}",
                                     is_working=False, name="t", source="test")
        return Answer(status, "application/json", f'{{"id":{row.pk}}}'.encode(), "/there/")

    return once(key, idempotency.fingerprint(actor_key=actor, route=route, body_hash=body), produce)


def written() -> int:
    return Holiday.objects.filter(day__year=2095).count()


@pytest.mark.django_db
def test_the_second_time_gets_the_first_answer() -> None:
    first, second = ask(), ask()
    assert (first.body, first.location) == (second.body, second.location)
    assert second.is_replay and not first.is_replay and written() == 1


@pytest.mark.django_db
def test_an_answer_is_not_kept_in_clear() -> None:
    assert b'"id"' in ask().body
    assert b'"id"' not in bytes(IdempotencyKey.objects.get().body)


@pytest.mark.django_db
@pytest.mark.parametrize("other", [{"body": "c"}, {"actor": "staff:2"}, {"route": "POST /y"}])
def test_the_key_is_bound_to_actor_route_and_body(other: dict[str, str]) -> None:
    ask()
    with pytest.raises(KeyReused) as refused:
        ask(**other)
    assert refused.value.http_status == 409 and not refused.value.facts, "nothing of the first request is told"
    assert written() == 1


@pytest.mark.django_db
def test_a_refused_request_leaves_nothing_so_that_it_can_be_corrected() -> None:
    assert ask(status=422).status == 422
    assert written() == 0 and not IdempotencyKey.objects.exists()
    assert ask(body="corrected").status == 201


@pytest.mark.django_db
@pytest.mark.parametrize("key", ["", "x" * 256, "a\nb"])
def test_a_key_is_1_to_255_visible_characters(key: str) -> None:
    with pytest.raises(KeyTooLong):
        ask(key)


@pytest.mark.django_db(transaction=True)
def test_two_at_once_do_it_once() -> None:
    barrier, answers = threading.Barrier(8), []

    def run() -> None:
        barrier.wait()
        try:
            answers.append(ask().body)
        finally:
            connection.close()

    threads = [threading.Thread(target=run) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(answers) == 8 and len(set(answers)) == 1 and written() == 1
