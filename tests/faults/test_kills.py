"""kill -9 of a worker and of PostgreSQL, at random moments of the close, of payments, of a bank's statements and of settlements:
nothing acknowledged is lost, nothing is doubled, and done again it comes to what an undisturbed run leaves."""

from __future__ import annotations

import json
import os
import random
import re
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from django.conf import settings

from chezhe.kernel.postgres import Cluster
from chezhe.kernel.postgres.cluster import OWNER
from tests.faults.facts import BESIDE, FAULTS, STATE, Tell

BASE, LOANS = "base", 600
# What is done on loans that have their papers, and proved afterwards loan by loan.
WITH_PAPERS = ("file", "settle")
# What stands in the books, in the words in which it was acknowledged.
STANDS = {
    "file": "SELECT 'told/' || bank_serial FROM payments_bankline UNION ALL"
            " SELECT 'booked/' || (facts->>'bank_serial') FROM servicing_loanevent WHERE kind = 'repaid' AND facts ? 'bank_serial'",
    "settle": "SELECT 'settled/' || l.number FROM servicing_loanevent e JOIN servicing_loan l ON l.id = e.loan_id WHERE e.kind = 'settled'",
    "pay": "SELECT split_part(reference, '/', 3) FROM servicing_loanevent WHERE kind = 'repaid'",
}
# The undisturbed run may have been slow: after a kill that came too late, the next ones come within less of its time.
SOONER = 0.7


@dataclass
class House:
    """A PostgreSQL of its own that may be killed, and the program that forks workers."""

    cluster: Cluster
    server: subprocess.Popen[str]
    environment: dict[str, str]
    trials: int = 0
    taken: str = ""

    def ask(self, task: str) -> int:
        """The pid of the child that is at it."""
        assert self.server.stdin and self.server.stdout
        self.server.stdin.write(task + "\n")
        self.server.stdin.flush()
        return int(self.server.stdout.readline())

    def await_end(self) -> bool:
        """Whether the child got to its end."""
        assert self.server.stdout
        said = self.server.stdout.readline()
        assert said in ("ended\n", "cut short\n")
        return said == "ended\n"

    def do(self, task: str) -> None:
        """A task that nobody disturbs."""
        self.ask(task)
        assert self.await_end(), f"{task}: {self.dying.read_text()[-2000:]}"

    @property
    def dying(self) -> Path:
        """What children said when they failed."""
        return Path(self.environment["CHEZHE_VAR"]) / "dying.log"

    def fresh(self, task: str = "") -> str:
        """A copy of the book as it stood in the morning, with loans that have their papers if the task needs such."""
        if task in WITH_PAPERS and not self.taken:
            self.taken = self.fresh()
            self.do(f"take {self.taken}")
        self.trials += 1
        name = f"trial_{self.trials}"
        self.cluster.create_database(name, template=self.taken if task in WITH_PAPERS else BASE)
        with self.cluster.connect(name) as connection:
            # A copied sequence may hold values that it believes are in the log already; a checkpoint makes it write them anew.
            connection.execute("CHECKPOINT")
        return name

    def state(self, name: str, task: str = "") -> list[str]:
        """Every fact that the day or the payments left, as lines; where papers move with the money, those too. Numbers given in
        between come from sequences, which count on after a kill."""
        with self.cluster.connect(name) as connection:
            rows = [connection.execute(kept).fetchone() for kept in ([STATE, BESIDE] if task in WITH_PAPERS else [STATE])]
        lines = [str(line) for (kept,) in rows for line in kept]  # type: ignore[misc]
        return sorted(re.sub(r"\b(?!L)([A-Z]{1,2}[0-9]{2})-[0-9]{6}-[0-9]", r"\1", line) for line in lines)

    def stands(self, name: str, task: str) -> list[str]:
        """What of it is in the books, as `STANDS` names it."""
        if task not in STANDS:
            return []
        with self.cluster.connect(name) as connection:
            return [str(row[0]) for row in connection.execute(STANDS[task].encode()).fetchall()]

    def proved(self, name: str, found: Path) -> int:
        """How many loans money has come for, each of which agrees with its events, its row and its transfers."""
        self.do(f"prove {name} {found}")
        said = json.loads(found.read_text())
        found.unlink()
        assert not said["differ"], said["differ"][:6]
        return int(said["loans"])

    def kill_postgres(self) -> None:
        """The whole server at once, as a power cut would; then it starts again from its log."""
        pid = self.cluster.pid()
        assert pid is not None
        for process in [pid, *_children(pid)]:
            _kill(process)
        self.cluster._child.wait()  # type: ignore[union-attr]
        self.cluster.start()


def _children(pid: int) -> list[int]:
    return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def _kill(pid: int) -> None:
    try:
        os.kill(pid, signal.SIGKILL)
    except ProcessLookupError:
        pass


@pytest.fixture(scope="module")
def house() -> Iterator[House]:
    with reachable_folder() as home, house_at(home) as made:
        yield made


