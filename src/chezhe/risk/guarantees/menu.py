"""Where guarantees stand in the rail, on an application's page, and among what waits."""

from __future__ import annotations

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from chezhe.kernel import subjects, worklist
from chezhe.kernel.actor import Actor
from chezhe.kernel.subjects import Subject
from chezhe.kernel.worklist import Waiting
from chezhe.risk import permissions
from chezhe.risk.guarantees.models import Security
from chezhe.ui import navigation, panels
from chezhe.ui.navigation import NavItem


def register() -> None:
    """Called once at start-up."""
    subjects.register("security", _open_security)
    panels.register(
        "application", "guarantees", pgettext_lazy("security", "担保与覆盖率"), "risk:guarantees_panel", permissions.VIEW_SECURITIES.code,
        order=20)
    navigation.register(NavItem(
        "risk.securities", "risk", pgettext_lazy("security", "担保措施"), "risk:securities", permissions.VIEW_SECURITIES.code,
        icon="shield",
        order=65))
    navigation.register(NavItem(
        "risk.deadlines", "risk", _("保证期间"), "risk:deadlines", permissions.VIEW_SECURITIES.code, icon="clock", order=66))
    worklist.register(worklist.Pile(
        "risk.securities", _("担保待认定"), "risk:securities", permissions.DECIDE_SECURITY.code, worklist.Counted(_to_decide), _waiting,
        icon="shield", order=24, verb=pgettext_lazy("security", "认定"), query="status=offered",
    ))


def _open_security(actor: Actor, number: str) -> Subject:
    found = Security.objects.visible_to(actor).fetch(number)
    return Subject(found.subject, number, reverse("risk:security", args=[number]), found.branch_id, found.owner_id)


def _to_decide(actor: Actor) -> QuerySet[Security]:
    """Offered by others."""
    return Security.objects.visible_to(actor).filter(status="offered").exclude(offered_by_id__in=actor.user_ids)


def _waiting(actor: Actor, most: int) -> list[Waiting]:
    return [
        Waiting(f"{row.kind_label} {row.number}", reverse("risk:security", args=[row.number]), detail=row.offered_by_name,
                since_at=row.offered_at)
        for row in _to_decide(actor).order_by("id")[:most]
    ]
