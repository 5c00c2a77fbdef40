"""The database half of a backup: one consistent snapshot, dumped, counted, restored beside the old one and compared."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql

from chezhe.kernel.postgres import binaries


class BackupFailed(RuntimeError):
    """The message says what is wrong and what to do."""


@dataclass(frozen=True, slots=True)
class Facts:
    """What must be the same before and after: rows per table, the audit head, the sum of all transfers, migrations."""

    rows: dict[str, int]
    audit_head: str
    transfers_fen: int
    migrations: list[str]

    def as_json(self) -> dict[str, Any]:
        return {"rows": self.rows, "audit_head": self.audit_head, "transfers_fen": self.transfers_fen, "migrations": self.migrations}

    def differences(self, other: dict[str, Any]) -> list[str]:
        """In words, against the manifest's facts."""
        found = [
            f"{table}: {self.rows.get(table, 0)} / {count}"
            for table, count in other["rows"].items()
            if self.rows.get(table, 0) != count
        ]
        if self.audit_head != other["audit_head"]:
            found.append("audit head")
        if self.transfers_fen != other["transfers_fen"]:
            found.append("sum of transfers")
        return found


@contextmanager
def snapshot(url: str) -> Iterator[tuple[psycopg.Connection[Any], str]]:
    """A transaction that sees one moment, and its name for pg_dump."""
    with psycopg.connect(url) as connection:
        connection.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
        name = connection.execute("SELECT pg_export_snapshot()").fetchone()
        assert name is not None
        yield connection, str(name[0])


def facts(connection: psycopg.Connection[Any]) -> Facts:
    """Counted inside the caller's snapshot."""
    listing = connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY tablename")
    tables = [str(row[0]) for row in listing.fetchall()]
    rows = {table: int(_one(connection, sql.SQL("SELECT count(*) FROM {}").format(sql.Identifier(table)))) for table in tables}
    head = total = None
    done: list[str] = []
    if "kernel_auditseal" in rows:
        head = _one(connection, sql.SQL("SELECT chain_hash FROM kernel_auditseal ORDER BY id DESC LIMIT 1"))
    if "ledger_transfer" in rows:
        total = _one(connection, sql.SQL("SELECT sum(amount_fen) FROM ledger_transfer"))
    if "django_migrations" in rows:
        done = [str(row[0]) for row in connection.execute("SELECT app || '.' || name FROM django_migrations ORDER BY 1").fetchall()]
    return Facts(rows, str(head or ""), int(total or 0), done)


def dump(url: str, snapshot_name: str, target: Path) -> None:
    """pg_dump's custom format; who owns what is decided by whoever restores."""
    _client("pg_dump", ["--format=custom", "--no-owner", f"--snapshot={snapshot_name}", f"--file={target}", "--dbname", url])


def load(url: str, source: Path) -> None:
    """Into an empty database; the first error ends it."""
    _client("pg_restore", ["--no-owner", "--exit-on-error", "--single-transaction", "--dbname", url, str(source)])


def is_empty(url: str) -> bool:
    with psycopg.connect(url) as connection:
        return not _one(connection, sql.SQL("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'"))


def clear(url: str) -> None:
    """Empty again what was empty before a restore that failed."""
    with psycopg.connect(url) as connection:
        connection.execute("DROP SCHEMA public CASCADE")
        connection.execute("CREATE SCHEMA public")
        connection.execute("GRANT USAGE ON SCHEMA public TO PUBLIC")


def counted(url: str) -> Facts:
    with psycopg.connect(url) as connection:
        return facts(connection)


def unknown_migrations(done: list[str], root: Path) -> list[str]:
    """Migrations of ours in the archive that this version of the product does not have."""
    known = {f"{path.parts[-3]}.{path.stem}" for path in (root / "src" / "chezhe").glob("*/migrations/[0-9]*.py")}
    rooms = {name.split(".")[0] for name in known}
    return [name for name in done if name.split(".")[0] in rooms and name not in known]


def verify(environment: dict[str, str]) -> dict[str, Any]:
    """Ask the product itself, in a process of its own: the audit chain and the trial balance."""
    command = [sys.executable, "-m", "chezhe.cli.commands._verify"]
    answer = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    if answer.returncode != 0:
        raise BackupFailed(f"核对没有完成。The verification did not finish:\n{answer.stderr.strip()[-2000:]}")
    result: dict[str, Any] = json.loads(answer.stdout.splitlines()[-1])
    return result


def _client(program: str, options: list[str]) -> None:
    environment = {**os.environ, "LC_ALL": "C.UTF-8"}
    answer = subprocess.run([binaries.find().path(program), *options], env=environment, capture_output=True, text=True, check=False)
    if answer.returncode != 0:
        raise BackupFailed(f"{program}: {answer.stderr.strip()[-2000:]}")


def _one(connection: psycopg.Connection[Any], query: sql.SQL | sql.Composed) -> Any:
    row = connection.execute(query).fetchone()
    return row[0] if row else None
