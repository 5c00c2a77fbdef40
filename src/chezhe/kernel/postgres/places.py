"""Where one cluster keeps its data, its socket and its log."""

from __future__ import annotations

import hashlib
import os
import stat
import tempfile
from dataclasses import dataclass
from pathlib import Path

from chezhe.kernel.postgres.account import Account, is_reachable

STATE = Path("/var/lib/chezhe")
SOCKET_PATH_MAX = 107
SOCKET_NAME = "/.s.PGSQL.5432.lock"


@dataclass(frozen=True, slots=True)
class Places:
    """All inside folders that only the server's account (and root) can enter."""

    home: Path
    data: Path
    socket: Path
    log: Path
    lock: Path

    def make(self, account: Account) -> None:
        """Create what is missing, 0700, owned by the account; refuses a socket folder that belongs to a stranger."""
        self.home.mkdir(parents=True, exist_ok=True, mode=0o700)
        for folder in (self.home, self.socket):
            folder.mkdir(exist_ok=True, mode=0o700)
            found = folder.lstat()
            if not stat.S_ISDIR(found.st_mode) or found.st_uid not in (account.uid, os.geteuid()):
                raise PermissionError(f"{folder} belongs to somebody else")
            folder.chmod(0o700)
            if account.is_dropped:
                os.chown(folder, account.uid, account.gid)


def places_for(wanted: Path, account: Account) -> Places:
    """`wanted` itself, or a folder under /var/lib when we are root and it lies in a closed home."""
    home = wanted.absolute()
    mark = hashlib.sha256(str(home).encode()).hexdigest()[:12]
    if account.is_dropped and not is_reachable(home.parent):
        home = STATE / f"{home.name}-{mark}"
    socket = home / "socket"
    if len(str(socket)) + len(SOCKET_NAME) > SOCKET_PATH_MAX:
        socket = Path(tempfile.gettempdir(), f"chezhe-{account.uid}-{mark}")
        if len(str(socket)) + len(SOCKET_NAME) > SOCKET_PATH_MAX:
            socket = Path("/tmp", socket.name)  # noqa: S108 - its owner and mode are checked before use
    return Places(home, home / "data", socket, home / "server.log", home.with_name(f"{home.name}.lock"))
