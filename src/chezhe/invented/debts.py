"""Credit: which accounts somebody opens in a life, what they cost a month, and how each was paid, month by month.

Kinds are those of the second-generation report: D1 non-revolving loan, R1 revolving with sub-limits, R4 revolving,
R2 credit card, R3 semi-credit card, C1 recovered debt (追偿).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from math import exp
from random import Random

from chezhe.invented import fates, words
from chezhe.invented.chance import Chance
from chezhe.invented.fates import Fate
from chezhe.invented.months import between, first_day, index, later
from chezhe.invented.troubles import Shock
from chezhe.invented.work import Job, income_on

LOANS, REVOLVING, CARDS = ("D1",), ("R1", "R4"), ("R2", "R3")
WRITTEN_OFF_AFTER = 12  # months in the worst class, until the lender gives the debt up


@dataclass(frozen=True, slots=True)
class Borrower:
    """What decides about somebody's credit."""

    first: date
    last: date
    inner: float
    hunger: float
    jobs: tuple[Job, ...]
    shocks: tuple[Shock, ...]
    house_bought_on: date | None
    fate: Fate


@dataclass(frozen=True, slots=True)
class Account:
    """One credit. `amount_fen` is the loan or the limit, `monthly_fen` what a month costs when the whole is used, `term` its months
    (0 for revolving ones without end). How it is paid follows from `seed`, `weakness` (log odds of missing a month) and hard times."""

    kind: str
    institution: str
    business: str
    opened_on: date
    amount_fen: int
    monthly_fen: int
    term: int
    guarantee: str
    seed: int
    weakness: float
    use_rate: float
    closed_on: date | None
    shocks: tuple[Shock, ...]

    def __hash__(self) -> int:
        """By its seed alone: it is looked up often."""
        return self.seed


@dataclass(frozen=True, slots=True)
class Standing:
    """How an account stands on a day: fen, `missed` whole instalments open now, `history` a digit a month since it was opened
    (0 paid, 1 to 7 months missed, 8 given up as bad), `is_open` while something may still be owed or drawn."""

    is_open: bool
    balance_fen: int
    due_fen: int
    missed: int
    overdue_fen: int
    remaining: int
    is_bad: bool
    history: tuple[int, ...]


def accounts(chance: Chance, who: Borrower) -> tuple[Account, ...]:
    """All credits of a life, oldest first."""
    draws = chance.stream("accounts")
    found = [*_cards(draws, who), *_loans(draws, who), *_business(draws, who)]
    if who.house_bought_on is not None and who.first <= who.house_bought_on <= who.last and draws.random() < 0.8:
        found.append(_mortgage(draws, who, who.house_bought_on))
    if who.fate.code == fates.BAD:
        found.append(_lost(draws, who))
    return tuple(sorted(found, key=lambda account: (account.opened_on, account.seed)))


@lru_cache(maxsize=16_384)
def standing(account: Account, on: date) -> Standing:
    """The account on a day not before it was opened."""
    age = between(account.opened_on, on)
    history = _history(account, age)
    missed = history[-1] if history else 0
    is_bad = missed >= 8
    is_loan = account.kind in ("D1", "C1")
    remaining = max(0, account.term - age) if is_loan else 0
    is_over = (is_loan and remaining == 0 and missed == 0) or (account.closed_on is not None and account.closed_on <= on and missed == 0)
    if is_over:
        return Standing(False, 0, 0, 0, 0, 0, False, history)
    balance = _balance(account, on, remaining, missed)
    overdue = balance if is_bad or (is_loan and remaining == 0) else min(balance, account.monthly_fen * missed)
    return Standing(True, balance, _due(account, balance), missed, overdue, remaining, is_bad, history)


