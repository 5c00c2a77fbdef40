"""News of a few subjects, announced and heard by processes that may be killed: each of two handlers writes down what it hears."""

from __future__ import annotations

import threading
import time

SUBJECTS, EACH, THREADS, NAME = 12, 20, 4, "testing.told"
# A handler works so long, that a kill finds somebody in the middle of it.
AT_WORK_SECONDS = 0.002
HEARD = "CREATE TABLE heard (id bigserial, handler text, subject text, number int)"


def announce(acknowledged: str) -> None:
    """The news of every subject in its order, each in a transaction of its own; what has been committed is written down at once."""
    from django.db import connection, transaction

    from chezhe.kernel import appending, events

    with connection.cursor() as cursor:
        cursor.execute(HEARD)
    with open(acknowledged, "a", buffering=1) as file:
        for number in range(EACH):
            for subject in range(SUBJECTS):
                with transaction.atomic(), appending.together():
                    events.publish(NAME, f"bell:{subject}", {"number": number})
                file.write(f"bell:{subject}/{number}\n")


def deliver() -> None:
    """Several threads deliver until nothing waits any more."""
    from django.db import connection

    from chezhe.kernel import events
    from chezhe.kernel.models import Event

    def hearing(handler: str) -> None:
        @events.handles(NAME)
        def hear(event: Event) -> None:
            time.sleep(AT_WORK_SECONDS)
            with connection.cursor() as cursor:
                cursor.execute(
                    "INSERT INTO heard (handler, subject, number) VALUES (%s, %s, %s)", [handler, event.subject, event.payload["number"]]
                )

        events.HANDLERS[NAME][handler] = events.HANDLERS[NAME].pop(f"{__name__}.{hear.__qualname__}")

    def work() -> None:
        while Event.objects.filter(name=NAME, is_delivered=False).exists():
            events.deliver_pending()
        connection.close()

    hearing("first")
    hearing("second")
    workers = [threading.Thread(target=work) for _ in range(THREADS)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
