"""The business day, its close and the proof of the books, over REST."""

from datetime import date, datetime, timedelta
from typing import Any

from django.http import HttpRequest

from chezhe.kernel import business_date
from chezhe.kernel.doors import needs
from chezhe.kernel.errors import NotFound
from chezhe.kernel.rest import Day, In, Out, Text
from chezhe.servicing import permissions, queries
from chezhe.servicing import proof as proofs
from chezhe.servicing.actions.begin_end_of_day import begin_end_of_day
from chezhe.servicing.actions.open_business_day import open_business_day
from chezhe.servicing.actions.pause_end_of_day import pause_end_of_day
from chezhe.servicing.actions.resume_end_of_day import resume_end_of_day
from chezhe.servicing.api.loans import router
from chezhe.servicing.endofday import proving, runs
from chezhe.servicing.models import EndOfDay, Loan


class DayIn(In):
    day: Day


class DayOut(Out):
    day: date
    loans_due_next: int


class OpenedOut(Out):
    day: date
    touched: int


class EndOfDayIn(In):
    until: Day


class PauseIn(In):
    reason: Text[300] = ""


class EndOfDayOut(Out):
    day: date
    status: str
    until: date
    started_at: datetime
    finished_at: datetime | None
    shards: int
    shards_done: int
    loans: int
    one_by_one: int
    failures: int
    accruals: int
    is_proved: bool
    proved_loans: int
    differences: int
    first_difference: str


class ProofOut(Out):
    checked: int
    differences: list[str]


@router.get("/business-day", response=DayOut, summary="The day the books are in")
@needs(permissions.VIEW)
def day(request: HttpRequest) -> dict[str, Any]:
    today = business_date.current()
    return {"day": today, "loans_due_next": queries.falling_due(today, today + timedelta(days=1)).count()}


@router.post("/business-day", response=OpenedOut, summary="Move the business date forward")
@needs(permissions.OPEN_DAY)
def open_day(request: HttpRequest, payload: DayIn) -> Any:
    return open_business_day(day=payload.day, calendar_day=business_date.horizon(), by=request.actor)


@router.get("/end-of-days/{day}", response=EndOfDayOut, summary="How far the close of a day is, or how it went")
@needs(permissions.END_OF_DAY)
def end_of_day(request: HttpRequest, day: date) -> dict[str, Any]:
    return _end_of_day(EndOfDay.objects.filter(day=day).first(), day)


@router.post("/end-of-days", response={202: EndOfDayOut}, summary="Close every day up to and with one; the workers do it")
@needs(permissions.END_OF_DAY)
def begin_end_of_days(request: HttpRequest, payload: EndOfDayIn) -> tuple[int, dict[str, Any]]:
    return 202, _end_of_day(begin_end_of_day(until=payload.until, calendar_day=business_date.horizon(), by=request.actor), payload.until)


@router.post("/end-of-days/{day}/pause", response=EndOfDayOut, summary="Let no further shard begin")
@needs(permissions.END_OF_DAY)
def pause_day(request: HttpRequest, day: date, payload: PauseIn) -> dict[str, Any]:
    _end_of_day(EndOfDay.objects.filter(day=day).first(), day)
    return _end_of_day(pause_end_of_day(day=day, reason=payload.reason, by=request.actor), day)


@router.post("/end-of-days/{day}/resume", response=EndOfDayOut, summary="Go on, and try failed loans once more")
@needs(permissions.END_OF_DAY)
def resume_day(request: HttpRequest, day: date) -> dict[str, Any]:
    _end_of_day(EndOfDay.objects.filter(day=day).first(), day)
    return _end_of_day(resume_end_of_day(day=day, by=request.actor), day)


def _end_of_day(run: EndOfDay | None, day: date) -> dict[str, Any]:
    if run is None:
        raise NotFound(what=day.isoformat())
    same = ("day", "status", "until", "started_at", "finished_at", "accruals")
    night = proving.night_of(run)
    proved = {"is_proved": night.is_whole, "proved_loans": night.checked, "differences": night.differing,
              "first_difference": night.first_difference}
    return {**{name: getattr(run, name) for name in same}, **runs.totals(run), **proved}


@router.get("/proof", response=ProofOut, summary="Whether rows, folds and ledger agree, of one loan or of all in reach")
@needs(permissions.PROVE)
def proof(request: HttpRequest, loan_number: str = "") -> dict[str, Any]:
    rows = Loan.objects.visible_to(request.actor).select_related("product_version").order_by("id")
    chosen = [rows.fetch(loan_number)] if loan_number else list(rows)
    return {"checked": len(chosen), "differences": list(proofs.differences(chosen))}
