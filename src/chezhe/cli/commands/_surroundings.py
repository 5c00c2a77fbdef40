"""Which instance a command works on: its folder, its database, its environment."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from chezhe.kernel.postgres import Cluster
from chezhe.kernel.postgres.cluster import OWNER

ROOT = Path(__file__).resolve().parents[4]
VAR = Path(os.environ.get("CHEZHE_VAR", ROOT / "var"))
SETTINGS = "chezhe.config.settings"
INSTANCES = ("demo", "empty", "dev", "bench")


@dataclass(frozen=True, slots=True)
class Instance:
    """`demo` (sample data), `empty` (a fresh house), `dev` or `bench`; each has an own database and folder."""

    name: str
    folder: Path
    database: str
    mode: str
    url: str | None = None

    def environment(self, cluster: Cluster | None, *, user: str = OWNER, **more: str) -> dict[str, str]:
        """What a child process of this instance sees. Programs that serve sign in as `chezhe_app`, upkeep as the owner."""
        url = self.url or (cluster.url(self.database, user) if cluster else "")
        return {
            **os.environ,
            "CHEZHE_MODE": self.mode,
            "CHEZHE_VAR": str(self.folder),
            "DATABASE_URL": url,
            "DJANGO_SETTINGS_MODULE": SETTINGS,
            "PYTHONUNBUFFERED": "1",
            **more,
        }


def instance(name: str = "") -> Instance:
    """By name, else `CHEZHE_INSTANCE`, else demo. With `DATABASE_URL` set, that database and CHEZHE_VAR itself."""
    if url := os.environ.get("DATABASE_URL"):
        return Instance("own", VAR, "", os.environ.get("CHEZHE_MODE", "production"), url)
    chosen = name or os.environ.get("CHEZHE_INSTANCE", "demo")
    if chosen not in INSTANCES:
        raise SystemExit(f"没有这个实例 no such instance: {chosen} ({', '.join(INSTANCES)})")
    return Instance(chosen, VAR / chosen, f"chezhe_{chosen}", "dev" if chosen == "dev" else "demo")


def figures_folder(var: Path) -> str:
    """Where this host's processes keep their counters together (PROMETHEUS_MULTIPROC_DIR); those of dead processes are swept out."""
    given = os.environ.get("PROMETHEUS_MULTIPROC_DIR")
    folder = Path(given) if given else var / "metrics" / socket.gethostname()
    folder.mkdir(parents=True, exist_ok=True)
    for file in folder.glob("*.db"):
        number = file.stem.rpartition("_")[2]
        if not (number.isdecimal() and _is_running(int(number))):
            file.unlink(missing_ok=True)
    return str(folder)


def _is_running(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


@contextmanager
def database_of(chosen: Instance) -> Iterator[Cluster | None]:
    """The embedded server, running for the block; None when the database is somebody else's."""
    if chosen.url:
        yield None
        return
    with embedded().running() as cluster:
        cluster.create_database(chosen.database)
        yield cluster


def embedded() -> Cluster:
    """The server of this checkout; all instances share it."""
    return Cluster(VAR / "postgres")


def manage(words: list[str], environment: dict[str, str], *, is_quiet: bool = False) -> subprocess.CompletedProcess[str]:
    """A management command in a process of its own; its output is ours unless `is_quiet`."""
    command = [sys.executable, "-m", "django", *words]
    return subprocess.run(command, env=environment, cwd=ROOT, text=True, capture_output=is_quiet, check=False)


def has_command(name: str) -> bool:
    """Is there a management command of ours called `name`? Asked without starting Django."""
    return any((ROOT / "src" / "chezhe").glob(f"*/management/commands/{name}.py"))


def use(environment: dict[str, str]) -> None:
    """Make this very process one of the instance's, before Django is imported."""
    os.environ.update(environment)
