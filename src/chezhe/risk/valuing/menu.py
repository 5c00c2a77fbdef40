"""Where valuing stands in the rail, on a car's page, and among what waits."""

from __future__ import annotations

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from chezhe.kernel import subjects, worklist
from chezhe.kernel.actor import Actor
from chezhe.kernel.subjects import Subject
from chezhe.kernel.worklist import Waiting
from chezhe.risk import permissions
from chezhe.risk.valuing.models import AppraiserReport, Valuing
from chezhe.ui import navigation, panels
from chezhe.ui.navigation import NavItem


def register() -> None:
    """Called once at start-up."""
    subjects.register("appraisal", _open_report)
    panels.register("vehicle", "valuing", _("估值"), "risk:valuing_panel", permissions.VIEW_VALUES.code, order=15)
    for key, label, url, permission, icon, order in (
        ("risk.values", _("综合评估"), "risk:values", permissions.VIEW_VALUES, "car", 58),
        ("risk.reports", _("评估报告"), "risk:appraisals", permissions.VIEW_VALUES, "clipboard-check", 60),
        ("risk.deals", _("市场成交"), "risk:deals", permissions.VIEW_VALUES, "receipt", 62),
        ("risk.appraisers", _("评估师偏差"), "risk:appraisers", permissions.VIEW_APPRAISERS, "scale", 64),
    ):
        navigation.register(NavItem(key, "risk", label, url, permission.code, icon=icon, order=order))
    worklist.register(worklist.Pile(
        "risk.rechecks", _("车辆待复评"), "risk:values", permissions.CONFIRM_VALUE.code, worklist.Counted(_to_recheck), _waiting,
        icon="car",
        order=22, verb=_("复评"), query="status=open",
    ))


def _open_report(actor: Actor, number: str) -> Subject:
    report = AppraiserReport.objects.visible_to(actor).select_related("vehicle__owner").fetch(number)
    owner = report.vehicle.owner
    return Subject(report.subject, number, reverse("risk:appraisal", args=[number]), owner.branch_id, owner.owner_id)


def _to_recheck(actor: Actor) -> QuerySet[Valuing]:
    """Sources differ, or nobody agrees: somebody looks at the car again."""
    return Valuing.objects.visible_to(actor).filter(status__in=("rechecking", "referred"))


def _waiting(actor: Actor, most: int) -> list[Waiting]:
    rows = _to_recheck(actor).select_related("vehicle").order_by("id")[:most]
    return [
        Waiting(
            f"{row.vehicle.number} {row.vehicle.title}", f"{reverse('vehicles:vehicle', args=[row.vehicle.number])}?tab=valuing",
            detail=row.asked_by_name, since_at=row.asked_at)
        for row in rows
    ]