@contextmanager
def reachable_folder() -> Iterator[Path]:
    """A folder that is gone afterwards, and that the server's own account can enter."""
    with tempfile.TemporaryDirectory(prefix="chezhe-faults-") as place:
        os.chmod(place, 0o755)
        yield Path(place)


@contextmanager
def house_at(home: Path, loans: int = LOANS) -> Iterator[House]:
    """All that the house keeps lies in `home`."""
    cluster = Cluster(home / "pg")
    with cluster.running():
        cluster.create_database(BASE)
        with cluster.connect(BASE) as connection:
            connection.execute(f"ALTER ROLE {OWNER} SUPERUSER")  # the book is loaded without its papers
        environment = {
            **os.environ, "DATABASE_URL": cluster.url(BASE), "CHEZHE_MODE": "test", "CHEZHE_VAR": str(home),
            "DJANGO_SETTINGS_MODULE": "chezhe.config.settings", "CHEZHE_KEYS_FILE": str(home / "keys.json"),
        }
        words = [sys.executable, "-W", "ignore", "-m", "tests.faults.worker"]
        pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": open(home / "dying.log", "w")}
        with pipes["stderr"], subprocess.Popen(words, text=True, cwd=settings.ROOT, env=environment, **pipes) as server:
            made = House(cluster, server, environment)
            made.do(f"prepare {loans}")
            yield made
            server.stdin.close()  # type: ignore[union-attr]


def undisturbed(house: House, task: str, words: str) -> tuple[list[str], float]:
    """What one whole run leaves, and how long it takes."""
    name, began = house.fresh(task), time.monotonic()
    house.do(f"{task} {name} {words}")
    return house.state(name, task), time.monotonic() - began


@pytest.mark.parametrize("task", ["close", "pay"])
@pytest.mark.parametrize("victim", ["worker", "postgres"])
def test_ten_kills(house: House, task: str, victim: str, tmp_path: Path, record_property: Tell) -> None:
    survive(house, task, victim, tmp_path, record_property, kills=10)


@pytest.mark.long
@pytest.mark.parametrize("task", ["close", "pay"])
@pytest.mark.parametrize("victim", ["worker", "postgres"])
def test_fifty_kills(house: House, task: str, victim: str, tmp_path: Path, record_property: Tell) -> None:
    survive(house, task, victim, tmp_path, record_property, kills=50)


@pytest.mark.parametrize(("task", "victim", "kills"), [
    ("file", "worker", 8), ("file", "postgres", 4), ("settle", "worker", 4), ("settle", "postgres", 2),
])
def test_kills_at_the_desk(house: House, task: str, victim: str, kills: int, tmp_path: Path, record_property: Tell) -> None:
    survive(house, task, victim, tmp_path, record_property, kills=kills)


@pytest.mark.long
@pytest.mark.parametrize("task", WITH_PAPERS)
@pytest.mark.parametrize("victim", ["worker", "postgres"])
def test_thirty_kills_at_the_desk(house: House, task: str, victim: str, tmp_path: Path, record_property: Tell) -> None:
    survive(house, task, victim, tmp_path, record_property, kills=30)


def survive(house: House, task: str, victim: str, tmp_path: Path, tell: Tell, *, kills: int) -> None:
    """So many kills that interrupt; those that come too late are made up for."""
    rng = random.Random(f"{task}/{victim}")
    whole, seconds = undisturbed(house, task, str(tmp_path / "whole"))
    tried = cut_short = halfway = proved = 0
    within = seconds
    while cut_short < kills:
        assert tried < 3 * kills, "the kills come too late to interrupt anything"
        name, acknowledged, found = house.fresh(task), tmp_path / f"acknowledged_{tried}", tmp_path / "proof"
        acknowledged.touch()
        pid = house.ask(f"{task} {name} {acknowledged}")
        time.sleep(rng.uniform(0, within))
        _kill(pid) if victim == "worker" else house.kill_postgres()
        house.await_end()
        answered, booked = set(acknowledged.read_text().split()), house.stands(name, task)
        assert answered <= set(booked) and len(set(booked)) == len(booked)
        proved += house.proved(name, found) if task in WITH_PAPERS else 0
        if house.state(name, task) != whole:
            cut_short, halfway = cut_short + 1, halfway + bool(booked)
        else:
            within *= SOONER
        house.do(f"{task} {name} {acknowledged}")
        left = house.state(name, task)
        assert left == whole, f"kill {tried} of {victim} during {task}: {sorted(set(left) ^ set(whole))[:6]}"
        assert set(acknowledged.read_text().split()) == set(house.stands(name, task)), "it is not all answered for"
        proved += house.proved(name, found) if task in WITH_PAPERS else 0
        house.cluster.drop_database(name)
        tried += 1
    told = {f"kills of {victim}": tried, "interrupted": cut_short, "same states afterwards": tried}
    told |= {"interrupted with a part in the books": halfway} if task in STANDS else {}
    told |= {"proofs of a loan": proved} if task in WITH_PAPERS else {}
    print(f"\n{task} ({seconds:.2f} s): {', '.join(f'{count} {what}' for what, count in told.items())}")
    tell(FAULTS, told)
