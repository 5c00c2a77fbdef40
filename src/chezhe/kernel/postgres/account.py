"""Under which user the server runs: ours, or, when we are root, a number that nobody else uses."""

from __future__ import annotations

import ctypes
import os
import pwd
import signal
import stat
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

SERVER_UID = 54329
PR_SET_PDEATHSIG = 1


@dataclass(frozen=True, slots=True)
class Account:
    """A uid and gid; `is_dropped` when we are root and have to become it."""

    uid: int
    gid: int
    is_dropped: bool

    def own(self, path: Path) -> None:
        """Give a file or a whole folder to this account."""
        if not self.is_dropped:
            return
        os.chown(path, self.uid, self.gid, follow_symlinks=False)
        if path.is_dir() and not path.is_symlink():
            for child in path.iterdir():
                self.own(child)


def server_account() -> Account:
    """Whoever we are; as root an own number without an OS user, so that no other service shares the files."""
    if os.geteuid() != 0:
        return Account(os.geteuid(), os.getegid(), is_dropped=False)
    uid = SERVER_UID
    while _name_of(uid):
        uid += 1
    return Account(uid, uid, is_dropped=True)


def setup_account() -> Account:
    """`initdb` insists on a user that has a name: as root it runs as `nobody` and its files change hands afterwards."""
    if os.geteuid() != 0:
        return server_account()
    nobody = pwd.getpwnam("nobody")
    return Account(nobody.pw_uid, nobody.pw_gid, is_dropped=True)


def setup_prefix() -> list[str]:
    """A plain uid without a name (some containers) borrows one in a user namespace."""
    if os.geteuid() == 0 or _name_of(os.geteuid()):
        return []
    return ["unshare", "--user", "--map-user=65534", "--map-group=65534", "--"]


def become(account: Account, *, dies_with_us: bool) -> Callable[[], None]:
    """What the child does before it becomes the server."""

    def prepare() -> None:
        os.setsid()
        os.umask(0o077)
        if account.is_dropped:
            os.setgroups([])
            os.setgid(account.gid)
            os.setuid(account.uid)
        if dies_with_us:
            die_with_parent(signal.SIGINT)

    return prepare


def die_with_parent(signal_number: int) -> None:
    """Ask Linux to send us a signal when our parent dies, even by kill -9."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal_number, 0, 0, 0)


def is_reachable(path: Path) -> bool:
    """May a stranger walk to `path` and read it? Missing ends count by their nearest existing parent."""
    for place in (path, *path.parents):
        if place.exists() and not place.stat().st_mode & stat.S_IXOTH:
            return False
    return True


def _name_of(uid: int) -> str:
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return ""
