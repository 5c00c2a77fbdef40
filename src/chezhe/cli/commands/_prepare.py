"""Bring an instance's database and static files up to date; each step only when its inputs changed."""

from __future__ import annotations

import hashlib
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from chezhe.cli.commands import _surroundings
from chezhe.cli.commands._surroundings import ROOT, Instance
from chezhe.kernel.postgres import Cluster, grants
from chezhe.kernel.postgres.account import die_with_parent
from chezhe.kernel.postgres.clones import fingerprint
from chezhe.kernel.postgres.cluster import OWNER

AskedToStop = Callable[[], bool]
HALF_SEEDED = "seeding.stamp"


def prepare(chosen: Instance, cluster: Cluster, *, is_asked_to_stop: AskedToStop, has_sample: bool = True) -> bool:
    """Migrations, static files, sample data or the first administrator. False: stop, the reason is printed."""
    environment = chosen.environment(cluster)
    steps = [
        ("migrated", "数据库结构 migrations", fingerprint(ROOT / "src" / "chezhe"), ["migrate", "--noinput", "-v", "0"]),
        ("static", "静态文件 static files", _static_digest(), ["collectstatic", "--noinput", "--clear", "-v", "0"]),
    ]
    # One works in the database, the other in a folder: each on a core of its own.
    under_way = [_begin(chosen, *step, environment) for step in steps]
    ends = [_is_done(made, is_asked_to_stop) for made in under_way if made]
    if not all(ends):
        return False
    with cluster.connect(chosen.database, OWNER) as connection:
        grants.grant(connection)
    if chosen.name == "empty":
        return _first_admin(chosen, environment, is_asked_to_stop)
    return not has_sample or _sample(chosen, environment, is_asked_to_stop)


def _sample(chosen: Instance, environment: dict[str, str], is_asked_to_stop: AskedToStop) -> bool:
    """The seeding command shows its own bar. A mark stays until it has finished: the next start throws half of it away."""
    if not _surroundings.has_command("seed_demo"):
        return True
    done, begun = chosen.folder / "seeded.stamp", chosen.folder / HALF_SEEDED
    if done.exists():
        return True
    begun.write_text("")
    memory = chosen.folder / "simulators"
    shutil.rmtree(memory, ignore_errors=True)  # what the outside knew of a sample that was thrown away
    if _manage(["seed_demo", "--simulators", str(memory)], {**environment, "CHEZHE_PROCESS": "invent"}, is_asked_to_stop) != 0:
        return False
    begun.rename(done)
    if _surroundings.has_command("demo_logins"):
        answer = _surroundings.manage(["demo_logins"], environment, is_quiet=True)
        (chosen.folder / "logins.txt").write_text(answer.stdout)
    return True


def _first_admin(chosen: Instance, environment: dict[str, str], is_asked_to_stop: AskedToStop) -> bool:
    """Prints the secret once; nobody can ask for it again."""
    done = chosen.folder / "admin.stamp"
    if done.exists() or not _surroundings.has_command("create_first_admin"):
        return True
    _say("\n  首个管理员与一次性口令（只显示这一次） The first administrator and a one-time secret (shown only now):")
    if _manage(["create_first_admin"], environment, is_asked_to_stop) != 0:
        return False
    done.write_text("")
    return True


@dataclass(frozen=True, slots=True)
class _UnderWay:
    """A step that is being made, and what its stamp will say."""

    child: subprocess.Popen[bytes]
    stamp: Path
    label: str
    digest: str
    began: float


def _begin(
    chosen: Instance, name: str, label: str, digest: str, command: list[str], environment: dict[str, str]
) -> _UnderWay | None:
    """None when nothing has changed since the step was made."""
    stamp = chosen.folder / f"{name}.stamp"
    if stamp.exists() and stamp.read_text() == digest:
        return None
    stamp.unlink(missing_ok=True)
    _say(f"▸ {label} …")
    return _UnderWay(_started(command, environment), stamp, label, digest, time.monotonic())


def _is_done(made: _UnderWay, is_asked_to_stop: AskedToStop) -> bool:
    if _ended(made.child, is_asked_to_stop) != 0:
        return False
    made.stamp.write_text(made.digest)
    _say(f"✓ {made.label}  {time.monotonic() - made.began:.1f} s")
    return True


def _manage(words: list[str], environment: dict[str, str], is_asked_to_stop: AskedToStop) -> int:
    """A management command that ends when we are asked to stop."""
    return _ended(_started(words, environment), is_asked_to_stop)


def _started(words: list[str], environment: dict[str, str]) -> subprocess.Popen[bytes]:
    def prepare_child() -> None:
        os.setsid()
        die_with_parent(signal.SIGTERM)

    return subprocess.Popen([sys.executable, "-m", "django", *words], env=environment, cwd=ROOT, preexec_fn=prepare_child)


def _ended(child: subprocess.Popen[bytes], is_asked_to_stop: AskedToStop) -> int:
    while True:
        try:
            return child.wait(0.2)
        except subprocess.TimeoutExpired:
            if is_asked_to_stop():
                child.terminate()
                child.wait()
                return 1


def _static_digest() -> str:
    """Names, sizes and times of every static file: contents would take longer than collecting them."""
    digest = hashlib.sha256((ROOT / "requirements.lock").read_bytes())
    for path in sorted((ROOT / "src" / "chezhe").glob("*/static/**/*")):
        if path.is_file():
            digest.update(f"{_inside(path)}:{path.stat().st_size}:{path.stat().st_mtime_ns}".encode())
    return digest.hexdigest()


def _inside(path: Path) -> str:
    return str(path.relative_to(ROOT))


def _say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()
