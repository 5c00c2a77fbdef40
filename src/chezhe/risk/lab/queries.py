"""Finding backtests and what they would have changed."""

from __future__ import annotations

from django.db.models import Q, QuerySet

from chezhe.kernel.actor import Actor
from chezhe.kernel.errors import NotFound
from chezhe.risk.deciding.models import Decision
from chezhe.risk.lab.models import Backtest, ChangedDecision


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


def done(number: str, actor: Actor) -> Backtest:
    """A backtest with its figures; raises NotFound (404) until it has them."""
    found = fetch(number, actor)
    if found.status != "done":
        raise NotFound(what=number)
    return found
