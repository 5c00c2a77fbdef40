"""Runs in somebody's reach, and what they add up to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from chezhe.contracts.lane import rules
from chezhe.contracts.lane.choices import OPEN, RUNNING, SENT
from chezhe.contracts.lane.models import LaneRun, LaneSpan
from chezhe.contracts.lane.rules import Clock
from chezhe.contracts.models import Contract, Disbursement
from chezhe.kernel import clock
from chezhe.kernel.actor import Actor
from chezhe.kernel.errors import BusinessError
from chezhe.origination.models import Application

TRACK_SHOWN = 20


class LaneOver(BusinessError):
    code = "lane_over"
    sentence = _("%(number)s 没有在计时：尚未提交，或已放款、已结束。")


@dataclass(frozen=True, slots=True)
class Figures:
    """What runs that ended in a time took. `share` is of those within their promise; a stage has seconds: middle, nine in ten, given."""

    count: int
    within: int
    hours: list[int]
    weeks: list[tuple[date, int, int]]
    stages: list[tuple[str, int | None, int | None, int | None]]

    @property
    def share(self) -> Decimal | None:
        return Decimal(self.within) / self.count if self.count else None


def runs(actor: Actor) -> QuerySet[LaneRun]:
    """Every run in the actor's reach."""
    return LaneRun.objects.visible_to(actor)


def on_the_way(actor: Actor) -> QuerySet[LaneRun]:
    """Those of them whose clock is not over."""
    return runs(actor).filter(status__in=OPEN)


def require_open(number: str, actor: Actor) -> LaneRun:
    """The open run of an application in reach, locked. Raises NotFound (404), LaneOver (409)."""
    application = Application.objects.visible_to(actor).fetch(number)
    run = LaneRun.objects.select_for_update(of=("self",), no_key=True).filter(application=application, status__in=OPEN).first()
    if run is None:
        raise LaneOver(number=number)
    return run


def newest(application: Application) -> LaneRun | None:
    """The run that counts: the last one that began."""
    return LaneRun.objects.filter(application=application).order_by("-id").first()


def track(run: LaneRun) -> list[LaneSpan]:
    """Its stages, oldest first."""
    return list(run.spans.order_by("id")[:TRACK_SHOWN])


def clock_of(row: LaneRun | LaneSpan) -> Clock:
    """What the rules reckon with; a stage stands while its run does."""
    paused_at = row.paused_at if isinstance(row, LaneRun) else None
    return Clock(row.began_at, row.paused_seconds, paused_at, row.ended_at)


def to_escalate(at: datetime) -> list[LaneRun]:
    """Prime runs whose manager has not heard of them and should, locked."""
    rows = LaneRun.objects.select_for_update(of=("self",), no_key=True).select_related("application")
    open_ones = rows.filter(status=RUNNING, is_prime=True, escalated_at__isnull=True).order_by("id")
    late = [run for run in open_ones if rules.is_warned(clock_of(run).elapsed(at), run.promised_seconds) or run.stage_due_at <= at]
    return late


def escalated(actor: Actor) -> QuerySet[LaneRun]:
    """What a manager has to look after."""
    return of_manager(runs(actor))


def of_manager(rows: QuerySet[LaneRun]) -> QuerySet[LaneRun]:
    return rows.filter(status__in=OPEN, escalated_at__isnull=False)


def application_of(news: str, payload: dict[str, str]) -> str:
    """The number of the application that a piece of news of this or a lower room is about; empty for one that is about none."""
    if news.startswith("application."):
        return payload["number"]
    found: Contract | None = None
    if news == "payout.sent" or news.startswith("disbursement."):
        number = payload.get("disbursement") or _disbursement_of(payload.get("reference", ""))
        paid = Disbursement.objects.select_related("contract__application").filter(number=number).first() if number else None
        found = paid.contract if paid else None
    else:
        number = payload.get("number") or payload.get("contract", "")
        found = Contract.objects.select_related("application").filter(number=number).first()
    return found.application.number if found and found.application else ""


def _disbursement_of(reference: str) -> str:
    kind, _colon, rest = reference.partition(":")
    return rest.partition(".")[0] if kind == "disbursement" else ""


# ---- figures --------------------------------------------------------------------------------------------------


def figures(actor: Actor, first: date, last: date, *, prime_only: bool) -> Figures:
    """Of the runs whose money was sent in a span of days."""
    begins, ends = (datetime.combine(day, time.min, clock.SHANGHAI) for day in (first, last + timedelta(days=1)))
    rows = runs(actor).filter(status=SENT, ended_at__gte=begins, ended_at__lt=ends)
    rows = rows.filter(is_prime=True) if prime_only else rows
    seconds = [(int((ended - began).total_seconds()) - paused, promised, ended)
               for began, ended, paused, promised in rows.values_list("began_at", "ended_at", "paused_seconds", "promised_seconds")
               if ended is not None]
    return Figures(
        count=len(seconds), within=sum(took <= promised for took, promised, _ended in seconds),
        hours=rules.histogram(took for took, _promised, _ended in seconds), weeks=_weeks(seconds),
        stages=_stages(rows.values("pk")),
    )


def _weeks(seconds: Sequence[tuple[int, int, datetime]]) -> list[tuple[date, int, int]]:
    """By the Monday of the week in which the money was sent: how many, and how many within their promise."""
    found: dict[date, tuple[int, int]] = {}
    for took, promised, ended in seconds:
        day = ended.astimezone(clock.SHANGHAI).date()
        monday = day - timedelta(days=day.weekday())
        count, within = found.get(monday, (0, 0))
        found[monday] = (count + 1, within + (took <= promised))
    return [(monday, *found[monday]) for monday in sorted(found)]


def _stages(ended: QuerySet[LaneRun, dict[str, int]]) -> list[tuple[str, int | None, int | None, int | None]]:
    took: dict[str, list[int]] = {stage: [] for stage in rules.STAGES}
    given: dict[str, int] = {}
    spans = LaneSpan.objects.filter(run__in=ended, ended_at__isnull=False).order_by("id")
    for stage, began, over, paused, budget in spans.values_list("stage", "began_at", "ended_at", "paused_seconds", "budget_seconds"):
        if over is not None:
            took[stage].append(int((over - began).total_seconds()) - paused)
            given[stage] = budget
    return [(stage, rules.quantile(took[stage], 50), rules.quantile(took[stage], 90), given.get(stage)) for stage in rules.STAGES]
