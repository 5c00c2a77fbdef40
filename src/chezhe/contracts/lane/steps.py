"""How the clock begins, goes on, stands and ends."""

from __future__ import annotations

from datetime import datetime, timedelta

from chezhe.contracts.lane import rules
from chezhe.contracts.lane.choices import OPEN, PAUSED, RUNNING, SENT, SUPPLEMENT
from chezhe.contracts.lane.models import LanePause, LaneRun, LaneSpan
from chezhe.kernel import business_date, parameters
from chezhe.kernel.actor import Actor
from chezhe.origination.models import Application
from chezhe.risk.deciding import queries as deciding_queries

PRIME_TIER = "A"


def locked(application: Application) -> LaneRun | None:
    """The run that is open, locked; None when there is none."""
    return LaneRun.objects.select_for_update(of=("self",), no_key=True).filter(application=application, status__in=OPEN).first()


def follow(news: str, application: Application, at: datetime, *, by: Actor) -> LaneRun | None:
    """What a piece of news about an application means for its clock; news from before the present stage changes nothing."""
    run = locked(application)
    if run is None:
        run = _again(application, at) if news in rules.COMES_BACK else None
        return run or (_begin(application, at) if news in rules.BEGINS else None)
    span = run.spans.get(ended_at__isnull=True)
    if at < span.began_at:
        return run
    if run.status == PAUSED and news in rules.CUSTOMER_ACTS:
        resume(run, at)
    if news in rules.ENDS:
        return end(run, rules.ENDS[news], at)
    if news == rules.RETURNED:
        return pause(run, SUPPLEMENT, "", at, by=by)
    stage = rules.STAGE_OF.get(news)
    if stage is not None and stage != run.stage:
        _enter(run, stage, at)
    if news in ("application.approved", "application.referred"):
        run.is_prime = _is_prime(application)
        run.save(update_fields=["is_prime"])
    return run


def _begin(application: Application, at: datetime) -> LaneRun:
    promised = parameters.count("LANE_SECONDS", business_date.current())
    budget = budget_of("machine")
    run = LaneRun.objects.create(
        application=application, began_at=at, promised_seconds=promised, due_at=at + timedelta(seconds=promised),
        stage_due_at=at + timedelta(seconds=budget), is_prime=_is_prime(application),
    )
    LaneSpan.objects.create(run=run, stage="machine", began_at=at, budget_seconds=budget)
    return run


def _again(application: Application, at: datetime) -> LaneRun | None:
    """The money has not come through after all: the clock goes on as if it had never stopped."""
    run = LaneRun.objects.select_for_update(of=("self",), no_key=True).filter(application=application, status=SENT).order_by("-id").first()
    if run is None or run.ended_at is None:
        return None
    budget, sent_at = budget_of("payout"), run.ended_at
    run.status, run.stage, run.ended_at = RUNNING, "payout", None
    run.stage_due_at = at + timedelta(seconds=budget)
    run.save(update_fields=["status", "stage", "ended_at", "stage_due_at"])
    LaneSpan.objects.create(run=run, stage="payout", began_at=sent_at, budget_seconds=budget)
    return run


def _enter(run: LaneRun, stage: str, at: datetime) -> None:
    budget = budget_of(stage)
    run.spans.filter(ended_at__isnull=True).update(ended_at=at)
    LaneSpan.objects.create(run=run, stage=stage, began_at=at, budget_seconds=budget)
    run.stage, run.stage_due_at = stage, at + timedelta(seconds=budget)
    run.save(update_fields=["stage", "stage_due_at"])


def end(run: LaneRun, status: str, at: datetime) -> LaneRun:
    """The money is sent, or nothing comes of it; a clock that stands is set going for the moment of its end."""
    if run.status == PAUSED:
        resume(run, at)
    run.spans.filter(ended_at__isnull=True).update(ended_at=at)
    run.status, run.ended_at = status, at
    run.save(update_fields=["status", "ended_at"])
    return run


def pause(run: LaneRun, reason: str, words: str, at: datetime, *, by: Actor) -> LaneRun:
    """Let the clock stand; one that stands already keeps its reason."""
    if run.status == RUNNING:
        LanePause.objects.create(run=run, reason=reason, words=words, began_at=at, by_name=by.name)
        run.status, run.paused_at = PAUSED, at
        run.save(update_fields=["status", "paused_at"])
    return run


def resume(run: LaneRun, at: datetime) -> LaneRun:
    """Let it go on: what is due moves by as long as it stood."""
    assert run.paused_at is not None
    stood = max(0, int((at - run.paused_at).total_seconds()))
    run.pauses.filter(ended_at__isnull=True).update(ended_at=at)
    span = run.spans.get(ended_at__isnull=True)
    span.paused_seconds += stood
    span.save(update_fields=["paused_seconds"])
    run.status, run.paused_at, run.paused_seconds = RUNNING, None, run.paused_seconds + stood
    run.due_at += timedelta(seconds=stood)
    run.stage_due_at += timedelta(seconds=stood)
    run.save(update_fields=["status", "paused_at", "paused_seconds", "due_at", "stage_due_at"])
    return run


def budget_of(stage: str) -> int:
    """Seconds that a stage is given today."""
    return parameters.count(f"LANE_SECONDS_{stage.upper()}", business_date.current())


def _is_prime(application: Application) -> bool:
    decision = deciding_queries.latest(application.subject)
    return decision is not None and decision.tier == PRIME_TIER


