"""The server's settings: no network, no personal data in its log, writes that survive a power cut."""

from __future__ import annotations

import os
from pathlib import Path

BUILTIN_LOCALE_SINCE = 17
NOT_DURABLE = ["-c", "fsync=off", "-c", "synchronous_commit=off", "-c", "full_page_writes=off", "-c", "autovacuum=off"]

SETTINGS = """\
# Written by Chezhe when the cluster was made.
listen_addresses = ''
unix_socket_directories = '{socket}'
unix_socket_permissions = 0700
max_connections = 100
shared_buffers = 128MB
max_wal_size = 1GB
jit = off
timezone = 'Asia/Shanghai'
log_timezone = 'Asia/Shanghai'
# A failing statement or the detail of a duplicate key may carry a customer's data: keep them out of the log.
log_min_error_statement = panic
log_error_verbosity = terse
log_checkpoints = off
"""
# The socket lies in a folder that only the server's own account and root can enter.
ACCESS = "local all all trust\n"


def initdb_options(major: int, superuser: str) -> list[str]:
    """Sorting by code point everywhere, the same on every machine; checksums on every page."""
    options = ["--username", superuser, "--encoding=UTF8", "--data-checksums", "--auth=trust", "--no-instructions"]
    if major >= BUILTIN_LOCALE_SINCE:
        return [*options, "--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C.UTF-8", "--lc-messages=C"]
    return [*options, "--locale=C.UTF-8", "--lc-messages=C"]


def write(data: Path, socket: Path) -> None:
    """Put our settings behind initdb's defaults."""
    with open(data / "postgresql.conf", "a") as file:
        file.write(SETTINGS.format(socket=str(socket).replace("'", "''")))
    (data / "pg_hba.conf").write_text(ACCESS)


def environment(home: Path) -> dict[str, str]:
    """Ours without PG* and locale surprises."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("PG", "LC_", "LANG"))}
    return {**kept, "LC_ALL": "C.UTF-8", "HOME": str(home)}
