"""Random but seeded days of the whole house, through the same actions that people use.

Every life has chance of its own, so the same seed gives the same customers, loans and balances however many helpers
take the turns. Each day: finance opens it, statements and errands come first, then every life with money to move, and
the outside answers; in the evening news is delivered, and the day is sealed and proved. Whoever only writes papers that
day does so until the next morning.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from random import Random

from chezhe.channels.choices import SOURCES
from chezhe.kernel import audit, business_date, calendar, clock, events, jobs
from chezhe.servicing import permissions as servicing_permissions
from chezhe.servicing.actions.open_business_day import open_business_day
from chezhe.simulation import checks, headquarters, lives
from chezhe.simulation.batches import Desk
from chezhe.simulation.cast import Cast
from chezhe.simulation.crew import Crew
from chezhe.simulation.people import BRANCHES
from chezhe.simulation.statements import Till
from chezhe.simulation.tracks import OVER, Living, Track
from chezhe.simulation.workplace import EVERY_DAY, Turn, Turned, Workplace

DAYBREAK, EVENING = time(8), time(18, 30)
UPKEEP = ("origination.close_lapsed_offers", "risk.fetch_watch_lists")
# Dealers bring every third customer.
ASKED = (*(code for code, _ in SOURCES), *["dealer"] * (len(SOURCES) // 2))
FIRST_LIFE, FIRST_ERRAND = 10_000, 100
# No money moves in these, so the books need not wait for them; the longest come first, that none is waited for alone. Handing in is
# not among them: what the machine then decides hangs on the day.
PAPERWORK = (
    "contracting", "deciding", "filing", "signing", "registering", "releasing", "offered", "asking", "following",
    "unassigned", "forgotten", "lapsing", "signing_afar", "arriving", "collecting",
)


@dataclass(slots=True)
class Tally:
    """What has happened so far; refusals are counted by code, and an unexpected one shows in the figures."""

    days: int = 0
    counts: Counter[str] = field(default_factory=Counter)
    refused: Counter[str] = field(default_factory=Counter)

    def __getitem__(self, what: str) -> int:
        return self.counts[what]

    def __str__(self) -> str:
        said = " ".join(f"{what}={count}" for what, count in sorted(self.counts.items()))
        refusals = " ".join(f"{code}={count}" for code, count in sorted(self.refused.items()))
        return f"days={self.days} {said}{f' refused: {refusals}' if refusals else ''}"


@dataclass(slots=True)
class Story:
    """`intensity` is the mean number of enquiries a branch has on a working day; with `growth` 0.5 it begins at half of it
    and ends at one and a half. The books are asked whether they agree every `asked_every` days, and on the last one, on which every
    loan is proved (the tally's `proved_at_the_end`)."""

    seed: int
    start: date
    days: int
    intensity: float = 0.8
    growth: float = 0.0
    asked_every: int = 1
    rng: Random = field(init=False)
    tally: Tally = field(default_factory=Tally)
    living: list[Living] = field(default_factory=list)
    lives_begun: int = 0
    paperwork: Callable[[], list[Turned]] = field(default=list)
    cast: Cast | None = None

    def __post_init__(self) -> None:
        self.rng = Random(self.seed)

    def live(self, crew: Crew, *, on_day: Callable[[date, Tally], None] | None = None) -> Tally:
        """Live all days from the start, then decide every decision of them again; raises Imbalance on the first thing that does not
        add up."""
        self.living += headquarters.diary(self.start, self.days, FIRST_ERRAND)
        self.living += [Till(place, code, self.start) for place, (code, *_) in enumerate(BRANCHES, start=1)]
        self.living.append(Desk(len(BRANCHES) + 1, self.start))
        with crew.headquarters() as headquarter:
            for offset in range(self.days):
                today = self.start + timedelta(days=offset)
                self._live_one(today, crew, headquarter)
                if on_day:
                    on_day(today, self.tally)
            self._finish_papers()
        self.tally.counts["decisions"] = checks.replay_decisions()
        return self.tally

    def _live_one(self, today: date, crew: Crew, headquarter: Workplace) -> None:
        is_last = self.tally.days + 1 == self.days
        is_asked = (self.tally.days + 1) % self.asked_every == 0 or is_last
        with clock.at(datetime.combine(today, DAYBREAK, clock.SHANGHAI)):
            self._open(today)
            if not is_asked:
                jobs.forget(checks.NIGHTLY)
            self._finish_papers()
            is_open = calendar.is_working_day(today)
            if is_open:
                self._newcomers(today)
        due = [life for life in self.living if life.next_on <= today and (is_open or life.stage in EVERY_DAY)]
        house, moving, writing = _in_order(due)
        for group in (house, moving):
            self._take_back(crew.each("take", [Turn(today, is_open, life) for life in group]))
        crew.everybody("evening", today)
        self.paperwork = crew.begin("take", [Turn(today, is_open, life) for life in writing])
        if is_asked:
            self._finish_papers()
        with clock.at(datetime.combine(today, EVENING, clock.SHANGHAI)):
            self._end_the_day(today, headquarter)
            if is_asked:
                proved = checks.check(today, crew, is_last=is_last)
                self.tally.counts["proved_at_the_end"] += proved if is_last else 0
        self.tally.days += 1

    def _finish_papers(self) -> None:
        self._take_back(self.paperwork())
        self.paperwork = list

    def _open(self, today: date) -> None:
        """Finance opens the day; the very first one has nothing before it."""
        if not self.tally.days:
            business_date.open_day(max(today, business_date.current()))
            return
        self.cast = self.cast or Cast(clock.now())
        self.cast.now = clock.now()
        finance = self.cast.who(servicing_permissions.OPEN_DAY, BRANCHES[0][0], self.rng)
        open_business_day(day=today, calendar_day=today, by=finance)

    def _newcomers(self, today: date) -> None:
        """People who call for the first time today."""
        progress = self.tally.days / self.days
        mean = self.intensity * (1 - self.growth + 2 * self.growth * progress)
        for code, *_ in BRANCHES:
            for _ in range(_arrivals(self.rng, mean)):
                serial = FIRST_LIFE + self.lives_begun
                self.lives_begun += 1
                life = lives.invent(Random(f"{self.seed}/{serial}"), code, today, ASKED)
                self.living.append(Track(serial, life, today))

    def _take_back(self, turns: Iterable[Turned]) -> None:
        """Each life as it stands after its turn; those that are over are forgotten."""
        after = {turned.living.serial: turned for turned in turns}
        for turned in after.values():
            self.tally.counts.update(turned.counts)
            if turned.refused:
                self.tally.refused[turned.refused] += 1
        self.living = [after[life.serial].living if life.serial in after else life for life in self.living]
        self.living = [life for life in self.living if life.stage != OVER]
        tills = {life.branch_code: life for life in self.living if isinstance(life, Till)}
        for _serial, turned in sorted(after.items()):
            for receipt in turned.receipts:
                tills[receipt.branch_code].receipts.append(receipt)

    def _end_the_day(self, today: date, headquarter: Workplace) -> None:
        """The worker delivers what happened and does its upkeep, and the trail is sealed and signed."""
        while events.deliver_all() + jobs.run_due():
            pass
        for name in UPKEEP:
            jobs.REGISTRY[name]()
        events.deliver_all()
        headquarter.evening(today)
        audit.seal(reach=audit.NEAR)
        audit.sign_day(today)


def _in_order(due: list[Living]) -> tuple[list[Living], list[Living], list[Living]]:
    """What the house itself does, lives with money to move, and paperwork."""
    lives = [life for life in due if isinstance(life, Track)]
    papers = sorted((life for life in lives if life.stage in PAPERWORK), key=lambda life: PAPERWORK.index(life.stage))
    moving: list[Living] = [life for life in lives if life.stage not in PAPERWORK]
    return [life for life in due if not isinstance(life, Track)], moving, [*papers]


def _arrivals(rng: Random, mean: float) -> int:
    """A small number around `mean`: whole part always, the rest by chance, now and then one more."""
    whole, rest = divmod(mean, 1)
    return int(whole) + (rng.random() < rest) + (rng.random() < 0.1)
