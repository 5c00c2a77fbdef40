"""Whom the B-card and the early warning are watched by: customers as they were scored, and the arrears that servicing told of since."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime, time, timedelta
from typing import Final

from django.utils.translation import gettext_noop

from chezhe.finmath.days import month_step
from chezhe.kernel import parameters
from chezhe.kernel.clock import SHANGHAI
from chezhe.risk.facts.catalogue import CATALOGUE
from chezhe.risk.facts.models import Fact
from chezhe.risk.profiles import scoring
from chezhe.risk.profiles.behaviour import FEATURES, LATE_DAYS
from chezhe.risk.profiles.choices import LATE as LATE_NOW
from chezhe.risk.profiles.generating import BAD, LATE
from chezhe.risk.profiles.models import BehaviourScore
from chezhe.risk.registry import evidence, purposes
from chezhe.risk.registry.evidence import Period, Seen
from chezhe.risk.registry.purposes import Looked, Purpose

SCORES_MAX: Final = 5000
SOURCE: Final = "ledger"
# What each model forecasts: so many days late, within such a time of the score.
BAD_DAYS: Final = 90
WARNED_FOR: Final = timedelta(days=90)
DPD: Final = "behaviour_dpd_now"
NAMES: Final = {"behaviour": gettext_noop("随系统提供的行为评分卡"), "warning": gettext_noop("随系统提供的预警模型")}


def register() -> None:
    """Called once at start-up."""
    purposes.register(_purpose("behaviour", "points", BAD, BAD_DAYS, lambda day: month_step(day, 12, day.day)))
    purposes.register(_purpose("warning", "rate", LATE, LATE_DAYS, lambda day: day + WARNED_FOR))


def _purpose(code: str, figure: str, target: str, late_days: int, until: Callable[[date], date]) -> Purpose:
    def recent(on: date) -> Looked:
        period = evidence.recent(on)
        return Looked(period, [Seen(scoring.given(row.facts)) for row in _scored(period)])

    def matured(on: date, known_at: datetime) -> Looked:
        last = on - (until(on) - on)
        months = parameters.count(evidence.COHORT_MONTHS, on)
        period = Period(month_step(last, -months, last.day), last)
        return Looked(period, _ended(_scored(period), late_days, until, known_at))

    inputs = {name: CATALOGUE[name] for name in FEATURES}
    return Purpose(
        code=code, inputs=inputs, recent=recent, matured=matured, figure=figure, shipped=scoring.SHIPPED / code, name=NAMES[code],
        forecasts=(target,))


def _scored(period: Period) -> list[BehaviourScore]:
    """The newest score of each customer in a period; of who was thirty days late already the models forecast nothing."""
    rows = BehaviourScore.objects.filter(on__gte=period.first, on__lte=period.last).exclude(level=LATE_NOW).exclude(facts={})
    newest = rows.order_by("customer_id", "-id").distinct("customer_id").select_related("customer").only(
        "on", "scored_at", "facts", "customer__number")
    return list(newest[:SCORES_MAX])


def _ended(rows: Sequence[BehaviourScore], late_days: int, until: Callable[[date], date], known_at: datetime) -> list[Seen]:
    """Those of whom servicing told anything after their score: 1 for who was told of as so late in time, 0 for who was not."""
    told = _told([row.customer.subject for row in rows], min((row.scored_at for row in rows), default=known_at), known_at)
    found = []
    for row in rows:
        limit = datetime.combine(until(row.on), time.max, SHANGHAI)
        later = [(at, days) for at, days in told.get(row.customer.subject, []) if at > row.scored_at]
        if later:
            is_bad = any(days >= late_days for at, days in later if at <= limit)
            found.append(Seen(scoring.given(row.facts), float(is_bad)))
    return found


def _told(subjects: Iterable[str], since: datetime, known_at: datetime) -> dict[str, list[tuple[datetime, int]]]:
    """By subject when arrears were told, and of how many days; of whose loans are over none are told."""
    rows = Fact.objects.filter(
        subject__in=list(subjects), code=DPD, source=SOURCE, known_at__gt=since, known_at__lte=known_at, value__isnull=False)
    found: dict[str, list[tuple[datetime, int]]] = {}
    for subject, days, at in rows.values_list("subject", "value", "known_at"):
        found.setdefault(subject, []).append((at, int(days)))
    return found
