"""The clock of applications over REST."""

from datetime import date, datetime, timedelta
from typing import Any

from django.http import HttpRequest

from chezhe.contracts import permissions
from chezhe.contracts.actions.pause_lane import pause_lane
from chezhe.contracts.actions.resume_lane import resume_lane
from chezhe.contracts.api.contracts import router
from chezhe.contracts.lane import queries
from chezhe.contracts.lane.models import LaneRun
from chezhe.contracts.lane.rules import HOURS
from chezhe.kernel import business_date, clock
from chezhe.kernel.doors import needs
from chezhe.kernel.rest import Fraction, In, Out, Page, Text, page_of


class LaneOut(Out):
    application_number: str
    status: str
    stage: str
    is_prime: bool
    began_at: datetime
    due_at: datetime
    elapsed_seconds: int
    promised_seconds: int
    paused_seconds: int
    ended_at: datetime | None
    is_escalated: bool


class LaneStageOut(Out):
    """Seconds: the middle, nine in ten, and what the stage is given."""

    stage: str
    middle: int | None
    nine_in_ten: int | None
    given: int | None


class LaneWeekOut(Out):
    monday: date
    count: int
    within: int


class LaneFiguresOut(Out):
    """`hours[i]` took up to `edges[i]` hours, the last one longer."""

    count: int
    within: int
    share: Fraction | None
    edges: list[int]
    hours: list[int]
    weeks: list[LaneWeekOut]
    stages: list[LaneStageOut]


class LanePauseIn(In):
    reason: Text[20]
    words: Text[200]


@router.get("/lane", response=Page[LaneOut], summary="Clocks of applications, newest first")
@needs(permissions.VIEW)
def lane(request: HttpRequest, status: str = "", cursor: str = "", limit: int = 50) -> dict[str, Any]:
    rows = queries.runs(request.actor).select_related("application")
    return page_of(rows.filter(status=status) if status else rows, cursor, limit, _run)


@router.get("/lane/figures", response=LaneFiguresOut, summary="How long it took until the money was sent")
@needs(permissions.VIEW)
def lane_figures(
    request: HttpRequest, first: date | None = None, last: date | None = None, prime_only: bool = True,
) -> dict[str, Any]:
    until = last or business_date.current()
    found = queries.figures(request.actor, first or until - timedelta(days=90), until, prime_only=prime_only)
    return {
        "count": found.count, "within": found.within, "share": found.share, "edges": list(HOURS), "hours": found.hours,
        "weeks": [{"monday": monday, "count": count, "within": within} for monday, count, within in found.weeks],
        "stages": [{"stage": stage, "middle": middle, "nine_in_ten": most, "given": given} for stage, middle, most, given in found.stages],
    }


@router.post("/lane/{number}/pause", response=LaneOut, summary="Let the clock stand for a reason of the customer's")
@needs(permissions.PAUSE_LANE)
def pause(request: HttpRequest, number: str, payload: LanePauseIn) -> dict[str, Any]:
    return _run(pause_lane(application_number=number, reason=payload.reason, words=payload.words, by=request.actor))


@router.post("/lane/{number}/resume", response=LaneOut, summary="Let the clock go on")
@needs(permissions.PAUSE_LANE)
def resume(request: HttpRequest, number: str) -> dict[str, Any]:
    return _run(resume_lane(application_number=number, by=request.actor))


def _run(run: LaneRun) -> dict[str, Any]:
    return {
        "application_number": run.application.number, "status": run.status, "stage": run.stage, "is_prime": run.is_prime,
        "began_at": run.began_at, "due_at": run.due_at, "elapsed_seconds": queries.clock_of(run).elapsed(clock.now()),
        "promised_seconds": run.promised_seconds, "paused_seconds": run.paused_seconds, "ended_at": run.ended_at,
        "is_escalated": run.escalated_at is not None,
    }
