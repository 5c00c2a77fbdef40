"""Asking for a backtest, and what the worker writes down of it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final

from chezhe.kernel import clock, jobs, numbers
from chezhe.kernel.actor import Actor
from chezhe.risk.lab import engines, errors, trying
from chezhe.risk.lab.figures import Parameters
from chezhe.risk.lab.models import INVENTED, PAST, PREFIX, Backtest, ChangedDecision
from chezhe.risk.lab.states import BACKTEST
from chezhe.risk.lab.trying import Trial

RUN: Final = "risk.run_backtest"
CHANGES_MAX: Final = 5_000
ATTEMPTS_MAX: Final = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What is to be tried over which applications: of the period `[from_on, to_on)`, or invented ones."""

    title: str
    trial: Trial
    book: str = PAST
    from_on: date | None = None
    to_on: date | None = None
    engine: str = engines.DUCKDB
    parameters: Parameters = field(default_factory=Parameters)


def ask(question: Question, on: date, *, by: Actor) -> Backtest:
    """Note a backtest and let the worker do it. Raises PeriodEmpty, EngineMissing and what `trying.tried` raises."""
    if question.book != INVENTED and (question.from_on is None or question.to_on is None or question.from_on >= question.to_on):
        raise errors.PeriodEmpty()
    if question.engine == engines.SPARK and not engines.has_spark():
        raise errors.EngineMissing()
    current = trying.in_force(on)
    challenger = trying.tried(question.trial, current)
    is_invented = question.book == INVENTED
    made = Backtest.objects.create(
        number=numbers.next_number(PREFIX, on), title=question.title, branch_id=by.branch_id, owner_id=by.user_id, asked_by_name=by.name,
        asked_at=clock.now(), business_date=on, book=question.book, from_on=None if is_invented else question.from_on,
        to_on=None if is_invented else question.to_on, engine=question.engine, champion=current, challenger=challenger,
        parameters=question.parameters.as_json(),
    )
    jobs.enqueue(RUN, number=made.number)
    return made


def begin(test: Backtest) -> Backtest:
    """A locked backtest is worked on; once more after a worker was lost. One that has ended no worker well fails instead, so that it does
    not end the next one, too. Raises WrongState (409) when it is over."""
    if test.attempts >= ATTEMPTS_MAX:
        return settle(test, Report(trouble="worker_lost"))
    test.status, test.begun_at, test.progress = BACKTEST.require(test.status, "begin"), clock.now(), 0
    test.attempts += 1
    test.save(update_fields=["status", "begun_at", "progress", "attempts"])
    return test


def progressed(number: str, done: int) -> bool:
    """Note how far it is, in percent; False when somebody has cancelled it."""
    return bool(Backtest.objects.filter(number=number, status="running").update(progress=done))


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What the worker found: figures as JSON, how many applications and how many left out, and what changed."""

    result: Mapping[str, Any] = field(default_factory=dict)
    applications: int = 0
    set_aside: int = 0
    changes: Iterable[Mapping[str, Any]] = ()
    trouble: str = ""


def settle(test: Backtest, report: Report) -> Backtest:
    """Write the report of a locked backtest down."""
    verb = "fail" if report.trouble else "finish"
    test.status, test.ended_at, test.trouble = BACKTEST.require(test.status, verb), clock.now(), report.trouble
    test.result, test.applications, test.set_aside = dict(report.result), report.applications, report.set_aside
    test.changed, test.progress = report.result.get("changed", 0), 100
    test.save()
    ChangedDecision.objects.bulk_create(
        [ChangedDecision(backtest=test, place=place, **change) for place, change in enumerate(report.changes)], batch_size=1_000)
    return test


def cancel(test: Backtest) -> Backtest:
    """Nobody needs the answer of a locked backtest any more; the worker stops at its next step."""
    test.status, test.ended_at = BACKTEST.require(test.status, "cancel"), clock.now()
    test.save(update_fields=["status", "ended_at"])
    return test
