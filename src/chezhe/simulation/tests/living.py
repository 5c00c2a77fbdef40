"""One life in a hurry: every stage on one day, until the money is there."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from datetime import date, datetime, time
from random import Random

from chezhe.kernel import audit, business_date, clock, events
from chezhe.servicing.models import Loan
from chezhe.simulation import lives
from chezhe.simulation.crew import Alone, Crew
from chezhe.simulation.lives import Life
from chezhe.simulation.scene import Scene
from chezhe.simulation.tracks import OVER, Track
from chezhe.simulation.workplace import Turn

SOURCES = ("walk_in", "phone")
TRIES = 400


def hurry(
    crew: Crew, day: date, branch_code: str = "HZ01", first_serial: int = 1, suits: Callable[[Life], bool] = lambda _life: True,
) -> tuple[Track, Loan]:
    """The first of the lives from `first_serial` on that suits and gets a loan, on the day on which it asked for it."""
    for track, _counts in _lives(crew, day, branch_code, first_serial, suits):
        loan = Loan.objects.filter(contract__number=track.contract).first() if track.contract else None
        if loan is not None:
            audit.seal()
            return track, loan
    raise AssertionError("nobody got a loan")


def rushed(crew: Crew, day: date, wants: str, ends: tuple[str, ...] = (OVER, "repaying"), branch_code: str = "HZ01") -> Track:
    """The first life in which this was counted, and that came to one of these ends on the day on which it began."""
    for track, counts in _lives(crew, day, branch_code, 1, lambda _life: True):
        if counts[wants] and track.stage in ends:
            return track
    raise AssertionError(f"nobody had {wants}")


def scene_on(crew: Alone, day: date, seed: int = 1) -> Scene:
    """A day of the team with chance of its own."""
    return Scene(day, True, crew.workplace._people(), Random(seed))


def evening(crew: Crew, day: date) -> None:
    """The outside answers, and news is delivered."""
    with clock.at(datetime.combine(day, time(18), clock.SHANGHAI)):
        crew.everybody("evening", day)
        events.deliver_all()


def _lives(
    crew: Crew, day: date, branch_code: str, first_serial: int, suits: Callable[[Life], bool],
) -> Iterator[tuple[Track, Counter[str]]]:
    """Life after life, each lived as far as it comes on one day, with what was counted in it."""
    business_date.open_day(day)
    for serial in range(first_serial, first_serial + TRIES):
        life = lives.invent(Random(serial), branch_code, day, SOURCES)
        if not suits(life):
            continue
        track, counts = Track(serial, life, day), Counter[str]()
        for _turn in range(40):
            if track.stage in (OVER, "lapsing", "forgotten", "repaying"):
                break
            (turned,) = crew.each("take", [Turn(day, True, track)])
            assert not turned.refused, turned.refused
            counts.update(turned.counts)
            evening(crew, day)
        yield track, counts
