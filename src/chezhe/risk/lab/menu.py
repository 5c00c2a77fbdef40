"""Where the strategy lab stands in the rail."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from chezhe.kernel import subjects
from chezhe.kernel.actor import Actor
from chezhe.kernel.errors import NotFound
from chezhe.kernel.subjects import Subject
from chezhe.risk import permissions
from chezhe.risk.lab import queries
from chezhe.ui import navigation
from chezhe.ui.navigation import NavItem


def register() -> None:
    """Called once at start-up."""
    subjects.register("backtest", _open)
    navigation.register(NavItem(
        "risk.backtests", "risk", _("策略回测"), "risk:backtests", permissions.VIEW_BACKTEST.code, icon="history", order=15))


def _open(actor: Actor, number: str) -> Subject:
    if not actor.can(permissions.VIEW_BACKTEST.code):
        raise NotFound(what=number)
    found = queries.fetch(number, actor)
    return Subject(found.subject, found.title, reverse("risk:backtest", args=[number]), found.branch_id, found.owner_id)
