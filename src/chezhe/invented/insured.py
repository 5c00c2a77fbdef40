"""Social insurance and housing fund of a life (社保、公积金): who pays in on which base, and for how many months without a gap."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from chezhe.invented import fates
from chezhe.invented.months import first_day, index
from chezhe.invented.people import PersonLife
from chezhe.invented.work import Job

EMPLOYEE, FLEXIBLE = "employee", "flexible"
# Bounds of the base in the insurance year from July 2024, in fen; they rise every July.
_FLOOR_FEN, _CEILING_FEN, _FUND_FLOOR_FEN, _FUND_CEILING_FEN, _RISE, _SINCE_YEAR = 481_200, 2_493_000, 249_000, 3_953_000, 0.03, 2024
_JULY, _PAID_BY_DAY = 7, 20
MONTHS_SEEN, _MONTHS_SEARCHED = 120, 60
_TRIAL_MONTHS = 3
# What employers do: pay in on the whole wage, on a part of it, or on as little as they may.
_HABITS = {"whole": 62, "part": 23, "floor": 15}
_DISPATCHED_RATE, _FLEXIBLE_RATE, _AFTER_TRIAL_RATE, _UNPAID_RATE, _NO_FUND_RATE = 0.08, 0.22, 0.18, 0.004, 0.12
AGENCY = "示例人力资源服务有限公司"


@dataclass(frozen=True, slots=True)
class Bounds:
    """The least and the most that may be paid in on, in fen a month."""

    floor_fen: int
    ceiling_fen: int

    def within(self, fen: int) -> int:
        return min(self.ceiling_fen, max(self.floor_fen, fen))


@dataclass(frozen=True, slots=True)
class Insured:
    """As it stands on a day: `last_month` (an index of months) was paid last, `months` up to it without a gap. Without a fund account
    `fund_base_fen` is None."""

    kind: str
    employer: str
    base_fen: int
    bounds: Bounds
    last_month: int
    months: int
    fund_base_fen: int | None


def bounds_on(on: date) -> Bounds:
    """Bounds of social insurance on a day."""
    return _bounds(on, _FLOOR_FEN, _CEILING_FEN)


def fund_bounds_on(on: date) -> Bounds:
    """Bounds of the housing fund on a day."""
    return _bounds(on, _FUND_FLOOR_FEN, _FUND_CEILING_FEN)


def insured_on(life: PersonLife, on: date) -> Insured | None:
    """How a life is insured on a day; None for somebody for whom nothing was paid in for years, or ever."""
    newest = index(on) - (on.day < _PAID_BY_DAY)
    last = next((month for month in range(newest, newest - _MONTHS_SEARCHED, -1) if _paid_job(life, month)), None)
    job = None if last is None else _paid_job(life, last)
    if last is None or job is None:
        return None
    months = 1
    while months < MONTHS_SEEN and _paid_job(life, last - months):
        months += 1
    day = first_day(last)
    if job.kind != "salaried":
        return Insured(FLEXIBLE, "", bounds_on(day).floor_fen, bounds_on(day), last, months, None)
    asked = _asked_for(life, job, last)
    has_fund = _is_model(life) or not life.chance.happens(f"no fund {job.from_on}", _NO_FUND_RATE)
    return Insured(
        EMPLOYEE, _payer(life, job), bounds_on(day).within(asked), bounds_on(day), last, months,
        fund_bounds_on(day).within(asked) if has_fund else None)


def _bounds(on: date, floor: int, ceiling: int) -> Bounds:
    factor = (1 + _RISE) ** (_fixed_in(on.year, on.month) - _SINCE_YEAR)
    return Bounds(int(floor * factor) // 100 * 100, int(ceiling * factor) // 100 * 100)


def _fixed_in(year: int, month: int) -> int:
    """The year in whose July the base of a month was fixed."""
    return year if month >= _JULY else year - 1


def _asked_for(life: PersonLife, job: Job, month: int) -> int:
    """What the employer would pay in on, fixed in July or with the first wage; never more than the wage of that day."""
    day = first_day(month)
    fixed_on = max(date(_fixed_in(day.year, day.month), _JULY, 1), job.from_on)
    wage, chance = life.income_on(fixed_on), life.chance
    habit = "whole" if _is_model(life) else chance.pick(f"insures {job.from_on}", _HABITS)
    share = {"whole": 1.0, "part": 0.6 + 0.3 * chance.share(f"part {job.from_on}"), "floor": 0.0}[habit]
    return int(wage * share) // 100 * 100


def _paid_job(life: PersonLife, month: int) -> Job | None:
    """The work of a month for which something was paid in."""
    job, chance = life.job_on(first_day(month).replace(day=15)), life.chance
    if job is None:
        return None
    if job.kind != "salaried":
        # Whoever is a case to try the product by is known everywhere.
        return job if life.fate.code or chance.happens("insures himself", _FLEXIBLE_RATE) else None
    if _is_model(life):
        return job
    in_trial = month - index(job.from_on) < _TRIAL_MONTHS and chance.happens(f"after trial {job.from_on}", _AFTER_TRIAL_RATE)
    return None if in_trial or chance.happens(f"unpaid {month}", _UNPAID_RATE) else job


def _payer(life: PersonLife, job: Job) -> str:
    """Some are hired out: the agency pays in, and another company is worked for."""
    is_dispatched = not _is_model(life) and life.chance.happens(f"dispatched {job.from_on}", _DISPATCHED_RATE)
    return AGENCY if is_dispatched else job.employer


def _is_model(life: PersonLife) -> bool:
    return life.fate.code == fates.GOOD
