"""Plans that wait for a second person."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from chezhe.channels import permissions
from chezhe.channels.commission import queries
from chezhe.kernel import worklist
from chezhe.kernel.actor import Actor
from chezhe.kernel.worklist import Waiting


def register() -> None:
    """Called once at start-up."""
    worklist.register(worklist.Pile(
        "channels.commission_plans", _("待核定返佣方案"), "channels:commission_plans", permissions.DECIDE_COMMISSION.code,
        worklist.Counted(queries.proposed), _first, icon="coin-yuan", order=29, verb=_("核定返佣方案"), query="status=proposed",
    ))


def _first(actor: Actor, most: int) -> list[Waiting]:
    rows = queries.proposed(actor).order_by("id")[:most]
    return [
        Waiting(f"{plan.number} {plan.dealer.name}", reverse("channels:commission_plan", args=[plan.number]), None, plan.reason, None,
                plan.proposed_at)
        for plan in rows
    ]
