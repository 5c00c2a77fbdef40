"""Profit and funding cost in the rail, on a loan's page and in the journal."""

from __future__ import annotations

from django.utils.translation import gettext_lazy

from chezhe.ledger import vocabulary as journal
from chezhe.servicing.profit import permissions, runs
from chezhe.ui import navigation, panels
from chezhe.ui.navigation import NavItem


def register() -> None:
    """Called once at start-up."""
    see = permissions.VIEW_PROFIT.code
    navigation.register(NavItem(
        "servicing.profit", "servicing", gettext_lazy("盈利分析"), "servicing:profit", see, icon="chart-bar", order=84))
    navigation.register(NavItem(
        "servicing.fundings", "servicing", gettext_lazy("内部资金成本"), "servicing:fundings", see, icon="coin-yuan", order=85))
    panels.register("loan", "profit", gettext_lazy("盈利"), "servicing:profit_of", see, order=19)
    journal.name_event(runs.FUNDING_EVENT, gettext_lazy("内部资金成本"))
