"""The worker's doors: verdicts count when their time has come, and requests that nobody can decide are found."""

from __future__ import annotations

from datetime import timedelta

from django.utils import translation

from chezhe.approvals import holding, seats
from chezhe.approvals import queries as approval_queries
from chezhe.approvals.actions.apply_verdict import apply_verdict
from chezhe.approvals.actions.check_request_people import check_request_people
from chezhe.kernel import clock, jobs
from chezhe.kernel.actor import SYSTEM
from chezhe.kernel.errors import WrongState
from chezhe.kernel.jobs import job

# A verdict that waits for longer has lost its job.
LOST_AFTER = timedelta(minutes=2)


@job(holding.JOB)
def apply(held: int, language: str) -> None:
    """Let one held verdict count; running it again changes nothing. A refusal is worded as its giver reads."""
    with translation.override(language or None):
        apply_verdict(held_id=held, by=SYSTEM)


@job("approvals.apply_forgotten", queue="upkeep", every=timedelta(minutes=5))
def apply_forgotten() -> int:
    """The net under the job above; returns how many were taken up."""
    found = list(approval_queries.forgotten(clock.now() - LOST_AFTER).values_list("pk", flat=True))
    for pk in found:
        jobs.enqueue(holding.JOB, held=pk, language="")
    return len(found)


@job("approvals.find_stuck", queue="upkeep", every=timedelta(minutes=5))
def find_stuck() -> int:
    """Say aloud which requests nobody can decide any more, and which can be again; returns how many changed."""
    numbers = list(seats.changed(clock.today()))
    for number in numbers:
        try:
            check_request_people(request_number=number, by=SYSTEM)
        except WrongState:
            continue  # decided meanwhile
    return len(numbers)
