"""Where due diligence and screening stand in the rail, on pages, among waiting work and in the inbox."""

from __future__ import annotations

from datetime import date

from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from chezhe.approvals import kinds
from chezhe.kernel import business_date, roles, subjects, worklist
from chezhe.kernel.actor import Actor
from chezhe.kernel.errors import NotFound
from chezhe.kernel.subjects import Subject
from chezhe.kernel.worklist import Pile, Waiting
from chezhe.risk.screening import hits, permissions, queries
from chezhe.risk.screening.models import Hit
from chezhe.ui import navigation, panels
from chezhe.ui.navigation import NavItem

# A stand-in for the business day.
FAR = date(2199, 1, 1)


def register() -> None:
    """Called once at start-up."""
    for key, label, url_name, permission, icon, order in (
        ("risk.diligence", _("尽职调查"), "risk:diligence_due", permissions.VIEW, "fingerprint", 50),
        ("risk.hits", _("名单命中"), "risk:hits", permissions.VIEW_SCREENING, "alert-triangle", 55),
        ("risk.watch_lists", _("监控名单"), "risk:watch_lists", permissions.VIEW_SCREENING, "list-search", 56),
    ):
        navigation.register(NavItem(key, "risk", label, url_name, permission.code, icon=icon, order=order))
    panels.register("customer", "diligence", _("尽职调查"), "risk:diligence_panel", permissions.VIEW.code, order=55)
    subjects.register("screening", _open_hit)
    kinds.register(kinds.Kind(hits.KIND, _("解除名单命中"), _hit_url, is_decidable=True, settle=hits.settle_decision))
    worklist.register(Pile(
        "risk.hits", pgettext_lazy("pile", "待核实的名单命中"), "risk:hits", permissions.JUDGE.code,
        worklist.Counted(lambda by: Hit.objects.visible_to(by).filter(status="open")), _open_hits, icon="alert-triangle", order=50,
        verb=_("核实"), query="status=open",
    ))
    worklist.register(Pile(
        "risk.diligence", _("到期的尽职调查"), "risk:diligence_due", permissions.REVIEW.code,
        worklist.Counted(queries.reviewed_due, mark=FAR, given=business_date.current), _due, icon="fingerprint", order=51, verb=_("调查"),
        roles=(roles.COMPLIANCE, roles.RISK_OFFICER),
    ))


def _hit_url(subject: str) -> str:
    return reverse("risk:hit", args=[subject.partition(":")[2]])


def _open_hit(actor: Actor, number: str) -> Subject:
    """For the inbox and documents."""
    if not actor.can(permissions.VIEW_SCREENING.code):
        raise NotFound(what=number)
    found = Hit.objects.visible_to(actor).select_related("customer").fetch(number)
    return Subject(
        found.subject, f"{found.list_code} {found.customer.number} {number}", _hit_url(found.subject), found.customer.branch_id,
        found.customer.owner_id,
    )


def _open_hits(actor: Actor, most: int) -> list[Waiting]:
    rows = Hit.objects.visible_to(actor).filter(status="open").select_related("customer").order_by("-score", "id")[:most]
    return [
        Waiting(f"{one.number} {one.customer.number} · {one.list_code}", _hit_url(one.subject), None, str(one.score), None, one.found_at)
        for one in rows
    ]


def _due(actor: Actor, most: int) -> list[Waiting]:
    rows = queries.reviewed_due(actor, business_date.current()).select_related("customer").order_by("next_review_on", "id")[:most]
    return [Waiting(f"{one.customer.masked_name} {one.customer.number}", _panel_url(one.customer.number)) for one in rows]


def _panel_url(number: str) -> str:
    return f"{reverse('customers:customer', args=[number])}?tab=diligence"
