"""How likely a life is to stop paying a car loan. Repayments of the simulation and outcomes of training data are both drawn from it.

It knows what no report says (character, hard times to come, the fortune of a year), so that no model of facts can be right about everybody.
"""

from __future__ import annotations

from datetime import date
from math import exp, log, sin

from chezhe.invented.chance import Chance
from chezhe.invented.months import between, index
from chezhe.invented.people import PersonLife

MONTHS = 12
# Five or six in a hundred of all who come go bad, and one in four comes with odds above a hundred to one.
_BASE, _CHARACTER, _HUNGER, _BURDEN, _LTV, _FORTUNE = -5.9, -1.4, 0.35, 1.3, 1.6, 0.5
_HARD_TIME, _SHORT_JOB, _GAMBLES, _LIES, _FORGES, _RING, _STRANGER = 1.1, 0.35, 0.55, 0.4, 0.7, 1.5, 1.8
_CLIMATE_FROM = 2024 * 12


def propensity(life: PersonLife, on: date, *, burden_rate: float, ltv_rate: float) -> float:
    """The probability (0..1) of being 90 days late within twelve months. `burden_rate` is the true monthly debt with the new instalment
    as a fraction of the true income, `ltv_rate` the loan as a fraction of what the car is really worth."""
    job = life.job_on(on)
    reason = _BASE + _CHARACTER * _spread(life.character) + _HUNGER * life.hunger + climate(on)
    reason += _BURDEN * (min(2.5, burden_rate) - 0.45) + _LTV * (min(1.6, ltv_rate) - 0.6)
    reason += _HARD_TIME * any(shock.lasts_on(month) for shock in life.shocks for month in range(index(on), index(on) + 9, 3))
    reason += _SHORT_JOB * (job is None or between(job.from_on, on) < 6) + _GAMBLES * life.gambles
    reason += _LIES * (life.lies.income_factor > 1.2) + _FORGES * life.lies.forges_statement
    reason += _RING * (life.ring is not None) + _STRANGER * life.lies.borrows_identity
    reason += _FORTUNE * life.chance.normal(f"fortune {on.year}")
    return 1 / (1 + exp(-reason))


def defaults_on(life: PersonLife, on: date, loan: str, *, burden_rate: float, ltv_rate: float) -> bool:
    """Whether this very loan goes bad within twelve months: the same answer for the same `loan` text."""
    rate = propensity(life, on, burden_rate=burden_rate, ltv_rate=ltv_rate)
    return Chance(f"{life.id_number}:{loan}").happens("defaults", rate)


def climate(on: date) -> float:
    """Good and bad times for everybody, in log odds: a slow wave and a slow worsening."""
    month = index(on) - _CLIMATE_FROM
    return 0.16 * sin(month / 5.5) + 0.006 * month


def _spread(character: float) -> float:
    """From 0..1 back to about a standard normal number, without its far ends (logistic)."""
    inside = min(0.995, max(0.005, character))
    return 0.588 * log(inside / (1 - inside))
