"""What goes wrong in a life, by its calendar: hard times, refused applications, lawsuits, enforcement."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from math import exp
from random import Random
from typing import Protocol

from chezhe.invented import fates, words
from chezhe.invented.chance import Chance
from chezhe.invented.fates import Fate
from chezhe.invented.months import first_day, index

# Query reasons of the second-generation report that a lender's own decision makes (DOMAIN.md §4 counts these as hard).
LOAN, CARD, GUARANTEE, FINANCING = "loan_approval", "card_approval", "guarantee_review", "financing_approval"
REVIEW = "post_loan"


class Opened(Protocol):
    """An account, as far as its enquiry is concerned."""

    @property
    def opened_on(self) -> date: ...
    @property
    def institution(self) -> str: ...
    @property
    def kind(self) -> str: ...


@dataclass(frozen=True, slots=True)
class Shock:
    """A hard time, from one month (by its index) for so many: work lost, illness, a shop that fails."""

    from_month: int
    months: int

    def lasts_on(self, month: int) -> bool:
        return self.from_month <= month < self.from_month + self.months


@dataclass(frozen=True, slots=True)
class Event:
    """Something on one day: an enquiry (its reason as `kind`, the lender as `party`), a case (`civil`, `enforcement` = 失信, `ban` =
    限高), with an amount in fen where it has one, and the day it was over."""

    on: date
    kind: str
    party: str
    amount_fen: int = 0
    over_on: date | None = None


def shocks(chance: Chance, first: date, last: date, inner: float) -> tuple[Shock, ...]:
    """Hard times of a whole life: one in eight years for an ordinary person, more for somebody careless."""
    draws, found = chance.stream("shocks"), []
    month, end = index(first), index(last)
    rate = 0.0085 * exp(-0.4 * inner)
    while (month := month + 1 + int(draws.expovariate(rate))) < end:
        found.append(Shock(month, draws.randrange(4, 15)))
        month += found[-1].months
    return tuple(found)


def enquiries(
    chance: Chance, accounts: Sequence[Opened], hunger: float, hard: tuple[Shock, ...], is_in_ring: bool, first: date, last: date
) -> tuple[Event, ...]:
    """Every time a lender asked from one day to another (not included), oldest first: before each credit that came about, for those that
    did not, and looking after the others. A year is drawn by itself, so that any stretch of time tells the same of its days."""
    asked = (
        Event(account.opened_on - timedelta(days=2), CARD if account.kind in ("R2", "R3") else LOAN, account.institution)
        for account in accounts if account.kind != "C1"
    )
    found = [event for event in asked if first <= event.on < last]
    base = 0.10 * exp(0.75 * hunger) * (2.5 if is_in_ring else 1)
    for year in range(first.year, last.year + 1):
        found += [event for event in _year(chance.stream(f"enquiries {year}"), year, base, hard) if first <= event.on < last]
    return tuple(sorted(found, key=lambda event: event.on))


def _year(draws: Random, year: int, base: float, hard: tuple[Shock, ...]) -> Iterator[Event]:
    for month in range(year * 12, year * 12 + 12):
        rate = base * (2.6 if any(shock.lasts_on(month) for shock in hard) else 1)
        while draws.random() < rate:
            yield _refused(draws, month)
            rate *= 0.72
        if draws.random() < 0.12:
            yield Event(first_day(month) + timedelta(days=draws.randrange(28)), REVIEW, draws.choice(words.BANKS))


def cases(chance: Chance, first: date, last: date, inner: float, fate: Fate) -> tuple[Event, ...]:
    """Lawsuits about money; some end in enforcement, and of those some on the public list."""
    if fate.code == fates.GOOD:
        return ()
    draws, found, month = chance.stream("cases"), [], index(first)
    rate = 0.0007 * exp(-1.1 * inner)
    while (month := month + 1 + int(draws.expovariate(rate))) < index(last):
        found += _lawsuit(draws, first_day(month))
    if fate.code == fates.BAD:
        day = first_day(index(first) + 24)
        found += [Event(day, kind, words.COURTS[0], 12_000_000) for kind in ("civil", "enforcement", "ban")]
    return tuple(sorted(found, key=lambda event: event.on))


def _refused(draws: Random, month: int) -> Event:
    day = first_day(month) + timedelta(days=draws.randrange(28))
    if draws.random() < 0.3:
        return Event(day, CARD, draws.choice(words.BANKS))
    return Event(day, LOAN if draws.random() < 0.9 else GUARANTEE, draws.choice((*words.BANKS[:3], *words.CONSUMER_LENDERS)))


def _lawsuit(draws: Random, day: date) -> list[Event]:
    amount = draws.randrange(500_000, 30_000_000, 10_000)
    found = [Event(day, "civil", words.COURTS[0], amount, day + timedelta(days=draws.randrange(60, 400)))]
    if draws.random() < 0.45:
        later_on = day + timedelta(days=draws.randrange(120, 420))
        over_on = later_on + timedelta(days=draws.randrange(200, 1500)) if draws.random() < 0.75 else None
        found.append(Event(later_on, "ban", words.COURTS[0], amount, over_on))
        if draws.random() < 0.6:
            found.append(Event(later_on, "enforcement", words.COURTS[0], amount, over_on))
    return found
