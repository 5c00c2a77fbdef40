"""Databases for tests: one migrated template, and for every test process a clone of its own.

The server is shared by all test runs of a checkout. Whoever comes first starts it, whoever leaves last
stops it: each holds a shared file lock while it runs, so that even kill -9 leaves nothing counted.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import re
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from psycopg import sql

from chezhe.kernel.postgres.cluster import OWNER, Cluster, PostgresFailed

SOURCE = Path(__file__).resolve().parents[2]
# What reference rows and tables come from; a change in any of them rebuilds the template.
TELLING = ("models.py", "chart.py", "rules.py", "apps.py", "permissions.py", "roles.py", "numbers.py", "states.py")
DATA_ENDINGS = (".json", ".toml", ".csv")
NO_SCHEMA = {"tests", "templates", "locale", "static", "node_modules", "__pycache__"}


class Clones:
    """`template` is filled by `migrate(database_name)` when no up-to-date one exists."""

    def __init__(self, home: Path, migrate: Callable[[Cluster, str], None]) -> None:
        self.cluster = Cluster(home, is_durable=False)
        self.migrate = migrate
        self.mark = fingerprint(SOURCE)
        self.template = f"template_{self.mark}"
        self.database = f"test_{self.mark}_{os.getpid()}"

    @contextmanager
    def in_use(self) -> Iterator[str]:
        """The name of a fresh clone, dropped at the end; the server stops when nobody else tests."""
        with self._counted():
            try:
                self.renew()
                yield self.database
            finally:
                self.cluster.drop_database(self.database)

    def renew(self) -> None:
        """Throw the clone away and make it again: how a test that really committed is undone."""
        with self._locked("template"):
            self._ensure_template()
            with self.cluster.connect("postgres") as connection:
                name, template = sql.Identifier(self.database), sql.Identifier(self.template)
                connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(name))
                statement = sql.SQL("CREATE DATABASE {} OWNER {} TEMPLATE {} STRATEGY FILE_COPY")
                connection.execute(statement.format(name, sql.Identifier(OWNER), template))

    def _ensure_template(self) -> None:
        if self.template in self._names():
            return
        self._sweep()
        unfinished = f"building_{self.mark}"
        self.cluster.drop_database(unfinished)
        self.cluster.create_database(unfinished)
        self.migrate(self.cluster, unfinished)
        with self.cluster.connect("postgres") as connection:
            names = sql.Identifier(unfinished), sql.Identifier(self.template)
            connection.execute(sql.SQL("ALTER DATABASE {} RENAME TO {}").format(*names))

    def _sweep(self) -> None:
        """Drop clones whose process is gone, then templates that no clone was made from."""
        names = self._names()
        living = [name for name in names if name.startswith("test_") and _is_alive(int(name.rsplit("_", 1)[1]))]
        marks = {name.split("_")[1] for name in living}
        for name in names:
            kind, _, rest = name.partition("_")
            if (kind == "test" and name not in living) or (kind in ("template", "building") and rest not in marks):
                self.cluster.drop_database(name)

    def _names(self) -> list[str]:
        with self.cluster.connect("postgres") as connection:
            rows = connection.execute("SELECT datname FROM pg_database").fetchall()
        return [str(row[0]) for row in rows if re.match(r"(test|template|building)_", str(row[0]))]

    @contextmanager
    def _counted(self) -> Iterator[None]:
        with self._file("users") as users:
            with self._locked("start"):
                fcntl.flock(users, fcntl.LOCK_SH)
                self._start()
            try:
                yield
            finally:
                with self._locked("start"):
                    self._stop_if_last(users)

    def _start(self) -> None:
        """A crash may break a cluster without fsync; it holds nothing worth keeping."""
        try:
            self.cluster.start(dies_with_us=False)
        except PostgresFailed:
            shutil.rmtree(self.cluster.places.data, ignore_errors=True)
            self.cluster.start(dies_with_us=False)

    def _stop_if_last(self, users: IO[str]) -> None:
        try:
            fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return
        self.cluster.stop()

    @contextmanager
    def _locked(self, name: str) -> Iterator[None]:
        with self._file(name) as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            yield

    def _file(self, name: str) -> IO[str]:
        place = self.cluster.places.lock
        place.parent.mkdir(parents=True, exist_ok=True)
        return open(place.with_suffix(f".{name}"), "a")


def fingerprint(source: Path) -> str:
    """A short digest of everything that decides what a freshly migrated database looks like."""
    digest = hashlib.sha256()
    for folder, folders, files in os.walk(source):
        folders[:] = sorted(set(folders) - NO_SCHEMA)
        for name in sorted(files):
            if _is_telling(folder, name):
                digest.update(name.encode() + Path(folder, name).read_bytes())
    lock = source.parents[1] / "requirements.lock"
    digest.update(lock.read_bytes() if lock.exists() else b"")
    return digest.hexdigest()[:12]


def _is_telling(folder: str, name: str) -> bool:
    if name.endswith(DATA_ENDINGS):
        return True
    place = Path(folder).name
    return name.endswith(".py") and (
        place in ("migrations", "config", "seeds") or name.startswith("seed") or name in TELLING
    )


def _is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
