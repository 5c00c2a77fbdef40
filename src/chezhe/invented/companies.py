"""One company's hidden life: who owns it, what it earns, what it declares, what it owes."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import lru_cache
from math import exp
from random import Random

from chezhe.identifiers import synthetic
from chezhe.identifiers import uscc as uscc_code
from chezhe.invented import fates, troubles, words
from chezhe.invented.chance import Chance
from chezhe.invented.fates import Fate
from chezhe.invented.months import between, later
from chezhe.invented.troubles import Event

LAST = date(2036, 12, 31)


@dataclass(frozen=True, slots=True)
class Owner:
    """A shareholder: a person by identity number, or a company by code; `rate` of the shares (0..1, four decimals)."""

    name: str
    number: str
    is_person: bool
    rate: float


@dataclass(frozen=True, slots=True)
class Loan:
    """Money lent to the company for `term` months; from `stops_on` on nothing is paid back."""

    institution: str
    opened_on: date
    term: int
    amount_fen: int
    stops_on: date | None

    def missed_on(self, on: date) -> int:
        """Months behind."""
        return 0 if self.stops_on is None or on < self.stops_on else 1 + between(self.stops_on, on)

    def balance_on(self, on: date) -> int:
        """Still owed, in fen."""
        paid_until = on if self.stops_on is None else min(on, self.stops_on)
        return self.amount_fen * max(0, self.term - between(self.opened_on, paid_until)) // self.term


@dataclass(frozen=True, slots=True)
class CompanyLife:
    """Everything true about one code. `health` is a standard normal number; `hides` how much of the true revenue is kept from the tax
    office (a fraction), `boasts` what the books shown to lenders are of the true revenue."""

    uscc: str
    fate: Fate
    name: str
    established_on: date
    trade: str
    legal_representative: str
    capital_fen: int
    health: float
    owners: tuple[Owner, ...]
    base_revenue_fen: int
    growth: float
    margin: float
    hides: float
    boasts: float
    rating: str
    arrears_since: date | None
    arrears_fen: int
    struck_off_on: date | None
    loans: tuple[Loan, ...]
    cases: tuple[Event, ...]
    guarantee_fen: int
    invoice_seed: int
    chance: Chance = field(compare=False, repr=False)

    def loans_on(self, on: date) -> tuple[Loan, ...]:
        """Loans opened up to a day."""
        return tuple(loan for loan in self.loans if loan.opened_on <= on)

    def status_on(self, on: date) -> str:
        """active, or revoked once it was struck off."""
        return "revoked" if self.struck_off_on is not None and self.struck_off_on <= on else "active"

    def revenue_of(self, year: int) -> int:
        """True revenue of a calendar year in fen; of its first year as much as there was of it."""
        if year < self.established_on.year:
            return 0
        swing = exp(0.08 * self.chance.normal(f"year {year}"))
        whole = self.base_revenue_fen * (1 + self.growth) ** (year - 2022) * swing
        share = (12 - self.established_on.month) / 12 if year == self.established_on.year else 1.0
        return int(whole * share) // 10_000 * 10_000

    def arrears_on(self, on: date) -> int:
        """Tax owed and not paid, in fen."""
        return self.arrears_fen if self.arrears_since is not None and self.arrears_since <= on else 0


@lru_cache(maxsize=1024)
def company(uscc: str) -> CompanyLife:
    """The life that belongs to a unified social credit code."""
    fate, chance = fates.of_company(uscc), Chance(uscc)
    health = {fates.GOOD: 1.6, fates.BAD: -2.0}.get(fate.code, chance.normal("health"))
    established_on = date(2008, 3, 1) + timedelta(days=int(chance.share("established") ** 0.8 * 15 * 365))
    trade, head = chance.one_of("trade", words.TRADES), words.person_name(chance, "head")
    revenue = int(600_000_000 * exp(0.9 * chance.normal("size") + 0.1 * health))
    is_false = fate.code == fates.FALSE_BOOKS or (fate.code != fates.GOOD and chance.happens("false books", 0.06))
    margin = 0.05 + 0.035 * health + 0.02 * chance.normal("margin")
    return CompanyLife(
        uscc=uscc, fate=fate, name=words.firm_name(chance), established_on=established_on, trade=trade, legal_representative=head,
        capital_fen=chance.one_of("capital", (50, 100, 200, 500, 1000)) * 1_000_000, health=health,
        owners=_owners(chance, fate, head, uscc[2:4]),
        base_revenue_fen=revenue, growth=0.03 + 0.05 * health + 0.04 * chance.normal("growth"), margin=max(-0.25, min(0.3, margin)),
        hides=min(0.6, 0.02 + 0.12 * chance.share("hides") + (0.3 if is_false else 0)), boasts=1.45 if is_false else 1.0,
        rating=_rating(chance, health, is_false), arrears_since=_arrears_since(chance, health, established_on),
        arrears_fen=chance.whole("arrears", 2, 60) * 1_000_000, struck_off_on=date(2024, 6, 1) if fate.code == fates.BAD else None,
        loans=_loans(chance, established_on, revenue, health), cases=troubles.cases(chance, established_on, LAST, health, fate),
        guarantee_fen=chance.whole("guarantee", 20, 300) * 1_000_000 if chance.happens("guarantees", 0.15) else 0,
        invoice_seed=chance.stream("invoices").getrandbits(48), chance=chance,
    )


def _owners(chance: Chance, fate: Fate, head: str, province: str) -> tuple[Owner, ...]:
    """One to four; the head is usually the largest. In some a company stands in the way, and of a few of those nobody knows anything."""
    draws = chance.stream("owners")
    weights = [draws.uniform(1.5, 4), *(draws.uniform(0.2, 1.5) for _ in range(draws.choice((0, 1, 1, 2, 3))))]
    parts = [int(10_000 * weight / sum(weights)) for weight in weights[1:]]
    rates = [(10_000 - sum(parts)) / 10_000, *(part / 10_000 for part in parts)]
    owners = [_person(draws, head if not at else "", rate, province, chance, at) for at, rate in enumerate(rates)]
    if fate.code != fates.HIDDEN_OWNER and (fate.code == fates.GOOD or draws.random() > 0.2):
        return tuple(owners)
    is_hidden = fate.code == fates.HIDDEN_OWNER or draws.random() < 0.3
    serial = "".join(draws.choices(uscc_code.ALPHABET, k=3))
    number = fates.company_code(fates.UNKNOWN, source="enterprise", serial=serial) if is_hidden else synthetic.invent_uscc(draws, "33")
    return (Owner(words.firm_name(chance, "holding"), number, False, rates[0]), *owners[1:])


def _person(draws: Random, name: str, rate: float, province: str, chance: Chance, at: int) -> Owner:
    born_on = date(1965, 1, 1) + timedelta(days=draws.randrange(30 * 365))
    number = synthetic.invent_id_number(draws, born_on, draws.choice(("male", "female")), province)
    return Owner(name or words.person_name(chance, f"owner {at}"), number, True, rate)


def _rating(chance: Chance, health: float, is_false: bool) -> str:
    level = health + 0.7 * chance.normal("rating") - (0.8 if is_false else 0)
    return "A" if level > 0.9 else "B" if level > -0.3 else "M" if level > -0.9 else "C" if level > -1.6 else "D"


def _arrears_since(chance: Chance, health: float, established_on: date) -> date | None:
    if not chance.happens("owes tax", 0.03 + max(0.0, -0.06 * health)):
        return None
    return later(established_on, chance.whole("owes since", 24, 150))


def _loans(chance: Chance, first: date, revenue: int, health: float) -> tuple[Loan, ...]:
    draws, found, day = chance.stream("loans"), [], later(first, 10)
    while day < LAST:
        term = draws.choice((12, 12, 24, 36))
        amount = int(revenue * draws.uniform(0.03, 0.14)) // 1_000_000 * 1_000_000 + 1_000_000
        stops = later(day, draws.randrange(2, term)) if draws.random() < 0.008 * exp(-1.0 * health) else None
        found.append(Loan(draws.choice(words.BANKS), day, term, amount, stops))
        if stops is not None:
            break
        day = later(day, draws.randrange(8, 40))
    return tuple(found)
