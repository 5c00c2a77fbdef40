"""What `demo` and `dev` share: prepare an instance once, then keep its programs running."""

from __future__ import annotations

import contextlib
import fcntl
import os
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

from chezhe.cli.commands import _surroundings
from chezhe.cli.commands._crew import Crew, Died, free_port
from chezhe.cli.commands._prepare import HALF_SEEDED, prepare
from chezhe.cli.commands._surroundings import Instance
from chezhe.kernel.postgres import Cluster, PostgresFailed
from chezhe.kernel.postgres.binaries import NoBinaries
from chezhe.kernel.postgres.cluster import APP

START_SECONDS = 90
THREADS = 12
PROCESSES_MAX = 4


class AlreadyRunning(RuntimeError):
    """Another terminal runs this instance; the message is its address."""


def keep(chosen: Instance, *, port: int, host: str, is_fresh: bool = False, is_dev: bool = False, has_sample: bool = True) -> int:
    """Run the instance until Ctrl-C. 0 when we were asked to stop, 1 when something failed."""
    try:
        cluster = _surroundings.embedded()
        with only_one(chosen) as note, cluster.running(), Crew() as crew:
            if is_fresh or (chosen.folder / HALF_SEEDED).exists():
                discard(chosen, cluster)
            cluster.create_database(chosen.database)
            if not prepare(chosen, cluster, is_asked_to_stop=lambda: crew.is_asked_to_stop, has_sample=has_sample):
                return 0 if crew.is_asked_to_stop else 1
            address = start(crew, chosen, chosen.environment(cluster, user=APP), port, host, is_dev)
            _announce(chosen, address, note)
            crew.watch()
            _say("\n正在停止 stopping …")
        return 0
    except AlreadyRunning as other:
        _say(f"已在运行 already running: {other}")
        return 0
    except (Died, PostgresFailed, NoBinaries, PermissionError) as failure:
        sys.stderr.write(f"{failure}\n")
        return 1


def start(
    crew: Crew, chosen: Instance, environment: dict[str, str], port: int, host: str, is_dev: bool, *, simulators_url: str = "",
) -> str:
    """The web's address once it answers. Worker and simulated banks start behind it: nobody waits for them.

    `simulators_url` is where simulators run already, so that none are started.
    """
    port = free_port(port, host)
    shown = "127.0.0.1" if host in ("0.0.0.0", "::") else host  # noqa: S104 - only compared
    address = f"http://{shown}:{port}"
    outside = str(free_port(port + 400))
    common = {
        **environment, "CHEZHE_PUBLIC_URL": address, "CHEZHE_SIMULATORS_URL": simulators_url or f"http://127.0.0.1:{outside}",
        "CHEZHE_POOL": str(THREADS), "CHEZHE_DEMO_LOGINS": "off" if chosen.name == "empty" else "on",
        "PROMETHEUS_MULTIPROC_DIR": _surroundings.figures_folder(chosen.folder),
    }
    logs = None if is_dev else chosen.folder / "log"
    python = sys.executable
    web = [python, "-m", "granian", *_web_options(host, port, is_dev), "chezhe.config.wsgi:application"]
    crew.start("web", web, {**common, "CHEZHE_PROCESS": "web"}, _log(logs, "web"))
    crew.await_http(f"{address}/healthz", START_SECONDS)
    simulators = [python, "-m", "chezhe.cli.main", "simulators", "--port", outside]
    if not simulators_url:
        crew.start("simulators", simulators, common, _log(logs, "simulators"))
    crew.start("worker", [python, "-m", "chezhe.cli.main", "worker"], {**common, "CHEZHE_PROCESS": "worker"}, _log(logs, "worker"))
    return address


def _web_options(host: str, port: int, is_dev: bool) -> list[str]:
    """As many blocking threads as the pool has connections: granian would start up to 512."""
    processes = 1 if is_dev else min(os.cpu_count() or 1, PROCESSES_MAX)
    options = ["--interface", "wsgi", "--host", host, "--port", str(port), "--workers", str(processes)]
    options += ["--blocking-threads", str(THREADS), "--no-ws", "--workers-kill-timeout", "10"]
    return options + (["--reload", "--reload-paths", str(_surroundings.ROOT / "src")] if is_dev else ["--respawn-failed-workers"])


def discard(chosen: Instance, cluster: Cluster) -> None:
    """Also what an interrupted seeding left: half a year of invented loans proves nothing."""
    cluster.drop_database(chosen.database)
    shutil.rmtree(chosen.folder / "files", ignore_errors=True)
    for stamp in chosen.folder.glob("*.stamp"):
        stamp.unlink()


def _announce(chosen: Instance, address: str, note: Path) -> None:
    note.write_text(address)
    _say(f"\n  车辙 Chezhe  {address}\n")
    logins = chosen.folder / "logins.txt"
    if chosen.name != "empty" and logins.exists():
        _say(logins.read_text())
    _say("  停止 stop: Ctrl-C")


@contextlib.contextmanager
def only_one(chosen: Instance) -> Iterator[Path]:
    """One web per instance; the note tells a second one the address."""
    chosen.folder.mkdir(parents=True, exist_ok=True)
    note = chosen.folder / "address.txt"
    with open(chosen.folder / "running.lock", "a") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise AlreadyRunning(note.read_text() if note.exists() else chosen.name) from None
        try:
            yield note
        finally:
            note.unlink(missing_ok=True)


def _log(folder: Path | None, name: str) -> Path | None:
    return folder / f"{name}.log" if folder else None


def _say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()
