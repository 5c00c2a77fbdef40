"""Real threads, real transactions: everybody presses at the same moment."""

from __future__ import annotations

import threading
from collections.abc import Callable
from contextvars import copy_context
from typing import Any

from django.db import connections


def at_once(*deeds: Callable[[], Any]) -> list[Any]:
    """The answers in the order of the deeds; each deed has a thread, a connection and the test's clock."""
    barrier, answers = threading.Barrier(len(deeds)), [None] * len(deeds)

    def run(place: int, deed: Callable[[], Any]) -> None:
        try:
            barrier.wait(20)
            answers[place] = deed()
        finally:
            connections.close_all()

    threads = [threading.Thread(target=copy_context().run, args=(run, place, deed)) for place, deed in enumerate(deeds)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert not any(thread.is_alive() for thread in threads), "somebody waits for ever"
    return answers


def won(answers: list[Any]) -> list[Any]:
    """Those who got through."""
    return [answer for answer in answers if answer.status_code < 400]


def lost(answers: list[Any]) -> list[dict[str, Any]]:
    """What the others were told; every one of them with a code."""
    problems = [answer.json() for answer in answers if answer.status_code >= 400]
    assert all(problem["status"] in (409, 403) and problem["code"] for problem in problems), problems
    return problems
