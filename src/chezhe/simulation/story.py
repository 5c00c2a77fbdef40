"""Random but seeded days of the whole house, through the same actions that people use.

Every day ends with the questions an auditor would ask; the first wrong answer stops the story and names it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from random import Random

from chezhe.channels.choices import SOURCE_WITH_DEALER, SOURCES
from chezhe.contracts.models import Disbursement
from chezhe.kernel import audit, business_date, calendar, clock, events, jobs, simulators
from chezhe.kernel.errors import BusinessError
from chezhe.kernel.simulators import World
from chezhe.ledger import queries as ledger_queries
from chezhe.servicing import permissions as servicing_permissions
from chezhe.servicing.actions.open_business_day import open_business_day
from chezhe.simulation import applications, beginnings, closings, lives, repayments
from chezhe.simulation.applications import Case
from chezhe.simulation.beginnings import Enquiry
from chezhe.simulation.cast import Cast
from chezhe.simulation.closings import Closing
from chezhe.simulation.lives import Life
from chezhe.simulation.people import BRANCHES

MORNING = time(9, 0)
OPEN_FOR = timedelta(hours=9)
ASKED = tuple(code for code, _ in SOURCES if code != SOURCE_WITH_DEALER)


class Imbalance(AssertionError):
    """A day ended with something that must never be."""


@dataclass(slots=True)
class Tally:
    """What has happened so far."""

    days: int = 0
    leads: int = 0
    customers: int = 0
    lost: int = 0
    applications: int = 0
    approved: int = 0
    rejected: int = 0
    accepted: int = 0
    contracts: int = 0
    paid_out: int = 0
    repayments: int = 0
    settled: int = 0
    refused: dict[str, int] = field(default_factory=dict)

    def refuse(self, refusal: BusinessError) -> None:
        """Refusals are part of life; they are counted by code, and an unexpected one shows in the figures."""
        self.refused[refusal.code] = self.refused.get(refusal.code, 0) + 1


@dataclass(slots=True)
class Story:
    """`intensity` is the mean number of enquiries a branch has on a working day."""

    seed: int
    start: date
    intensity: float = 0.8
    rng: Random = field(init=False)
    tally: Tally = field(default_factory=Tally)
    team: Cast | None = None
    open_enquiries: list[Enquiry] = field(default_factory=list)
    cases: list[Case] = field(default_factory=list)
    offers: list[Case] = field(default_factory=list)
    closings: list[Closing] = field(default_factory=list)
    borrowers: dict[str, Life] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.rng = Random(self.seed)

    def live(self, days: int, *, on_day: Callable[[date, Tally], None] | None = None) -> Tally:
        """Live `days` days from the start; raises Imbalance on the first thing that does not add up."""
        with _virtual(self.seed) as outside:
            for offset in range(days):
                today = self.start + timedelta(days=offset)
                with clock.at(datetime.combine(today, MORNING, clock.SHANGHAI)):
                    self._live_one(today, outside)
                if on_day:
                    on_day(today, self.tally)
        return self.tally

    def _live_one(self, today: date, outside: World) -> None:
        self._open(today)
        if calendar.is_working_day(today):
            self._work(today, self._cast())
        _let_the_outside_answer(outside)
        self.tally.paid_out = Disbursement.objects.filter(status="paid").count()
        audit.seal()
        audit.sign_day(today)
        check(today)
        self.tally.days += 1

    def _cast(self) -> Cast:
        self.team = self.team or Cast(clock.now())
        return self.team.step_up(clock.now())

    def _open(self, today: date) -> None:
        """Finance opens the day; the very first one has nothing before it."""
        if not self.tally.days:
            business_date.open_day(max(today, business_date.current()))
            return
        finance = self._cast().who(servicing_permissions.OPEN_DAY, BRANCHES[0][0], self.rng)
        open_business_day(day=today, by=finance)

    def _work(self, today: date, cast: Cast) -> None:
        self.tally.repayments += repayments.collect(self.borrowers, cast, self.rng, today)
        self.tally.settled += repayments.settle_some(self.borrowers, cast, self.rng, today)
        self._close(cast, today)
        self._decide(cast, today)
        waiting, self.open_enquiries = self.open_enquiries, []
        for enquiry in waiting:
            self._follow_up(enquiry, cast, today)
        for code, *_ in BRANCHES:
            for _ in range(_arrivals(self.rng, self.intensity)):
                self._receive(code, cast, today)

    def _receive(self, branch_code: str, cast: Cast, today: date) -> None:
        life = lives.invent(self.rng, branch_code, today, ASKED)
        with self._attempt():
            enquiry = beginnings.enquire(life, cast, self.rng, today)
            beginnings.call_back(enquiry, self.rng.choice(("interested", "callback", "hesitating")), today)
            self.open_enquiries.append(enquiry)
            self.tally.leads += 1

    def _follow_up(self, enquiry: Enquiry, cast: Cast, today: date) -> None:
        fate = self.rng.random()
        with self._attempt():
            if fate < 0.25:
                self.open_enquiries.append(enquiry)
            elif fate < 0.45:
                beginnings.give_up(enquiry, self.rng.choice(("not_interested", "price", "competitor", "unreachable")))
                self.tally.lost += 1
            else:
                beginnings.file_customer(enquiry, cast, self.rng, today)
                self.tally.customers += 1
                self.cases.append(applications.apply(enquiry, cast, self.rng, today))
                self.tally.applications += 1

    def _close(self, cast: Cast, today: date) -> None:
        """Each contract takes one step a day: signed, registered, paid out."""
        steps = {"prepared": closings.sign, "signed": closings.register, "registered": closings.pay_out}
        going, self.closings = self.closings, []
        for closing in going:
            with self._attempt():
                steps[closing.stage](closing, cast, self.rng, today)
                if closing.stage in steps:
                    self.closings.append(closing)
                else:
                    self.borrowers[closing.contract_number] = closing.case.enquiry.life

    def _decide(self, cast: Cast, today: date) -> None:
        """Offers of yesterday are answered, then every case in review gets its next vote."""
        offers, self.offers = self.offers, []
        for case in offers:
            if applications.accept(case, today):
                self.tally.accepted += 1
                with self._attempt():
                    self.closings.append(closings.prepare(case, cast, self.rng, today))
                    self.tally.contracts += 1
        cases, self.cases = self.cases, []
        for case in cases:
            with self._attempt():
                status = applications.decide(case, cast, self.rng, today)
                self.tally.approved += status == "approved"
                self.tally.rejected += status == "rejected"
                {"approved": self.offers, "final_review": self.cases}.get(status, []).append(case)

    @contextmanager
    def _attempt(self) -> Iterator[None]:
        try:
            yield
        except BusinessError as refusal:
            self.tally.refuse(refusal)


def check(today: date) -> None:
    """Debits equal credits, kept balances equal the journal, every loan's fold equals its row and the ledger, and the
    day's audit rows are all in the chain."""
    difference = ledger_queries.trial_balance(today).difference
    if difference:
        raise Imbalance(f"{today}: the trial balance differs by {difference}")
    proof = ledger_queries.prove()
    if not proof.is_sound:
        raise Imbalance(f"{today}: {proof}")
    disagreement = repayments.differences(today)
    if disagreement:
        raise Imbalance(f"{today}: {disagreement}")
    left = audit.unsealed().count()
    if left:
        raise Imbalance(f"{today}: {left} audit rows are not in the chain")


def _arrivals(rng: Random, mean: float) -> int:
    """A small number around `mean`: whole part always, the rest by chance, now and then one more."""
    whole, rest = divmod(mean, 1)
    return int(whole) + (rng.random() < rest) + (rng.random() < 0.1)


def _let_the_outside_answer(outside: World) -> None:
    """Jobs run, callbacks arrive, events are handled, each in its time, until nothing more comes on this day."""
    closing = clock.now() + OPEN_FOR
    while True:
        moved = jobs.run_due() + outside.pump() + events.deliver_all()
        nexts = [moment for moment in (jobs.next_due_at(), outside.next_due_at()) if moment is not None]
        if not moved and (not nexts or min(nexts) > closing):
            return
        if nexts:
            clock.tick(max(0.0, (min(nexts) - clock.now()).total_seconds()))


@contextmanager
def _virtual(seed: int) -> Iterator[World]:
    """Jobs in line, and outside services in this very process on the same clock."""
    with jobs.in_line(), simulators.in_process(seed) as outside:
        yield outside
