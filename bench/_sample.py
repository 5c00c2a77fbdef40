"""The house a bench measures: the demo's data in a database of the bench's own, and the demo's programs."""

from __future__ import annotations

import hashlib
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from chezhe.cli.commands import _house, _surroundings
from chezhe.cli.commands._crew import Crew
from chezhe.cli.commands._prepare import HALF_SEEDED, prepare
from chezhe.cli.commands._surroundings import ROOT, Instance
from chezhe.kernel.postgres import Cluster
from chezhe.kernel.postgres.cluster import APP, OWNER

SEEDED_FROM = "seeded-from.txt"


@dataclass(frozen=True, slots=True)
class House:
    """A prepared instance on a running server."""

    instance: Instance
    cluster: Cluster
    crew: Crew

    def open(self, port: int) -> str:
        """Start web, worker and simulators exactly as `./run demo` does; the address."""
        return _house.start(self.crew, self.instance, self.instance.environment(self.cluster, user=APP), port, "127.0.0.1", False)

    def enter(self) -> None:
        """Make this very process one of the house's, with Django ready."""
        _surroundings.use(self.instance.environment(self.cluster, user=OWNER))
        import django

        django.setup()


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


def _digest() -> str:
    """Of everything that invents the sample data."""
    digest = hashlib.sha256()
    for path in sorted((ROOT / "src" / "chezhe" / "simulation").rglob("*.py")):
        if "tests" not in path.parts:
            digest.update(path.read_bytes())
    return digest.hexdigest()
