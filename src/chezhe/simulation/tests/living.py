"""One life in a hurry: every stage on one day, until the money is there."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, time
from random import Random

from chezhe.kernel import audit, business_date, clock, events
from chezhe.servicing.models import Loan
from chezhe.simulation import lives
from chezhe.simulation.crew import Crew
from chezhe.simulation.lives import Life
from chezhe.simulation.tracks import OVER, Track
from chezhe.simulation.workplace import Turn

SOURCES = ("walk_in", "phone")
TRIES = 400


def hurry(
    crew: Crew, day: date, branch_code: str = "HZ01", first_serial: int = 1, suits: Callable[[Life], bool] = lambda _life: True,
) -> tuple[Track, Loan]:
    """The first of the lives from `first_serial` on that suits and gets a loan, on the day on which it asked for it."""
    business_date.open_day(day)
    for serial in range(first_serial, first_serial + TRIES):
        life = lives.invent(Random(serial), branch_code, day, SOURCES)
        if not suits(life):
            continue
        track = Track(serial, life, day)
        for _turn in range(30):
            if track.stage in (OVER, "lapsing", "forgotten", "repaying"):
                break
            (turned,) = crew.each("take", [Turn(day, True, track)])
            assert not turned.refused, turned.refused
            with clock.at(datetime.combine(day, time(18), clock.SHANGHAI)):
                crew.everybody("evening", day)
                events.deliver_all()
        loan = Loan.objects.filter(contract__number=track.contract).first() if track.contract else None
        if loan is not None:
            audit.seal()
            return track, loan
    raise AssertionError("nobody got a loan")
