"""kill -9 of whoever announces and of whoever delivers: what was committed is heard once by each handler, in the order of its subject."""

from __future__ import annotations

import random
import time
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.faults.facts import FAULTS, Tell
from tests.faults.news import EACH, SUBJECTS
from tests.faults.test_kills import House, _kill, house_at, reachable_folder

KILLS, HANDLERS = {"worker": 12, "postgres": 5}, ("first", "second")
HEARD = "SELECT handler, subject, number FROM heard ORDER BY id"
LEFT = "SELECT count(*) FROM kernel_event WHERE name = 'testing.told' AND NOT is_delivered"


@pytest.fixture(scope="module")
def house() -> Iterator[House]:
    with reachable_folder() as home, house_at(home, loans=1) as made:
        yield made


def rows(house: House, name: str, question: str) -> list[tuple[object, ...]]:
    with house.cluster.connect(name) as connection:
        return connection.execute(question.encode()).fetchall()


@pytest.mark.parametrize("victim", ["worker", "postgres"])
def test_news_survives_whoever_is_killed(house: House, victim: str, tmp_path: Path, record_property: Tell) -> None:
    rng, name, acknowledged = random.Random(victim), house.fresh(), tmp_path / "acknowledged"
    house.ask(f"announce {name} {acknowledged}")
    house.await_end()
    began = time.monotonic()
    cut_short = 0
    for _kill_number in range(KILLS[victim]):
        pid = house.ask(f"deliver {name}")
        time.sleep(rng.uniform(0.05, 0.6))
        _kill(pid) if victim == "worker" else house.kill_postgres()
        house.await_end()
        cut_short += bool(rows(house, name, LEFT)[0][0])
    house.ask(f"deliver {name}")
    house.await_end()
    heard: dict[tuple[object, object], list[object]] = defaultdict(list)
    for handler, subject, number in rows(house, name, HEARD):
        heard[handler, subject].append(number)
    assert heard == {(handler, f"bell:{subject}"): [*range(EACH)] for handler in HANDLERS for subject in range(SUBJECTS)}
    assert len(acknowledged.read_text().split()) == SUBJECTS * EACH and rows(house, name, LEFT) == [(0,)]
    print(f"\n{victim} killed {KILLS[victim]} times in {time.monotonic() - began:.1f} s, {cut_short} times before all was heard")
    record_property(FAULTS, {f"kills of {victim}": KILLS[victim], "interrupted": cut_short, "news heard once and in order": SUBJECTS * EACH})
    assert cut_short >= 2, "the kills came too late to interrupt anything"


def test_whoever_is_killed_while_announcing_loses_nothing_that_was_committed(house: House, tmp_path: Path, record_property: Tell) -> None:
    name, acknowledged = house.fresh(), tmp_path / "acknowledged"
    acknowledged.touch()
    pid = house.ask(f"announce {name} {acknowledged}")
    while len(acknowledged.read_text().split()) < SUBJECTS * 3:
        time.sleep(0.01)
    _kill(pid)
    house.await_end()
    house.ask(f"deliver {name}")
    house.await_end()
    told = [line.rpartition("/") for line in acknowledged.read_text().split()]
    heard = rows(house, name, HEARD)
    assert {(handler, subject, int(number)) for handler in HANDLERS for subject, _, number in told} <= set(heard)
    assert len(set(heard)) == len(heard) and len(heard) - len(told) * 2 in (0, 2), "only what was being committed may be heard beyond"
    record_property(FAULTS, {"kills of who announces": 1})
