"""Backtests over REST: what a draft would have decided, and how far the worker is."""

from datetime import date, datetime
from decimal import Decimal
from functools import partial
from typing import Any, Literal

from django.http import HttpRequest
from ninja import Router
from pydantic import Field

from chezhe.kernel import business_date
from chezhe.kernel.actor import Actor
from chezhe.kernel.doors import needs
from chezhe.kernel.rest import PAGE_SIZE, Day, In, Out, Page, Rate, Text, page_of
from chezhe.risk import permissions
from chezhe.risk.actions.cancel_backtest import cancel_backtest
from chezhe.risk.actions.start_backtest import start_backtest
from chezhe.risk.api.deciding import NothingToSayIn
from chezhe.risk.lab import comparing, queries
from chezhe.risk.lab.figures import Parameters
from chezhe.risk.lab.models import Backtest, ChangedDecision
from chezhe.risk.lab.steps import Question
from chezhe.risk.lab.trying import Trial
from chezhe.risk.screening.silence import heard

router = Router()


class VersionIn(In):
    """One table that is to be another version: its code and the version's number, for example `tier` and `tier-v3`."""

    table: Text[24]
    number: Text[40]


class BacktestIn(In):
    """The period is `[from_on, to_on)` and not needed for invented applications; what is not told stays as it is in force."""

    title: Text[80]
    versions: list[VersionIn] = Field(default=[], max_length=7)
    model_hash: Text[64] = ""
    book: Literal["past", "invented"] = "past"
    from_on: Day | None = None
    to_on: Day | None = None
    engine: Literal["duckdb", "spark"] = "duckdb"
    lgd: Rate = Decimal("0.45")
    owed_at_default: Rate = Decimal("0.75")
    funding_rate: Rate = Decimal("0.045")
    review_share: Rate = Decimal("0.60")


class BacktestOut(Out):
    """`progress` in percent; `trouble` a code when it failed."""

    number: str
    title: str
    status: str
    book: str
    from_on: date | None
    to_on: date | None
    engine: str
    progress: int
    applications: int
    set_aside: int
    changed: int
    trouble: str
    asked_at: datetime
    ended_at: datetime | None


class SideOut(Out):
    """Figures of one strategy; money in whole fen, estimates."""

    applications: int
    auto_rate: float | None
    approval_rate: float | None
    decline_rate: float | None
    bad_rate: float | None
    tiers: dict[str, int]
    outcomes: dict[str, int]
    amount: int
    interest: int
    funding: int
    expected_loss: int
    profit: int
    unscored: int


class FiguresOut(Out):
    champion: SideOut
    challenger: SideOut
    changed: int


class ChangeOut(Out):
    """One application that would have been decided otherwise; `reasons` are codes."""

    decision: str | None
    outcome: str
    outcome_new: str
    route: str
    route_new: str
    tier: str
    tier_new: str
    reasons: list[str]
    reasons_new: list[str]


_PLAIN = ("number", "title", "status", "book", "from_on", "to_on", "engine", "progress", "applications", "set_aside", "changed", "trouble",
          "asked_at", "ended_at")


def _shape(test: Backtest) -> dict[str, Any]:
    return {name: getattr(test, name) for name in _PLAIN}


def _change(row: ChangedDecision, by: Actor) -> dict[str, Any]:
    names = ("outcome", "outcome_new", "route", "route_new", "tier", "tier_new")
    return {name: getattr(row, name) for name in names} | {
        "reasons": heard(row.reasons, by), "reasons_new": heard(row.reasons_new, by),
        "decision": row.decision.number if row.decision else None,
    }


@router.get("/backtests", response=Page[BacktestOut], summary="Backtests in reach, newest first")
@needs(permissions.VIEW_BACKTEST)
def backtests(request: HttpRequest, cursor: str = "", limit: int = PAGE_SIZE) -> dict[str, Any]:
    return page_of(queries.visible(request.actor), cursor, limit, _shape)


@router.post("/backtests", response={202: BacktestOut}, summary="Have past applications decided again by a draft")
@needs(permissions.START_BACKTEST)
def start(request: HttpRequest, payload: BacktestIn) -> tuple[int, dict[str, Any]]:
    trial = Trial({one.table: one.number for one in payload.versions}, payload.model_hash)
    figures = Parameters(
        lgd=payload.lgd, owed_at_default=payload.owed_at_default, funding_rate=payload.funding_rate, review_share=payload.review_share,
    )
    question = Question(
        title=payload.title, trial=trial, book=payload.book, from_on=payload.from_on, to_on=payload.to_on, engine=payload.engine,
        parameters=figures,
    )
    return 202, _shape(start_backtest(question=question, business_date=business_date.current(), by=request.actor))


@router.get("/backtests/{number}", response=BacktestOut, summary="One backtest and how far it is")
@needs(permissions.VIEW_BACKTEST)
def backtest(request: HttpRequest, number: str) -> dict[str, Any]:
    return _shape(queries.fetch(number, request.actor))


@router.get("/backtests/{number}/figures", response=FiguresOut, summary="Champion and challenger side by side; 404 until it is done")
@needs(permissions.VIEW_BACKTEST)
def figures(request: HttpRequest, number: str) -> dict[str, Any]:
    test = queries.done(number, request.actor)
    return {side: test.result[side] for side in comparing.SIDES} | {"changed": test.changed}


@router.get("/backtests/{number}/changes", response=Page[ChangeOut], summary="What would have been decided otherwise, with reasons")
@needs(permissions.VIEW_BACKTEST)
def changes(request: HttpRequest, number: str, cursor: str = "", limit: int = PAGE_SIZE) -> dict[str, Any]:
    test = queries.fetch(number, request.actor)
    return page_of(queries.changes(test, request.actor), cursor, limit, partial(_change, by=request.actor), newest_first=False)


@router.post("/backtests/{number}/cancel", response=BacktestOut, summary="Stop a backtest")
@needs(permissions.START_BACKTEST)
def cancel(request: HttpRequest, number: str, payload: NothingToSayIn) -> dict[str, Any]:
    return _shape(cancel_backtest(backtest_number=number, by=request.actor))
