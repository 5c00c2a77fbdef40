"""Live trials over REST: write one, let two people decide, compare its arms, stop it."""

from datetime import date, datetime
from typing import Any, Literal

from django.http import HttpRequest
from ninja import Router, Status
from pydantic import Field

from chezhe.finmath.money import Money
from chezhe.kernel import business_date, clock
from chezhe.kernel.doors import needs
from chezhe.kernel.rest import PAGE_SIZE, Day, Fraction, In, Out, Page, Rate, Text, Whole, Yuan, page_of
from chezhe.risk.actions.discard_live_trial import discard_live_trial
from chezhe.risk.actions.draft_live_trial import draft_live_trial
from chezhe.risk.actions.edit_live_trial import edit_live_trial
from chezhe.risk.actions.stop_live_trial import stop_live_trial
from chezhe.risk.actions.submit_live_trial import submit_live_trial
from chezhe.risk.actions.withdraw_live_trial import withdraw_live_trial
from chezhe.risk.api.deciding import NothingToSayIn
from chezhe.risk.api.lab import VersionIn
from chezhe.risk.trials import comparing, figures, measuring, permissions, queries
from chezhe.risk.trials.figures import Side
from chezhe.risk.trials.models import LiveTrial
from chezhe.risk.trials.planning import HYPOTHESIS_MAX, TITLE_MAX, Plan
from chezhe.risk.trials.rules import ARMS, CHALLENGER, CHAMPION

router = Router()


class LiveTrialIn(In):
    """The period is `[begins_on, ends_on)`; `share` is the challenger's, a fraction above 0 and at most 0.5. A table or model that is not
    told stays as it is in force; a guard that is not told is not watched."""

    title: Text[TITLE_MAX]
    hypothesis: Text[HYPOTHESIS_MAX]
    purpose: Literal["person", "company"] = "person"
    versions: list[VersionIn] = Field(default=[], max_length=7)
    model_number: Text[40] = ""
    share: Rate
    begins_on: Day
    ends_on: Day
    applications_max: Whole | None = None
    approval_gap_max: Rate | None = None
    applications_min: Whole = 50
    bad_rate_max: Rate | None = None
    loans_min: Whole = 30


class LiveTrialOut(Out):
    """`versions` names the version of every table that the challenger has of its own; `hashes` what was kept of them when the trial was
    handed in. `over_why`: person, date, number, approval_gap or bad_rate."""

    number: str
    title: str
    hypothesis: str
    status: str
    purpose: str
    versions: dict[str, str]
    hashes: dict[str, str]
    model_number: str
    share: Fraction
    begins_on: date
    ends_on: date
    applications_max: int | None
    approval_gap_max: Fraction | None
    applications_min: int
    bad_rate_max: Fraction | None
    loans_min: int
    request_number: str
    drafted_at: datetime
    began_at: datetime | None
    over_at: datetime | None
    over_why: str


class TrialSideOut(Out):
    """One arm: every application once, by its first decision in the trial; `bad` and `known` are of the loans paid out."""

    applications: int
    decisions: int
    outcomes: dict[str, int]
    tiers: dict[str, int]
    price_mean: float | None
    amount_max_mean: Yuan | None
    loans: int
    paid: Yuan
    known: int
    bad: int


class TrialDifferenceOut(Out):
    """Challenger minus champion: fractions for rates and price, fen for amounts, with the bounds of the 95 % interval; `more`
    applications, about, would tell such a difference apart."""

    figure: str
    difference: float | None
    low: float | None
    high: float | None
    is_told_apart: bool
    more: int | None


class TrialFiguresOut(Out):
    """`split_chance`: how likely a split at least so far from the agreed one is by chance; null while there are too few to say.
    `backtest`: the newest that tried exactly the same, empty where nobody ran one."""

    champion: TrialSideOut
    challenger: TrialSideOut
    differences: list[TrialDifferenceOut]
    split_chance: float | None
    backtest: str


class TrialReasonIn(In):
    reason: Text[1000]


_PLAIN = ("number", "title", "hypothesis", "status", "purpose", "versions", "begins_on", "ends_on", "applications_max", "approval_gap_max",
          "applications_min", "bad_rate_max", "loans_min", "request_number", "drafted_at", "began_at", "over_at", "over_why")


def _shape(trial: LiveTrial) -> dict[str, Any]:
    return {name: getattr(trial, name) for name in _PLAIN} | {
        "share": trial.agreed_share, "model_number": trial.model.number if trial.model else "",
        "hashes": {row.table: row.content_hash for row in trial.tables.all() if row.submission == trial.submission},
    }


