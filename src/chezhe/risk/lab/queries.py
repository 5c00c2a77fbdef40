"""Finding backtests and what they would have changed."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Q, QuerySet
from django.db.models.functions import Coalesce

from chezhe.kernel import jobs
from chezhe.kernel.actor import Actor
from chezhe.kernel.errors import NotFound
from chezhe.risk.deciding.models import Decision
from chezhe.risk.lab.models import Backtest, ChangedDecision
from chezhe.risk.lab.steps import RUN

OPEN = ("queued", "running")


def visible(actor: Actor) -> QuerySet[Backtest]:
    """The backtests in reach, without their figures."""
    return Backtest.objects.visible_to(actor).defer("champion", "challenger", "parameters", "result")


def fetch(number: str, actor: Actor) -> Backtest:
    """One backtest; raises NotFound (404) also out of reach."""
    return Backtest.objects.visible_to(actor).fetch(number)


def changes(test: Backtest, actor: Actor) -> QuerySet[ChangedDecision]:
    """What the draft would have decided otherwise, of applications in the actor's reach."""
    mine = Q(decision__isnull=True) | Q(decision__in=Decision.objects.visible_to(actor))
    return ChangedDecision.objects.filter(mine, backtest=test).select_related("decision").defer("decision__record")


def past_count() -> int:
    """How many decisions there are to learn from."""
    return Decision.objects.filter(kind="live").count()


def is_open(number: str) -> bool:
    """Whether a backtest still waits for its answer."""
    return Backtest.objects.filter(number=number, status__in=OPEN).exists()


def lost(before: datetime) -> list[str]:
    """The backtests that nobody works on and nobody is going to, though they were asked for or begun before a moment."""
    since = Coalesce("begun_at", "asked_at")
    numbers = Backtest.objects.filter(status__in=OPEN).annotate(since=since).filter(since__lt=before).values_list("number", flat=True)
    return [number for number in numbers.order_by("id") if not jobs.waiting(RUN, number=number)]


def done(number: str, actor: Actor) -> Backtest:
    """A backtest with its figures; raises NotFound (404) until it has them."""
    found = fetch(number, actor)
    if found.status != "done":
        raise NotFound(what=number)
    return found
