"""The business day, its close and the proof of the books, over REST."""

from dataclasses import asdict
from datetime import date, datetime, timedelta
from typing import Any

from django.http import HttpRequest

from chezhe.kernel import business_date
from chezhe.kernel.doors import needs
from chezhe.kernel.errors import NotFound
from chezhe.kernel.rest import PAGE_SIZE, Day, In, Out, Page, Text, Yuan, page_of
from chezhe.kernel.scope import require_whole_house
from chezhe.servicing import permissions, queries
from chezhe.servicing import proof as proofs
from chezhe.servicing.actions.begin_end_of_day import begin_end_of_day
from chezhe.servicing.actions.open_business_day import open_business_day
from chezhe.servicing.actions.pause_end_of_day import pause_end_of_day
from chezhe.servicing.actions.recompute_day import recompute_day
from chezhe.servicing.actions.resume_end_of_day import resume_end_of_day
from chezhe.servicing.api.loans import router
from chezhe.servicing.endofday import carry, faults, progress, proving, runs
from chezhe.servicing.models import EndOfDay, Loan, Recomputation


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


class StepOut(Out):
    name: str
    state: str
    at: datetime | None
    figure: int | None


class FaultOut(Out):
    part: str
    shard: int | None
    attempts: int
    code: str
    reason: str
    failed_at: datetime


class TurnedOut(Out):
    """How many loans fell due, became overdue, were cured, and moved to another bucket."""

    due: int = 0
    overdue: int = 0
    cured: int = 0
    moved: int = 0


class CarryOut(Out):
    """Interest of a product at a branch by the evening of the last close: `earned` in yuan and `carried` in fen are rounded down to the
    shown digits; `exact` is the fraction of fen itself."""

    product: str
    branch: str
    earned: str
    posted: Yuan
    carried: str
    exact: str


class EndOfDayDetailOut(EndOfDayOut):
    accrual_carry: list[CarryOut]
    loans_expected: int
    seconds_working: float
    loans_per_second: int
    seconds_left: float | None
    turned: TurnedOut
    steps: list[StepOut]
    faults: list[FaultOut]


class FailureOut(Out):
    loan_number: str
    code: str
    reason: str
    failed_at: datetime


class LearntOut(Out):
    reference: str
    value_on: date
    posted_on: date
    is_taken_back: bool


class DifferenceOut(Out):
    number: str
    column: str
    kept: str
    again: str
    learnt: list[LearntOut]


class RecomputationIn(In):
    loan_number: str = ""


class RecomputationOut(Out):
    day: date
    loan_number: str
    asked_at: datetime
    asked_by: str
    done_at: datetime | None
    loans: int
    wrong_count: int
    news_count: int
    wrong: list[DifferenceOut]
    news: list[DifferenceOut]
    fault: str


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


@router.get("/end-of-days", response=Page[EndOfDayOut], summary="Every close of a day, newest first")
@needs(permissions.END_OF_DAY)
def end_of_days(request: HttpRequest, status: str = "", cursor: str = "", limit: int = PAGE_SIZE) -> dict[str, Any]:
    rows = EndOfDay.objects.filter(status=status) if status else EndOfDay.objects.all()
    found = page_of(rows, cursor, limit, lambda run: run)
    several = found["items"]
    totals, nights = runs.totals_of(several), proving.nights_of(several)
    return {**found, "items": [_run(run, totals[run.pk], nights.get(run.pk, proving.Night())) for run in several]}


@router.get("/end-of-days/{day}", response=EndOfDayDetailOut, summary="How far the close of a day is, step by step, or how it went")
@needs(permissions.END_OF_DAY)
def end_of_day(request: HttpRequest, day: date) -> dict[str, Any]:
    run = _found(day)
    totals, standing, night = runs.totals(run), faults.standing_of(run), proving.night_of(run)
    now = progress.of(run, totals)
    return {
        **_run(run, totals, night), "loans_expected": now.expected, "seconds_working": round(now.seconds, 1),
        "loans_per_second": now.per_second, "seconds_left": now.seconds_left and round(now.seconds_left, 1),
        "turned": runs.turned(run), "accrual_carry": [_carry(row) for row in carry.of_books() if row.closed_on == run.day],
        "steps": [asdict(step) for step in progress.steps_of(run, now, standing, night)], "faults": standing,
    }


