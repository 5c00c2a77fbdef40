"""One PostgreSQL server in one directory: create, start, stop."""

from __future__ import annotations

import fcntl
import os
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from urllib.parse import quote

import psycopg
from psycopg import sql

from chezhe.kernel.postgres import binaries, conf
from chezhe.kernel.postgres.account import become, server_account, setup_account, setup_prefix
from chezhe.kernel.postgres.places import places_for

SUPERUSER = "postgres"
OWNER = "chezhe"
APP = "chezhe_app"
START_SECONDS = 60
STOP_SECONDS = 60


class PostgresFailed(RuntimeError):
    """The server could not be created, started or stopped; the message ends with its last log lines."""


class Cluster:
    """A server whose files live in `home`.

    Roles: `chezhe` owns the tables and may create databases; `chezhe_app` may not change the schema and
    is who an append-only table revokes UPDATE and DELETE from. `is_durable=False` (tests) gives up fsync.
    """

    def __init__(self, home: Path, *, is_durable: bool = True) -> None:
        self.account = server_account()
        self.places = places_for(home, self.account)
        self.binaries = binaries.readable_by(self.account, binaries.find())
        self.is_durable = is_durable
        self._child: subprocess.Popen[bytes] | None = None

    def url(self, database: str = OWNER, user: str = OWNER) -> str:
        """`postgresql://chezhe@/chezhe?host=/path/to/socket`; works before the server runs."""
        return f"postgresql://{user}@/{database}?host={quote(str(self.places.socket), safe='')}"

    def start(self, *, dies_with_us: bool = True) -> bool:
        """Create if needed, start if needed, wait until it answers. False when it was running already.

        With `dies_with_us` the server stops when the calling *thread* ends, so call it from the main one.
        """
        with self._locked():
            if self.is_running():
                return False
            self._create()
            self._await_orphans()
            self._forget_stale_pid()
            self._launch(dies_with_us)
            self._await_answer()
            self._ensure_roles()
            return True

    def stop(self) -> None:
        """Fast shutdown: roll back what is open, write a checkpoint, end. Harmless when not running."""
        with self._locked():
            pid = self.pid()
            if pid is None:
                return
            os.kill(pid, signal.SIGINT)
            self._await_end(pid)

    @contextmanager
    def running(self) -> Iterator[Cluster]:
        """The server, started for the block and stopped after it unless it was running before."""
        was_started = self.start()
        try:
            yield self
        finally:
            if was_started:
                self.stop()

    def is_running(self) -> bool:
        return self.pid() is not None and self._answers()

    def pid(self) -> int | None:
        """The postmaster's pid when it is alive and serves this very directory."""
        try:
            pid = int((self.places.data / "postmaster.pid").read_text().split("\n")[0])
            alive = os.readlink(f"/proc/{pid}/cwd") == str(self.places.data.resolve())
        except (OSError, ValueError):
            return None
        return pid if alive else None

    def create_database(self, name: str, *, template: str = "template0") -> None:
        """A database owned by `chezhe`; nothing happens when it exists."""
        with self.connect("postgres") as connection:
            if connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone():
                return
            names = sql.Identifier(name), sql.Identifier(OWNER), sql.Identifier(template)
            connection.execute(sql.SQL("CREATE DATABASE {} OWNER {} TEMPLATE {}").format(*names))

    def drop_database(self, name: str) -> None:
        """Throw a database away, with whoever is connected to it."""
        with self.connect("postgres") as connection:
            connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))

    def connect(self, database: str = OWNER, user: str = SUPERUSER) -> psycopg.Connection[tuple[object, ...]]:
        """An autocommit connection for upkeep; the product's own go through Django."""
        return psycopg.connect(self.url(database, user), autocommit=True, connect_timeout=10)

    def program(self, name: str, *arguments: str, database: str = OWNER) -> list[str]:
        """The command line of a client program (psql, pg_dump, pg_restore) for this server."""
        return [self.binaries.path(name), *arguments, "--dbname", self.url(database)]

    def _create(self) -> None:
        self.places.make(self.account)
        version = self.places.data / "PG_VERSION"
        if version.exists():
            if version.read_text().strip() != str(self.binaries.major):
                raise PostgresFailed(
                    f"{self.places.data} was made by PostgreSQL {version.read_text().strip()}, "
                    f"but PostgreSQL {self.binaries.major} is installed; restore a backup instead."
                )
            return
        fresh = self.places.home / "data.new"
        shutil.rmtree(fresh, ignore_errors=True)
        self._initdb(fresh)
        conf.write(fresh, self.places.socket)
        self.account.own(fresh)
        fresh.rename(self.places.data)

    def _initdb(self, fresh: Path) -> None:
        """As root the folder belongs to `nobody` while initdb runs; the parent opens for that moment only."""
        maker = setup_account()
        fresh.mkdir(mode=0o700)
        maker.own(fresh)
        command = [*setup_prefix(), self.binaries.path("initdb"), *conf.initdb_options(self.binaries.major, SUPERUSER)]
        command += [] if self.is_durable else ["--no-sync"]
        self.places.home.chmod(0o711 if maker.is_dropped else 0o700)
        try:
            done = subprocess.run(
                [*command, "--pgdata", str(fresh)], cwd="/", env=conf.environment(fresh), capture_output=True, text=True,
                check=False, preexec_fn=become(maker, dies_with_us=True),
            )
        finally:
            self.places.home.chmod(0o700)
        if done.returncode != 0:
            raise PostgresFailed(f"initdb: {done.stderr.strip() or done.stdout.strip()}")

    def _launch(self, dies_with_us: bool) -> None:
        command = [self.binaries.path("postgres"), "-D", str(self.places.data.resolve())]
        command += ["-c", f"unix_socket_directories={self.places.socket}"]
        command += [] if self.is_durable else conf.NOT_DURABLE
        with open(self.places.log, "ab") as log:
            self.account.own(self.places.log)
            self._child = subprocess.Popen(
                command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, cwd=self.places.data,
                env=conf.environment(self.places.data), preexec_fn=become(self.account, dies_with_us=dies_with_us),
            )

    def _await_answer(self) -> None:
        assert self._child is not None
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline:
            if self._child.poll() is not None:
                raise PostgresFailed(f"PostgreSQL ended at once.\n{self._last_log_lines()}")
            if self._answers():
                return
            time.sleep(0.03)
        raise PostgresFailed(f"PostgreSQL does not answer after {START_SECONDS} s.\n{self._last_log_lines()}")

    def _await_end(self, pid: int) -> None:
        deadline = time.monotonic() + STOP_SECONDS
        while time.monotonic() < deadline:
            if self._child is not None:
                self._child.poll()
            if self.pid() is None:
                return
            time.sleep(0.03)
        raise PostgresFailed(f"PostgreSQL (process {pid}) did not stop in {STOP_SECONDS} s.")

    def _answers(self) -> bool:
        try:
            with psycopg.connect(self.url("postgres", SUPERUSER), connect_timeout=5):
                return True
        except psycopg.OperationalError:
            return False

    def _ensure_roles(self) -> None:
        with self.connect("postgres") as connection:
            known = {row[0] for row in connection.execute("SELECT rolname FROM pg_roles").fetchall()}
            if OWNER not in known:
                connection.execute(sql.SQL("CREATE ROLE {} LOGIN CREATEDB CREATEROLE").format(sql.Identifier(OWNER)))
            if APP not in known:
                connection.execute(sql.SQL("CREATE ROLE {} LOGIN").format(sql.Identifier(APP)))
                connection.execute(sql.SQL("GRANT {} TO {}").format(sql.Identifier(APP), sql.Identifier(OWNER)))

    def _await_orphans(self) -> None:
        """When the postmaster was killed, its children end by themselves. Two servers on one directory would ruin it, and with
        the pid file PostgreSQL's own guard against that goes as well."""
        deadline = time.monotonic() + STOP_SECONDS
        while self.pid() is None and (left := self._processes()):
            if time.monotonic() > deadline:
                raise PostgresFailed(f"Processes of the former server still run: type  kill {' '.join(map(str, left))}")
            time.sleep(0.03)

    def _processes(self) -> list[int]:
        """Every process that works in the data directory: all of PostgreSQL's do."""
        data, found = str(self.places.data.resolve()), []
        for process in Path("/proc").iterdir():
            if process.name.isdigit():
                with suppress(OSError):
                    if os.readlink(process / "cwd") == data:
                        found.append(int(process.name))
        return found

    def _forget_stale_pid(self) -> None:
        """After kill -9 or a power cut the pid in the file may belong to a stranger by now."""
        if self.pid() is None:
            (self.places.data / "postmaster.pid").unlink(missing_ok=True)
            for left in self.places.socket.glob(".s.PGSQL.*"):
                left.unlink(missing_ok=True)

    def _last_log_lines(self, count: int = 15) -> str:
        try:
            return "\n".join(self.places.log.read_text(errors="replace").splitlines()[-count:])
        except OSError:
            return ""

    @contextmanager
    def _locked(self) -> Iterator[None]:
        """Two commands in one checkout must not start two servers."""
        self.places.lock.parent.mkdir(parents=True, exist_ok=True)
        with open(self.places.lock, "a") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            yield
