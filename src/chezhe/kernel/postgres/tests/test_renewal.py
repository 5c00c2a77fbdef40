"""A test that commits leaves nothing to the next one, not even when it drove a browser."""

from __future__ import annotations

import asyncio

import pytest
from django.db import connection


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("turn", [1, 2])
def test_a_connection_opened_beside_a_running_event_loop_is_not_handed_on_after_the_database_was_renewed(turn: int) -> None:
    loop = asyncio.new_event_loop()
    asyncio._set_running_loop(loop)  # what Playwright does to the thread of a browser test
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT %s", [turn])
            assert cursor.fetchone() == (turn,)
    finally:
        asyncio._set_running_loop(None)
        loop.close()
