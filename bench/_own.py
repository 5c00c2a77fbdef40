"""A database of its own for a bench that fills one: made before, thrown away after."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date

from chezhe.cli.commands import _surroundings
from chezhe.cli.commands._surroundings import Instance
from chezhe.kernel.postgres.cluster import OWNER


@contextmanager
def database(name: str, *, mode: str = "test") -> Iterator[None]:
    """Django, ready, on the empty tables of `chezhe_<name>`, whose owner may do everything; `mode` names the settings."""
    chosen = Instance(name, _surroundings.VAR / name, f"chezhe_{name}", mode)
    chosen.folder.mkdir(parents=True, exist_ok=True)
    with _surroundings.embedded().running() as cluster:
        cluster.drop_database(chosen.database)
        cluster.create_database(chosen.database)
        try:
            _surroundings.use({**chosen.environment(cluster, user=OWNER), "CHEZHE_KEYS_FILE": os.fspath(chosen.folder / "keys.json")})
            import django
            from django.core.management import call_command

            django.setup()
            call_command("migrate", verbosity=0, interactive=False)
            with cluster.connect(chosen.database) as connection:
                # Loading without papers switches foreign keys off, which only the server's owner may.
                connection.execute("ALTER ROLE chezhe SUPERUSER")
            yield
        finally:
            cluster.drop_database(chosen.database)


def lend(loans: int, today: date, *, is_shuffled: bool = True, due_next: float = 0.0) -> None:
    """A team and a book of `loans` on the morning of `today` (`_book.fill`)."""
    from bench import _book
    from chezhe.kernel import business_date, clock
    from chezhe.simulation import people

    list(people.settle_in(clock.now()))
    _book.fill(loans, today, is_shuffled=is_shuffled, due_next=due_next)
    business_date.open_day(today)


def let_loans_stand_without_papers() -> None:
    """A row that one transaction changes twice has its foreign keys asked again."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT conname FROM pg_constraint WHERE conrelid = 'servicing_loan'::regclass AND contype = 'f'")
        for (name,) in cursor.fetchall():
            cursor.execute(f'ALTER TABLE servicing_loan DROP CONSTRAINT "{name}"')
