"""What one process needs to live turns in: the team, a line of jobs, and the outside services on the same clock."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path
from random import Random
from typing import Any

from chezhe.kernel import clock, jobs, simulators
from chezhe.kernel.errors import BusinessError
from chezhe.kernel.simulators import World
from chezhe.servicing import proof
from chezhe.servicing.models import Loan
from chezhe.simulation import (
    applications,
    batches,
    borrowers,
    closings,
    conditions,
    enquiries,
    filings,
    headquarters,
    phone,
    securities,
    statements,
)
from chezhe.simulation.cast import Cast
from chezhe.simulation.scene import BankReceipt, Scene
from chezhe.simulation.tracks import OVER, Living, Track

MORNING, EVENING, NIGHT = time(9), time(18), time(23)
MINUTES_OPEN = 8 * 60
STAGES: dict[str, Callable[[Any, Scene], None]] = {
    **enquiries.STAGES, **filings.STAGES, **applications.STAGES, **closings.STAGES, **conditions.STAGES, **securities.STAGES,
    **batches.STAGES, **borrowers.STAGES, **phone.STAGES, **statements.STAGES, **headquarters.STAGES,
}
# What people do without a clerk: they transfer money on a Sunday as well.
EVERY_DAY = frozenset({"repaying"})
# Money sent and answered within these is one step of the clerk's; what comes later, comes in the evening.
ANSWERED_WITHIN = timedelta(seconds=90)


@dataclass(frozen=True, slots=True)
class Turn:
    """One life's next step, on its day."""

    today: date
    is_open: bool
    living: Living


@dataclass(frozen=True, slots=True)
class Turned:
    """Where the life stands afterwards, and what to count; `refused` is the stage and code of a refusal that ended it."""

    living: Living
    counts: Counter[str]
    receipts: tuple[BankReceipt, ...]
    refused: str = ""


class Workplace:
    """The same seed and the same lives give the same turns, whichever process takes them and in whatever order."""

    def __init__(self, seed: int, outside: World) -> None:
        self.seed, self.outside = seed, outside
        self._cast: Cast | None = None

    def take(self, turn: Turn) -> Turned:
        """Let a life take its turn. A refusal of the house ends it; only who owes us money tries again a week later."""
        living = turn.living
        minute = living.serial * 7919 % MINUTES_OPEN
        with clock.at(_at(turn.today, MORNING) + timedelta(minutes=minute)):
            rng = Random(f"{self.seed}/{living.serial}/{turn.today.toordinal()}/{living.stage}")
            scene, refused = Scene(turn.today, turn.is_open, self._people(), rng), ""
            try:
                STAGES[living.stage](living, scene)
            except BusinessError as refusal:
                refused = f"{living.stage}/{refusal.code}"
                _refuse(living)
                living.next_on = turn.today + timedelta(days=7)
            self._let_the_outside_answer(ANSWERED_WITHIN)
        return Turned(living, scene.counts, tuple(scene.receipts), refused)

    def evening(self, today: date) -> None:
        """What is still under way with the outside services comes in before the night."""
        with clock.at(_at(today, EVENING)):
            self._let_the_outside_answer(timedelta(hours=5))

    def prove(self, loan_ids: list[int]) -> str:
        """The first of these loans whose fold, row and ledger disagree; empty when all agree."""
        loans = Loan.objects.filter(pk__in=loan_ids).select_related("product_version").order_by("pk")
        return next(proof.differences(loans), "")

    def _people(self) -> Cast:
        self._cast = self._cast or Cast(clock.now())
        self._cast.now = clock.now()
        return self._cast

    def _let_the_outside_answer(self, within: timedelta) -> None:
        """Jobs run and callbacks arrive, each in its time, until nothing more comes within this span."""
        last = clock.now() + within
        while True:
            moved = jobs.run_due() + self.outside.pump()
            nexts = [moment for moment in (jobs.next_due_at(), self.outside.next_due_at()) if moment is not None]
            if not moved and (not nexts or min(nexts) > last):
                return
            if nexts and clock.now() < min(nexts) <= last:
                clock.tick((min(nexts) - clock.now()).total_seconds())


def _refuse(living: Living) -> None:
    if isinstance(living, Track) and living.stage not in EVERY_DAY:
        living.ends()
    elif living.stage not in EVERY_DAY:
        living.stage = OVER


@contextmanager
def opened(seed: int, memory: Path | None = None) -> Iterator[Workplace]:
    """A workplace in this very process; the folder `memory` learns what the outside services remember."""
    with jobs.in_line(), simulators.in_process(seed, memory=memory) as outside:
        yield Workplace(seed, outside)


def _at(day: date, hour: time) -> datetime:
    return datetime.combine(day, hour, clock.SHANGHAI)
