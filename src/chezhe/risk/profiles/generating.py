"""Running loans that never were: how invented people paid up to a day, and what became of them after it. To train models on. Pure.

Every row is a life (`chezhe.invented`) with a loan of ours that runs on a day. Its instalments are paid month by month as character,
burden and hard times have it; its features come from `behaviour.features`, the very function that reads real loans. The same `count`,
`seed` and outcome are the same rows.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from math import exp, log
from random import Random
from typing import Any, Final

from chezhe.identifiers import synthetic
from chezhe.invented import defaults, person
from chezhe.invented.debts import standing
from chezhe.invented.months import index, later
from chezhe.invented.people import PersonLife
from chezhe.risk.profiles import behaviour
from chezhe.risk.profiles.behaviour import BAD_DAYS, LATE_DAYS, Instalment, LoanRecord

# What a row tells of the time after the day: ninety days late within a year, or thirty within a quarter.
BAD, LATE = "bad_12m", "late_90d"
OUTCOMES: Final = {BAD: (365, BAD_DAYS), LATE: (90, LATE_DAYS)}
ID, TIME = "row_id", "observed_on"
FIRST, DAYS = date(2023, 10, 1), 760
PROVINCES: Final = ("33", "33", "44", "32", "31", "41")
TERMS: Final = (12, 24, 24, 36, 36)
MONTHLY_RATE: Final = 0.01
# Log odds of missing a month: of an ordinary payer, by how likely the life is to stop paying, in a hard time, behind already.
_BASE, _PROPENSITY, _HARD, _BEHIND, _MOOD = -3.9, 0.75, 1.1, 1.55, 0.55
# Behind by so many instalments nobody pays any more. After how many days a debit in vain is tried again.
_GIVEN_UP, _TRIES = 4, (0, 3, 7)
Row = dict[str, Any]


@dataclass(slots=True)
class _Paying:
    """A loan while its months go by."""

    due: list[date]
    paid: dict[int, date] = field(default_factory=dict)
    part: dict[int, date] = field(default_factory=dict)
    failed: list[date] = field(default_factory=list)
    behind: list[int] = field(default_factory=list)


def rows(count: int, seed: int, outcome: str) -> Iterator[Row]:
    """So many rows in the order of their days: features by code (money in whole fen, shares as Decimal, what is unknown left out),
    `row_id`, `observed_on`, and the outcome as 0 or 1. Whoever has the outcome already is no row. Raises KeyError for another outcome."""
    draws, (days, late_days) = Random(seed), OUTCOMES[outcome]  # noqa: S311
    made: list[Row] = []
    number = 0
    while len(made) < count:
        number += 1
        row = _row(draws, f"B{seed}-{number:06d}", outcome, days, late_days)
        if row is not None:
            made.append(row)
    return iter(sorted(made, key=lambda row: (row[TIME], row[ID])))


def _row(draws: Random, row_id: str, outcome: str, days: int, late_days: int) -> Row | None:
    on = FIRST + timedelta(days=draws.randrange(DAYS))
    periods = draws.choice(TERMS)
    begun_on = later(on, -draws.randrange(3, periods)) - timedelta(days=draws.randrange(28))
    life = _somebody(draws, on)
    if life.job_on(begun_on) is None or life.income_on(begun_on) <= 0:
        return None
    instalments, failed = pay(life, begun_on, periods, row_id, draws)
    loan = _as_of(draws, life, instalments, failed, begun_on, on)
    told = behaviour.features([loan], on)
    if told["behaviour_dpd_now"] >= late_days or not loan.left:
        return None
    worst = max(one.worst_in(on + timedelta(days=1), on + timedelta(days=days)) for one in instalments)
    return {ID: row_id, TIME: on, **told, outcome: int(worst >= late_days)}


def pay(life: PersonLife, begun_on: date, periods: int, loan: str, draws: Random) -> tuple[list[Instalment], list[date]]:
    """All instalments of a loan with the days on which they are paid, and the days of debits in vain."""
    paying = _Paying([later(begun_on, month) for month in range(1, periods + 1)])
    odds = _BASE + _PROPENSITY * _strain(life, begun_on, draws)
    mood, forgets = 0.0, 0.04 + 0.2 * (1 - life.character)
    for place, due_on in enumerate(paying.due):
        mood = 0.8 * mood + 0.6 * draws.gauss(0, 1)
        hard = any(shock.lasts_on(index(due_on)) for shock in life.shocks)
        late = len(paying.behind)
        paying.behind.append(place)
        misses = late >= _GIVEN_UP or draws.random() < 1 / (1 + exp(-(odds + _HARD * hard + _BEHIND * late + _MOOD * mood)))
        _month(paying, due_on, draws, misses=misses, forgets=forgets)
    instalments = [Instalment(due_on, paying.paid.get(at), paying.part.get(at)) for at, due_on in enumerate(paying.due)]
    return instalments, paying.failed


def _month(paying: _Paying, due_on: date, draws: Random, *, misses: bool, forgets: float) -> None:
    """One due date: nothing, a part, the oldest instalment, or everything; perhaps some days late."""
    if misses:
        paying.failed += [due_on + timedelta(days=days) for days in _TRIES[: draws.randrange(1, len(_TRIES) + 1)]]
        if draws.random() < 0.3:
            paying.part.setdefault(paying.behind[0], due_on + timedelta(days=draws.randrange(20)))
        return
    delay = 1 + min(24, int(draws.expovariate(1 / 5))) if draws.random() < forgets else 0
    if delay:
        paying.failed.append(due_on)
    settles_all = len(paying.behind) == 1 or draws.random() < 0.55
    for place in paying.behind if settles_all else paying.behind[:1]:
        paying.paid[place] = due_on + timedelta(days=delay)
    paying.behind = [] if settles_all else paying.behind[1:]


def _strain(life: PersonLife, on: date, draws: Random) -> float:
    """The log odds of the life to stop paying, about 0 for an ordinary one."""
    owed = sum(standing(account, on).due_fen for account in life.accounts_on(on))
    burden = owed / max(1, life.income_on(on)) + draws.uniform(0.1, 0.35)
    chance = defaults.propensity(life, on, burden_rate=burden, ltv_rate=draws.uniform(0.4, 0.8))
    return log(chance / (1 - chance)) + 2.6


def _as_of(
    draws: Random, life: PersonLife, instalments: list[Instalment], failed: list[date], begun_on: date, on: date,
) -> LoanRecord:
    """The loan as our books have it on the day."""
    principal = max(2_000_000, int(life.income_on(begun_on) * draws.uniform(4, 12)) // 100_000 * 100_000)
    periods, fallen = len(instalments), [one for one in instalments if one.due_on < on]
    monthly = int(principal * MONTHLY_RATE / (1 - (1 + MONTHLY_RATE) ** -periods))
    open_count = periods - sum(1 for one in fallen if not one.is_open(on))
    left = min(principal, int(monthly * (1 - (1 + MONTHLY_RATE) ** -open_count) / MONTHLY_RATE))
    prepaid = int(left * draws.uniform(0.05, 0.5)) if draws.random() < 0.02 + 0.1 * life.character else 0
    return LoanRecord(
        begun_on=begun_on, principal_fen=principal, principal_left_fen=left - prepaid, instalments=fallen, left=periods - len(fallen),
        next_instalment_fen=monthly, prepaid_fen=prepaid, failed_debits=failed,
        deposit_fen=principal // 20 if draws.random() < 0.2 else 0,
    )


def _somebody(draws: Random, on: date) -> PersonLife:
    born_on = on - timedelta(days=draws.randrange(24 * 365, 57 * 365))
    sex = draws.choice(("male", "male", "female"))
    return person(synthetic.invent_id_number(draws, born_on, sex, draws.choice(PROVINCES)))
