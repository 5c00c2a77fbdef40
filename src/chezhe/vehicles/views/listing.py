"""The list of vehicles, and a customer's vehicles as a panel."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from django.views.decorators.http import require_GET

from chezhe.kernel import subjects
from chezhe.kernel.doors import needs
from chezhe.ui.lists import ChoiceFilter, Column, DateRangeFilter, ListPage, ScopeFilter
from chezhe.vehicles import choices, permissions, queries
from chezhe.vehicles.models import Vehicle

CONDITION_LABELS, ENERGY_LABELS = dict(choices.CONDITIONS), dict(choices.ENERGY_TYPES)


@require_GET
@needs(permissions.VIEW)
def vehicles(request: HttpRequest) -> HttpResponse:
    """Every car in the actor's reach, masked."""
    return ListPage(
        title=pgettext_lazy("list", "车辆"), queryset=Vehicle.objects.visible_to(request.actor).listed("owner__branch"),
        columns=_columns(), search=queries.narrowed, search_hint=_("车架号（或后六位）、车牌号、车辆编号"),
        filters=[
            ScopeFilter(owner="owner__owner_id", branch="owner__branch_id"),
            ChoiceFilter(name="condition", label=_("新旧"), choices=choices.CONDITIONS),
            ChoiceFilter(name="energy", label=_("能源类型"), field="energy_type", choices=choices.ENERGY_TYPES),
            DateRangeFilter(name="registered", label=_("初次登记日期"), field="first_registered_on"),
        ],
        default_sort="-created_at", file_name="vehicles", empty_hint=_("先为客户建档，再登记车辆。"),
        actions=[(_("登记车辆"), reverse("vehicles:create"), "plus")] if request.actor.can(permissions.REGISTER.code) else [],
    ).respond(request)


def _columns() -> list[Column]:
    return [
        Column("number", _("车辆编号"), kind="link", url=lambda v: reverse("vehicles:vehicle", args=[v.number]), sortable=True),
        Column("masked_plate", _("车牌号"), kind="identifier"),
        Column("masked_vin", _("车架号"), kind="identifier", phone=False),
        Column("title", _("车型"), sort="brand", sortable=True),
        Column("condition", _("新旧"), value=lambda v: CONDITION_LABELS[v.condition], phone=False),
        Column("energy_type", _("能源类型"), value=lambda v: ENERGY_LABELS[v.energy_type], phone=False),
        Column("owner.masked_name", _("车主")),
        Column("first_registered_on", _("初次登记"), kind="date", sortable=True, phone=False),
        Column("mileage_km", _("里程（公里）"), kind="number", sortable=True, phone=False),
        Column("owner.branch.name", _("门店"), phone=False),
        Column("created_at", _("登记时间"), kind="moment", sortable=True, phone=False),
    ]


@require_GET
@needs(permissions.VIEW)
def of_customer(request: HttpRequest) -> HttpResponse:
    """Panel on a customer's page."""
    subject = subjects.open_subject(request.GET.get("subject", ""), request.actor)
    context = {
        "vehicles": queries.of_customer(subject.number, request.actor), "customer_number": subject.number,
        "can_register": request.actor.can(permissions.REGISTER.code), "conditions": CONDITION_LABELS,
    }
    return render(request, "vehicles/of_customer.html", context)
