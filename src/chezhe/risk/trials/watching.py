"""Whether a running trial is over: a guard is broken, its last day has passed, or it has judged as many applications as were agreed."""

from __future__ import annotations

from datetime import date

from chezhe.kernel import clock
from chezhe.risk.trials import figures, queries, rules
from chezhe.risk.trials.labels import DATE, NUMBER
from chezhe.risk.trials.models import LiveTrial
from chezhe.risk.trials.states import RUNNING


def reason_to_end(trial: LiveTrial, on: date) -> str:
    """Why a trial has to end on a business date, as `over_why` keeps it; empty for no reason. Guards come first."""
    if trial.status != RUNNING:
        return ""
    told = figures.sides(trial, on, clock.now())
    found = rules.broken(trial.guards, told[rules.CHAMPION].standing, told[rules.CHALLENGER].standing)
    if found:
        return found
    if on >= trial.ends_on:
        return DATE
    return NUMBER if queries.is_full(trial) else ""
