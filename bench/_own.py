"""A database of its own for a bench that fills one: made before, thrown away after."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date

from chezhe.cli.commands import _surroundings
from chezhe.cli.commands._surroundings import Instance
from chezhe.kernel.postgres.cluster import OWNER, Cluster


@dataclass(frozen=True, slots=True)
class Own:
    """A bench's database, which can be put aside as it stands and given back so, under the same name."""

    cluster: Cluster
    name: str

    def keep(self) -> None:
        """Put a copy aside; nobody else may be connected."""
        self._copy(self.name, self._kept)

    def give_back(self) -> None:
        """What was put aside takes the place of the database."""
        self._copy(self._kept, self.name)

    def throw_away(self) -> None:
        self.cluster.drop_database(self._kept)

    @property
    def _kept(self) -> str:
        return f"{self.name}_kept"

    def _copy(self, source: str, target: str) -> None:
        """Files are copied: as log, a large book would take longer than its close."""
        from django.db import connection
        from psycopg import sql

        connection.close()
        self.cluster.drop_database(target)
        statement = sql.SQL("CREATE DATABASE {} OWNER {} TEMPLATE {} STRATEGY FILE_COPY")
        with self.cluster.connect("postgres") as upkeep:
            upkeep.execute(statement.format(*(sql.Identifier(one) for one in (target, OWNER, source))))


@contextmanager
def database(name: str, *, mode: str = "test") -> Iterator[Own]:
    """Django, ready, on the empty tables of `chezhe_<name>`, whose owner may do everything; `mode` names the settings."""
    chosen = Instance(name, _surroundings.VAR / name, f"chezhe_{name}", mode)
    chosen.folder.mkdir(parents=True, exist_ok=True)
    with _surroundings.embedded().running() as cluster:
        own = Own(cluster, chosen.database)
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
            yield own
        finally:
            own.throw_away()
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
