"""The hour of planned debits has come."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from chezhe.kernel import jobs
from chezhe.kernel.action import action
from chezhe.kernel.actor import Actor
from chezhe.servicing import permissions
from chezhe.servicing.debits import ordering


@dataclass(frozen=True, slots=True)
class OrderedDebits:
    """How many tries were looked at, and how many became orders."""

    seen: int
    ordered: int


@action(permissions.RUN_DEBITS, label=_("发出到点扣款"))
def order_debits(*, after: int, by: Actor) -> OrderedDebits:
    """Order the next tries that are due, each for what is owed now; while more are left, the worker is asked again."""
    chunk = ordering.order_due(after, by=by)
    if chunk.seen == ordering.CHUNK:
        jobs.enqueue("servicing.order_debits", after=chunk.last)
    return OrderedDebits(chunk.seen, chunk.ordered)
