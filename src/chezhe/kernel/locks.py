"""Locks on a name, for what has no row yet; they end with the transaction."""

from __future__ import annotations

from django.db import connection


def hold(name: str) -> None:
    """Wait until nobody else holds `name` in an open transaction, then hold it until ours ends."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [name])
