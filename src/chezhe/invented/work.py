"""What somebody lives on: jobs one after the other, and what they bring."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from datetime import date
from math import exp

from chezhe.invented import words
from chezhe.invented.chance import Chance
from chezhe.invented.months import index, later
from chezhe.invented.troubles import Shock

KINDS = {"salaried": 62, "self_employed": 17, "driver": 11, "freelance": 10}
_MEDIAN_FEN, _BASE_YEAR, _GROWTH = 820_000, 2024, 0.03
_FACTORS = {"salaried": 1.0, "self_employed": 1.25, "driver": 0.95, "freelance": 0.85}
_HARD_TIME_FACTOR = {"salaried": 0.62, "self_employed": 0.5, "driver": 0.55, "freelance": 0.5}


@dataclass(frozen=True, slots=True)
class Job:
    """Work from one day to another (not included). `base_fen` is the monthly income at prices of 2024; `pay_day` the day of the month."""

    kind: str
    employer: str
    phone: str
    from_on: date
    until_on: date
    base_fen: int
    pay_day: int


def jobs(chance: Chance, first: date, last: date, skill: float, inner: float) -> tuple[Job, ...]:
    """A whole working life. Steady people stay longer."""
    draws = chance.stream("jobs")
    kind = chance.pick("work", KINDS)
    level = _MEDIAN_FEN * exp(0.42 * skill) * _FACTORS[kind]
    found: list[Job] = []
    start = first
    while start <= last:
        months = 3 + int(draws.expovariate(1 / (46 * exp(0.3 * inner))))
        until = later(start, min(months, 420))
        found.append(Job(
            kind=kind, employer=words.firm_name(chance, f"employer {len(found)}") if kind == "salaried" else "",
            phone=f"0571-{draws.randrange(10**7, 10**8)}", from_on=start, until_on=until,
            base_fen=int(level * exp(draws.gauss(0, 0.12))) // 1000 * 1000, pay_day=draws.choice((5, 8, 10, 12, 15, 15, 20, 25)),
        ))
        start = later(until, draws.choice((0, 0, 0, 1, 1, 2, 4)))
    return tuple(found)


def job_on(found: tuple[Job, ...], on: date) -> Job | None:
    """The job of a day."""
    at = bisect_right(found, on, key=lambda job: job.from_on) - 1
    return found[at] if at >= 0 and found[at].until_on > on else None


def income_on(found: tuple[Job, ...], shocks: tuple[Shock, ...], on: date) -> int:
    """Monthly income in fen; between two jobs nothing comes but odd work."""
    job = job_on(found, on)
    if job is None:
        return 150_000
    factor = (1 + _GROWTH) ** (on.year - _BASE_YEAR)
    if any(shock.lasts_on(index(on)) for shock in shocks):
        factor *= _HARD_TIME_FACTOR[job.kind]
    return int(job.base_fen * factor) // 100 * 100