def _plan(payload: LiveTrialIn) -> Plan:
    told = {name: getattr(payload, name) for name in LiveTrialIn.model_fields}
    return Plan(**told | {"versions": {one.table: one.number for one in payload.versions}})


def _side(side: Side) -> dict[str, Any]:
    return {
        "applications": side.applications, "decisions": side.decisions, "outcomes": side.outcomes, "tiers": side.tiers,
        "price_mean": side.price.mean if side.price.count else None,
        "amount_max_mean": Money(round(side.amount_max.mean)) if side.amount_max.count else None, "loans": side.paid.count,
        "paid": Money(side.paid_fen), "known": side.known, "bad": side.bad,
    }


@router.get("/live-trials", response=Page[LiveTrialOut], summary="Every live trial, newest first")
@needs(permissions.VIEW_TRIALS)
def trials(request: HttpRequest, status: str = "", cursor: str = "", limit: int = PAGE_SIZE) -> dict[str, Any]:
    rows = queries.with_tables()
    return page_of(rows.filter(status=status) if status else rows, cursor, limit, _shape)


@router.post("/live-trials", response={201: LiveTrialOut}, summary="Write a trial down; it judges nobody yet")
@needs(permissions.WRITE_TRIALS)
def draft(request: HttpRequest, payload: LiveTrialIn) -> Status[dict[str, Any]]:
    return Status(201, _shape(draft_live_trial(plan=_plan(payload), business_date=business_date.current(), by=request.actor)))


@router.get("/live-trials/{number}", response=LiveTrialOut, summary="One trial")
@needs(permissions.VIEW_TRIALS)
def trial(request: HttpRequest, number: str) -> dict[str, Any]:
    return _shape(queries.called(number))


@router.post("/live-trials/{number}/edit", response=LiveTrialOut, summary="Write a draft anew")
@needs(permissions.WRITE_TRIALS)
def edit(request: HttpRequest, number: str, payload: LiveTrialIn) -> dict[str, Any]:
    return _shape(edit_live_trial(
        live_trial_number=number, plan=_plan(payload), business_date=business_date.current(), by=request.actor))


@router.post("/live-trials/{number}/submit", response=LiveTrialOut, summary="Keep what is tried, and ask a second person to let it begin")
@needs(permissions.WRITE_TRIALS)
def submit(request: HttpRequest, number: str, payload: NothingToSayIn) -> dict[str, Any]:
    return _shape(submit_live_trial(live_trial_number=number, business_date=business_date.current(), by=request.actor))


@router.post("/live-trials/{number}/withdraw", response=LiveTrialOut, summary="Take back what was asked for")
@needs(permissions.WRITE_TRIALS)
def withdraw(request: HttpRequest, number: str, payload: NothingToSayIn) -> dict[str, Any]:
    return _shape(withdraw_live_trial(live_trial_number=number, by=request.actor))


@router.post("/live-trials/{number}/discard", response=LiveTrialOut, summary="Give a draft up")
@needs(permissions.WRITE_TRIALS)
def discard(request: HttpRequest, number: str, payload: NothingToSayIn) -> dict[str, Any]:
    return _shape(discard_live_trial(live_trial_number=number, by=request.actor))


@router.post("/live-trials/{number}/stop", response=LiveTrialOut, summary="Stop a trial at once")
@needs(permissions.STOP_TRIAL)
def stop(request: HttpRequest, number: str, payload: TrialReasonIn) -> dict[str, Any]:
    return _shape(stop_live_trial(live_trial_number=number, reason=payload.reason, by=request.actor))


@router.get("/live-trials/{number}/figures", response=TrialFiguresOut, summary="Both arms side by side, and how far they can be told apart")
@needs(permissions.VIEW_TRIALS)
def compared(request: HttpRequest, number: str) -> dict[str, Any]:
    found = queries.called(number)
    share, sides = float(found.agreed_share), figures.sides(found, business_date.current(), clock.now())
    one, other, test = sides[CHAMPION], sides[CHALLENGER], queries.backtest_of(found)
    return {arm: _side(sides[arm]) for arm in ARMS} | {
        "differences": [_difference(figure, other.applications, share) for figure in comparing.figures(one, other)],
        "split_chance": measuring.split_chance(one.applications, other.applications, share),
        "backtest": test.number if test else "",
    }


def _difference(figure: comparing.Figure, applications: int, share: float) -> dict[str, Any]:
    found, more = comparing.measured(figure, applications, share)
    interval = found.interval if found else None
    return {
        "figure": figure.code, "difference": found.value if found else None, "low": interval.low if interval else None,
        "high": interval.high if interval else None, "is_told_apart": bool(found and found.is_told_apart), "more": more,
    }
