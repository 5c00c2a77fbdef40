"""The room's places in the rail, its panels, and its piles of waiting work."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from chezhe.risk import permissions
from chezhe.risk.deciding import offering as deciding
from chezhe.risk.guarantees import menu as guarantees
from chezhe.risk.lab import menu as lab
from chezhe.risk.profiles import offering as profiles
from chezhe.risk.registry import offering as registry
from chezhe.risk.relations import offering as relations
from chezhe.risk.screening import offering as screening
from chezhe.risk.trials import offering as trials
from chezhe.risk.valuing import menu as valuing
from chezhe.ui import navigation, panels
from chezhe.ui.navigation import NavItem


def register() -> None:
    """Called once at start-up."""
    _register_decisions()
    _register_facts()
    deciding.register()
    relations.register()
    screening.register()
    valuing.register()
    guarantees.register()
    registry.register()
    profiles.register()
    lab.register()
    trials.register()


def _register_decisions() -> None:
    navigation.register(NavItem(
        "risk.decisions", "risk", _("自动决策"), "risk:decisions", permissions.VIEW_DECISION.code, icon="scale", order=10))
    panels.register("application", "decision", _("自动决策"), "risk:of_application", permissions.VIEW_DECISION.code, order=5)


def _register_facts() -> None:
    navigation.register(NavItem(
        "risk.catalogue", "risk", _("特征目录"), "risk:catalogue", permissions.VIEW_FACTS.code, icon="list-check", order=90))
    for kind in ("customer", "vehicle", "application"):
        panels.register(kind, "facts", _("特征"), "risk:facts", permissions.VIEW_FACTS.code, order=40)
    panels.register("customer", "proofs", _("流水与收入"), "risk:proofs", permissions.VIEW_PROOFS.code, order=45)
