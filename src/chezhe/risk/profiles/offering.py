"""Where the customer profile stands in the rail, on pages and among waiting work."""

from __future__ import annotations

from datetime import datetime, time

from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from chezhe.kernel import clock, roles, worklist
from chezhe.kernel.actor import Actor
from chezhe.kernel.worklist import Pile, Waiting
from chezhe.risk.profiles import permissions, queries
from chezhe.ui import formats, navigation, panels
from chezhe.ui.navigation import NavItem


def register() -> None:
    """Called once at start-up."""
    navigation.register(NavItem(
        "risk.profiles", "risk", _("客户画像与预警"), "risk:profiles", permissions.VIEW_WARNINGS.code, icon="user", order=30))
    panels.register("customer", "profile_risk", pgettext_lazy("customer", "画像"), "risk:profile_panel", permissions.VIEW.code, order=52)
    worklist.register(Pile(
        "risk.warned", _("预警客户"), "risk:profiles", permissions.VIEW_WARNINGS.code, worklist.Counted(queries.warned), _warned,
        icon="alert-triangle", order=52, verb=_("处理"), query="warned=open", roles=(roles.RISK_MANAGER, *roles.MANAGERS),
    ))


def panel_url(number: str) -> str:
    """The profile of a customer."""
    return f"{reverse('customers:customer', args=[number])}?tab=profile_risk"


def _warned(actor: Actor, most: int) -> list[Waiting]:
    rows = queries.warned(actor).select_related("customer").order_by("-probability", "id")[:most]
    return [
        Waiting(
            f"{one.customer.masked_name} {one.customer.number} · {one.level_label}", panel_url(one.customer.number), None,
            formats.rate(one.probability), None, datetime.combine(one.level_since, time(), clock.SHANGHAI))
        for one in rows
    ]