def _balance(account: Account, on: date, remaining: int, missed: int) -> int:
    """Principal still owed, arrears included."""
    if account.kind == "C1":
        return account.amount_fen
    if account.kind == "D1":
        return min(account.amount_fen, account.amount_fen * min(account.term, remaining + missed) // account.term)
    swing = Random(account.seed * 31 + index(on)).uniform(0.8, 1.15)
    return min(account.amount_fen, int(account.amount_fen * min(1.0, account.use_rate * swing)) // 100 * 100)


def _due(account: Account, balance: int) -> int:
    """This month's instalment; a card asks a tenth, another revolving credit a twelfth."""
    if account.kind == "D1":
        return min(account.monthly_fen, balance + balance // 50)
    return balance // (10 if account.kind in CARDS else 12)


@lru_cache(maxsize=8192)
def _paid(account: Account, months: int) -> tuple[int, ...]:
    """Month by month: who misses one may miss the next; a longer past begins with the shorter one's months."""
    draws, state, since, found = Random(account.seed), 0, 0, []
    start, slope = index(account.opened_on), account.weakness
    hard_months = frozenset(month for shock in account.shocks for month in range(shock.from_month, shock.from_month + shock.months))
    easy, rough = 1 / (1 + exp(-slope)), 1 / (1 + exp(-(slope + 1.7)))
    for month in range(start + 1, start + months + 1):
        draw, rate = draws.random(), rough if month in hard_months else easy
        if state == 0:
            state = 1 if draw < rate else 0
        elif state < 7:
            # Most catch up at once; the longer somebody waits, the harder it gets.
            state = state + 1 if draw < min(0.93, 0.12 + 0.09 * state + 2.0 * rate) else 0
        elif state == 7:
            since += 1
            state = 8 if since >= WRITTEN_OFF_AFTER else 0 if draw < 0.05 else 7
        found.append(state)
    return tuple(found)


def _history(account: Account, age: int) -> tuple[int, ...]:
    """Ends when a loan has run out or an account was closed, unless something is still missing then."""
    end = account.term if account.kind == "D1" else age
    if account.closed_on is not None:
        end = min(end, between(account.opened_on, account.closed_on))
    months = _paid(account, age)
    while 0 < end < age and months[end - 1] > 0:
        end += 1
    return months[:end]


def _cards(draws: Random, who: Borrower) -> Iterator[Account]:
    for number in range(min(8, int(draws.expovariate(1 / 3.0) * exp(0.25 * who.hunger) + 0.35))):
        opened_on = _some_day(draws, who, early=number < 2)
        income = income_on(who.jobs, (), opened_on)
        limit = int(income * draws.uniform(1, 5)) // 100_000 * 100_000 + 200_000
        use = min(0.98, max(0.02, 0.30 + 0.22 * who.hunger + draws.gauss(0, 0.2)))
        closed_on = later(opened_on, draws.randrange(12, 150)) if draws.random() < 0.35 else None
        yield _account(draws, who, "R2" if draws.random() < 0.96 else "R3", draws.choice(words.BANKS), "card", opened_on, limit,
                       limit // 10, 0, use=use, closed_on=closed_on)


def _loans(draws: Random, who: Borrower) -> Iterator[Account]:
    for _number in range(min(24, int(draws.expovariate(1 / 8.0) * exp(0.42 * who.hunger)))):
        opened_on = _some_day(draws, who)
        income = income_on(who.jobs, (), opened_on)
        if draws.random() < 0.35:
            limit = int(income * draws.uniform(0.8, 4)) // 100_000 * 100_000 + 100_000
            use = min(1.0, max(0.0, 0.4 + 0.25 * who.hunger + draws.gauss(0, 0.25)))
            yield _account(draws, who, "R4", draws.choice((*words.BANKS[:2], *words.CONSUMER_LENDERS)), "consumption", opened_on, limit,
                           limit // 12, 0, use=use, closed_on=later(opened_on, draws.randrange(8, 60)))
        else:
            is_car = draws.random() < 0.15
            term = draws.choice((24, 36, 36)) if is_car else draws.choice((3, 6, 6, 12, 12, 12, 24))
            amount = int(income * (draws.uniform(6, 14) if is_car else draws.uniform(0.6, 5))) // 100_000 * 100_000 + 200_000
            yield _account(draws, who, "D1", draws.choice((*words.BANKS[:2], *words.CONSUMER_LENDERS)), "car" if is_car else "consumption",
                           opened_on, amount, _instalment(amount, term, 0.11 if is_car else 0.15), term)


def _business(draws: Random, who: Borrower) -> Iterator[Account]:
    if not who.jobs or who.jobs[0].kind not in ("self_employed", "driver") or draws.random() < 0.45:
        return
    for _number in range(draws.choice((1, 1, 2))):
        opened_on = _some_day(draws, who)
        limit = int(income_on(who.jobs, (), opened_on) * draws.uniform(6, 22)) // 100_000 * 100_000 + 1_000_000
        yield _account(draws, who, "R1", draws.choice(words.BANKS), "business", opened_on, limit, limit // 36, 0,
                       use=draws.uniform(0.2, 0.9), closed_on=later(opened_on, draws.randrange(24, 120)), guarantee="mortgage")


def _mortgage(draws: Random, who: Borrower, opened_on: date) -> Account:
    amount = int(income_on(who.jobs, (), opened_on) * draws.uniform(40, 78)) // 1_000_000 * 1_000_000 + 10_000_000
    return _account(draws, who, "D1", draws.choice(words.BANKS), "house", opened_on, amount, _instalment(amount, 300, 0.042), 300,
                    guarantee="mortgage", weaker=-1.2)


def _lost(draws: Random, who: Borrower) -> Account:
    """Somebody whose debt a guarantor or insurer had to pay, and who never paid it back."""
    opened_on = first_day(index(who.first) + 12)
    return Account("C1", words.CONSUMER_LENDERS[-1], "recovered", opened_on, 4_800_000, 4_800_000, 0, "credit", draws.getrandbits(48), 9.0,
                   1.0, None, ())


def _account(
    draws: Random, who: Borrower, kind: str, institution: str, business: str, opened_on: date, amount: int, monthly: int, term: int, *,
    use: float = 1.0, closed_on: date | None = None, guarantee: str = "credit", weaker: float = 0.0,
) -> Account:
    weakness = -5.6 - 0.95 * who.inner + 0.25 * who.hunger + weaker + draws.gauss(0, 0.45)
    if who.fate.code == fates.GOOD:
        weakness = -30.0
    seed = draws.getrandbits(48)
    return Account(
        kind, institution, business, opened_on, amount, monthly, term, guarantee, seed, weakness, use, closed_on, who.shocks)


def _some_day(draws: Random, who: Borrower, *, early: bool = False) -> date:
    span = (who.last - who.first).days
    return who.first + timedelta(days=int(draws.random() ** (2.2 if early else 1.0) * span))


def _instalment(amount: int, term: int, annual: float) -> int:
    """A level instalment in fen; what another lender worked out, so that a float will do."""
    rate = annual / 12
    return int(amount * rate / (1 - (1 + rate) ** -term))
