"""VAT's place in the rail, its pile of waiting work, and its word in the journal."""

from __future__ import annotations

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy

from chezhe.kernel import worklist
from chezhe.kernel.actor import Actor
from chezhe.kernel.worklist import Waiting
from chezhe.ledger import vocabulary as journal
from chezhe.servicing.models import VatRun
from chezhe.servicing.tax import permissions, runs
from chezhe.ui import navigation
from chezhe.ui.navigation import NavItem


def register() -> None:
    """Called once at start-up."""
    navigation.register(NavItem(
        "servicing.vats", "servicing", gettext_lazy("增值税"), "servicing:vats", permissions.VIEW_VAT.code, icon="percentage", order=83))
    journal.name_event(runs.VAT_EVENT, gettext_lazy("增值税计提"))
    worklist.register(worklist.Pile(
        "servicing.vats", gettext_lazy("增值税待入账"), "servicing:vats", permissions.POST_VAT.code, worklist.Counted(_to_post),
        _waiting, icon="percentage", order=38, verb=gettext_lazy("入账"),
    ))


def _to_post(actor: Actor) -> QuerySet[VatRun]:
    """Computed runs that somebody else prepared."""
    return VatRun.objects.visible_to(actor).filter(status="computed").exclude(started_by_id__in=actor.user_ids)


def _waiting(actor: Actor, most: int) -> list[Waiting]:
    return [
        Waiting(f"{run.number} {run.as_of}", reverse("servicing:vat", args=[run.number]), run.computed_at, run.started_by_name, run.tax)
        for run in _to_post(actor).order_by("as_of")[:most]
    ]
