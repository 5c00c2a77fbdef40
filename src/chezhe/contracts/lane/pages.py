"""View-models of the clock: the ring, the stages of one run, and the charts of many."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from chezhe.contracts.lane import queries, rules
from chezhe.contracts.lane.choices import LEFT, PAUSED, REASONS, RUNNING, SENT, STAGES, STATUSES
from chezhe.contracts.lane.models import LaneRun
from chezhe.contracts.lane.queries import Figures
from chezhe.kernel import clock
from chezhe.ui.charts import Chart, Series
from chezhe.ui.parts import Sla, span
from chezhe.ui.status import Status

_TONES = {RUNNING: "info", PAUSED: "neutral", SENT: "good", LEFT: "neutral"}
SHOWN = {code: Status(label, _TONES[code]) for code, label in STATUSES}
STAGE_LABELS = dict(STAGES)
REASON_LABELS = dict(REASONS)


@dataclass(frozen=True, slots=True)
class Stage:
    """One stage of a run: how long it took, what it was given, whether that was too little."""

    label: Any
    took: str
    given: str
    is_over_budget: bool
    is_now: bool


@dataclass(frozen=True, slots=True)
class Standing:
    """A run as its panel shows it."""

    run: LaneRun
    status: Status
    ring: Sla | None
    took: str
    stages: list[Stage]
    reason: Any
    words: str

    @property
    def is_open(self) -> bool:
        return self.run.status in (RUNNING, PAUSED)


def ring_of(run: LaneRun, at: datetime) -> Sla | None:
    """Time left of what was promised; None for a run that is over."""
    if run.ended_at is not None:
        return None
    left = timedelta(seconds=run.promised_seconds - queries.clock_of(run).elapsed(at))
    return Sla(left, timedelta(seconds=run.promised_seconds), _("等待客户") if run.status == PAUSED else "")


def ring_html(run: LaneRun, at: datetime) -> Any:
    """The ring for a list cell; nothing is left of what is over."""
    ring = ring_of(run, at)
    return render_to_string("contracts/lane_ring.html", {"sla": ring}) if ring else "—"


def took(run: LaneRun, at: datetime) -> str:
    return span(timedelta(seconds=queries.clock_of(run).elapsed(at)))


def standing(run: LaneRun) -> Standing:
    at = clock.now()
    now = run.pauses.filter(ended_at__isnull=True).first()
    stages = []
    for one in queries.track(run):
        until = run.paused_at if one.ended_at is None and run.paused_at else at
        seconds = queries.clock_of(one).elapsed(until)
        stages.append(Stage(
            STAGE_LABELS[one.stage], span(timedelta(seconds=seconds)), span(timedelta(seconds=one.budget_seconds)),
            seconds > one.budget_seconds, one.ended_at is None,
        ))
    return Standing(
        run, SHOWN[run.status], ring_of(run, at), took(run, at), stages, REASON_LABELS[now.reason] if now else "", now.words if now else "",
    )


# ---- charts ---------------------------------------------------------------------------------------------------


def charts(found: Figures) -> list[Chart]:
    """How long it took, how many within the promise, and where the time went."""
    edges = [pgettext("lane", "%(hours)s 小时内") % {"hours": hours} for hours in rules.HOURS]
    source, at = _("办理时限记录"), clock.now()
    return [
        Chart(
            id="lane-hours", kind="bar", title=_("自提交到放款用时"), categories=[*edges, _("更久")],
            series=[Series(_("笔数"), found.hours)], category_label=_("用时"), source=source, refreshed_at=at,
        ),
        Chart(
            id="lane-share", kind="line", title=_("按时放款占比"), measure="rate",
            categories=[f"{monday:%m-%d}" for monday, *_rest in found.weeks],
            series=[Series(_("按时占比"), [Decimal(within) / count for _monday, count, within in found.weeks])],
            category_label=_("周（周一）"), source=source, refreshed_at=at,
        ),
        Chart(
            id="lane-stages", kind="bar", title=_("各环节用时（分钟）"),
            categories=[str(STAGE_LABELS[stage]) for stage, *_rest in found.stages],
            series=[
                Series(_("中位数"), [_minutes(middle) for _stage, middle, _most, _given in found.stages]),
                Series(_("九成以内"), [_minutes(most) for _stage, _middle, most, _given in found.stages]),
                Series(_("给定时限"), [_minutes(given) for _stage, _middle, _most, given in found.stages], kind="line"),
            ],
            category_label=_("环节"), source=source, refreshed_at=at,
        ),
    ]


def _minutes(seconds: int | None) -> int | None:
    return None if seconds is None else round(seconds / 60)
