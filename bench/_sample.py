"""The house a bench measures: the demo's data in a database of the bench's own, and the demo's programs."""

from __future__ import annotations

import hashlib
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from time import monotonic, process_time

from bench import _own
from chezhe.cli.commands import _house, _surroundings
from chezhe.cli.commands._crew import Crew
from chezhe.cli.commands._prepare import HALF_SEEDED, prepare
from chezhe.cli.commands._surroundings import ROOT, Instance
from chezhe.kernel.postgres import Cluster, grants
from chezhe.kernel.postgres.clones import fingerprint
from chezhe.kernel.postgres.cluster import APP, OWNER

SEEDED_FROM = "seeded-from.txt"


@dataclass(frozen=True, slots=True)
class House:
    """A prepared instance on a running server."""

    instance: Instance
    cluster: Cluster
    crew: Crew

    def open(self, port: int, *, simulators_url: str = "", **more: str) -> str:
        """Start web, worker and simulators exactly as `./run demo` does; the address. Simulators that run elsewhere are not started, and
        `more` are settings of the programs."""
        environment = self.instance.environment(self.cluster, user=APP, **more)
        return _house.start(self.crew, self.instance, environment, port, "127.0.0.1", False, simulators_url=simulators_url)

    def leave(self) -> None:
        """The programs end, and this process lets go of the database."""
        from django.db import connections

        connections.close_all()
        self.crew.dismiss()

    def enter(self) -> None:
        """Make this very process one of the house's, with Django ready."""
        _surroundings.use(self.instance.environment(self.cluster, user=OWNER))
        import django

        django.setup()


@dataclass(frozen=True, slots=True)
class Spent:
    """Elapsed seconds, and processor seconds of the web, the database and this process."""

    seconds: float
    cpu: dict[str, float]


class Meter:
    """What a house spends from now on: unlike elapsed time it hardly depends on what else the machine does."""

    def __init__(self, house: House) -> None:
        self._house, self._begun, self._before = house, monotonic(), self._cpu(house)

    def read(self) -> Spent:
        now = self._cpu(self._house)
        return Spent(monotonic() - self._begun, {name: now[name] - before for name, before in self._before.items()})

    def _cpu(self, house: House) -> dict[str, float]:
        web = next(member.process.pid for member in house.crew.members if member.name == "web")
        return {"web": _cpu_below(web), "database": _cpu_below(house.cluster.pid() or 0), "client": process_time()}


def _cpu_below(root: int) -> float:
    """Processor seconds of a process, its descendants, and the children it has buried."""
    parents: dict[int, list[int]] = {}
    ticks: dict[int, int] = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        pid = int(stat.parent.name)
        parents.setdefault(int(fields[1]), []).append(pid)
        ticks[pid] = sum(map(int, fields[11:15]))
    total, waiting = 0, [root]
    while waiting:
        pid = waiting.pop()
        total += ticks.get(pid, 0)
        waiting += parents.get(pid, [])
    return total / os.sysconf("SC_CLK_TCK")


@contextmanager
def house(*, is_fresh: bool = False) -> Iterator[House]:
    """The bench's instance, seeded by the demo's own command; made anew when the code that invents it has changed."""
    chosen = _surroundings.instance("bench")
    if chosen.url:
        sys.exit("测速不使用 DATABASE_URL。The benches bring their own database: type  unset DATABASE_URL")
    cluster = _surroundings.embedded()
    with _house.only_one(chosen), cluster.running(), Crew() as crew:
        note, wanted = chosen.folder / SEEDED_FROM, _digest()
        is_stale = not note.exists() or note.read_text() != wanted
        if is_fresh or is_stale or (chosen.folder / HALF_SEEDED).exists():
            _house.discard(chosen, cluster)
        cluster.create_database(chosen.database)
        if not prepare(chosen, cluster, is_asked_to_stop=lambda: crew.is_asked_to_stop):
            sys.exit(1)
        note.write_text(wanted)
        yield House(chosen, cluster, crew)


@contextmanager
def empty(name: str) -> Iterator[House]:
    """A house without people or data, thrown away afterwards; this process is one of its own, with Django ready."""
    with _own.database(name, mode="demo") as own, Crew() as crew:
        with own.cluster.connect(own.name, OWNER) as connection:
            grants.grant(connection)
        house = House(Instance(name, _surroundings.VAR / name, own.name, "demo"), own.cluster, crew)
        try:
            yield house
        finally:
            house.leave()


def _digest() -> str:
    """Of everything that invents the sample data, and of the tables it stands in."""
    digest = hashlib.sha256(fingerprint(ROOT / "src" / "chezhe").encode())
    for path in sorted((ROOT / "src" / "chezhe" / "simulation").rglob("*.py")):
        if "tests" not in path.parts:
            digest.update(path.read_bytes())
    return digest.hexdigest()