@router.get("/end-of-days/{day}/failures", response=Page[FailureOut], summary="Loans that could not be brought along, and why")
@needs(permissions.END_OF_DAY)
def failures_of_day(request: HttpRequest, day: date, cursor: str = "", limit: int = PAGE_SIZE) -> dict[str, Any]:
    return page_of(runs.failures_of(request.actor).filter(run=_found(day)), cursor, limit, lambda one: {
        "loan_number": one.loan.number, "code": one.code, "reason": one.reason, "failed_at": one.failed_at})


@router.post("/end-of-days/{day}/recomputation", response={202: RecomputationOut}, summary="Compute a closed day again; the worker does it")
@needs(permissions.END_OF_DAY)
def recompute(request: HttpRequest, day: date, payload: RecomputationIn | None = None) -> tuple[int, dict[str, Any]]:
    """One loan alone with its number; all of them without."""
    _found(day)
    return 202, _recomputation(recompute_day(day=day, loan_number=payload.loan_number if payload else "", by=request.actor))


@router.get("/end-of-days/{day}/recomputation", response=RecomputationOut, summary="What computing a closed day again found")
@needs(permissions.END_OF_DAY)
def recomputation(request: HttpRequest, day: date) -> dict[str, Any]:
    run = _found(day)
    require_whole_house(request.actor)
    found = run.recomputations.first()
    if found is None:
        raise NotFound(what=day.isoformat())
    return _recomputation(found)


def _recomputation(found: Recomputation) -> dict[str, Any]:
    same = ("asked_at", "done_at", "loans", "wrong_count", "news_count", "wrong", "news", "fault")
    told = {"day": found.run.day, "loan_number": found.number, "asked_by": found.asked_by_name}
    return {**{name: getattr(found, name) for name in same}, **told}


@router.post("/end-of-days", response={202: EndOfDayOut}, summary="Close every day up to and with one; the workers do it")
@needs(permissions.END_OF_DAY)
def begin_end_of_days(request: HttpRequest, payload: EndOfDayIn) -> tuple[int, dict[str, Any]]:
    return 202, _end_of_day(begin_end_of_day(until=payload.until, calendar_day=business_date.horizon(), by=request.actor))


@router.post("/end-of-days/{day}/pause", response=EndOfDayOut, summary="Let no further shard begin")
@needs(permissions.END_OF_DAY)
def pause_day(request: HttpRequest, day: date, payload: PauseIn) -> dict[str, Any]:
    _found(day)
    return _end_of_day(pause_end_of_day(day=day, reason=payload.reason, by=request.actor))


@router.post("/end-of-days/{day}/resume", response=EndOfDayOut, summary="Go on, and try failed loans once more")
@needs(permissions.END_OF_DAY)
def resume_day(request: HttpRequest, day: date) -> dict[str, Any]:
    _found(day)
    return _end_of_day(resume_end_of_day(day=day, by=request.actor))


def _carry(row: carry.Carry) -> dict[str, Any]:
    return {
        "product": row.product, "branch": row.branch, "earned": str(carry.in_yuan(row.earned)), "posted": row.posted,
        "carried": str(carry.in_fen(row.carried)), "exact": str(row.earned),
    }


def _found(day: date) -> EndOfDay:
    run = runs.standing(day)
    if run is None:
        raise NotFound(what=day.isoformat())
    return run


def _end_of_day(run: EndOfDay) -> dict[str, Any]:
    return _run(run, runs.totals(run), proving.night_of(run))


def _run(run: EndOfDay, totals: dict[str, Any], night: proving.Night) -> dict[str, Any]:
    same = ("day", "status", "until", "started_at", "finished_at", "accruals")
    proved = {"is_proved": night.is_whole, "proved_loans": night.checked, "differences": night.differing,
              "first_difference": night.first_difference}
    return {**{name: getattr(run, name) for name in same}, **totals, **proved}


@router.get("/proof", response=ProofOut, summary="Whether rows, folds and ledger agree, of one loan or of all in reach")
@needs(permissions.PROVE)
def proof(request: HttpRequest, loan_number: str = "") -> dict[str, Any]:
    rows = Loan.objects.visible_to(request.actor).select_related("product_version").order_by("id")
    chosen = [rows.fetch(loan_number)] if loan_number else list(rows)
    return {"checked": len(chosen), "differences": list(proofs.differences(chosen))}
