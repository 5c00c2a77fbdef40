"""A car's page: the head, the tabs, and the panels that belong to this room."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from chezhe.documents import catalogue
from chezhe.kernel import business_date
from chezhe.kernel.doors import needs
from chezhe.ui import panels
from chezhe.ui.fields import sentence_of
from chezhe.ui.status import Status
from chezhe.vehicles import choices, permissions, queries, rules
from chezhe.vehicles.actions.reveal_field import reveal_field
from chezhe.vehicles.models import Vehicle


@require_GET
@needs(permissions.VIEW)
def vehicle(request: HttpRequest, number: str) -> HttpResponse:
    """The whole of a car, composed of every room's panel."""
    row = _fetch(request, number)
    tabs = panels.tabs_for(row.subject, request.actor, required=",".join(_required(row)))
    keys = [tab.key for tab in tabs]
    context = {
        "vehicle": row, "tabs": tabs, "current_tab": request.GET.get("tab") if request.GET.get("tab") in keys else keys[0],
        "condition": Status(dict(choices.CONDITIONS)[row.condition], "info", "car"), "title": row.title,
        "can_edit": request.actor.can(permissions.EDIT.code), "can_value": request.actor.can(permissions.VALUE.code),
        "can_open_owner": request.actor.can("customers.view"),
    }
    return render(request, "vehicles/vehicle.html", context)


def _required(row: Vehicle) -> tuple[str, ...]:
    return catalogue.REQUIRED_VEHICLE_NEW if row.condition == "new" else catalogue.REQUIRED_VEHICLE


@require_GET
@needs(permissions.VIEW)
def profile(request: HttpRequest) -> HttpResponse:
    """Panel: what the car is, what the rules say of it, and the price base of a loan."""
    row, on = _of_subject(request), business_date.current()
    context = {
        "vehicle": row, "can_reveal": request.actor.can(permissions.REVEAL.code),
        "energy": dict(choices.ENERGY_TYPES)[row.energy_type], "usage": dict(choices.USAGE_NATURES)[row.usage_nature],
        "age_months": rules.age_months(row.first_registered_on, on) if row.first_registered_on else None,
        "price_base": queries.price_base(row, on), "valuation": queries.latest_valuation(row, on),
        "warnings": [sentence_of(f.finding) for f in (*rules.findings(row.facts, on), *queries.paper_findings(row))],
        "engine_no": f"****{row.engine_no[-3:]}" if row.engine_no else "",
    }
    return render(request, "vehicles/profile.html", context)


@require_GET
@needs(permissions.VIEW)
def papers(request: HttpRequest) -> HttpResponse:
    """Panel: what the licence and the registration certificate say."""
    row = _of_subject(request)
    shown = [(kind, label, newest, queries.paper_lines(newest) if newest else []) for kind, label, newest in _newest(row)]
    context = {"vehicle": row, "papers": shown, "can_edit": request.actor.can(permissions.EDIT.code)}
    return render(request, "vehicles/papers.html", context)


def _newest(row: Vehicle) -> list[tuple[str, object, object]]:
    return [(kind, label, queries.paper(row, kind)) for kind, label in choices.PAPER_KINDS]


@require_GET
@needs(permissions.VIEW)
def valuations(request: HttpRequest) -> HttpResponse:
    """Panel: every valuation, the one that counts first."""
    row = _of_subject(request)
    context = {"vehicle": row, "valuations": row.valuations.all()[:100], "can_value": request.actor.can(permissions.VALUE.code)}
    return render(request, "vehicles/valuations.html", context)


@require_GET
@needs(permissions.VIEW)
def history(request: HttpRequest) -> HttpResponse:
    """Panel: what was corrected, by whom and when."""
    return render(request, "vehicles/history.html", {"lines": queries.history(_of_subject(request))})


@require_POST
@needs(permissions.REVEAL)
def reveal(request: HttpRequest, number: str, field: str) -> HttpResponse:
    """One number in full, for a reason."""
    revealed = reveal_field(vehicle_number=number, field_code=field, reason=request.POST.get("reason", ""), by=request.actor)
    return HttpResponse(revealed.value or _("未登记"), content_type="text/plain; charset=utf-8")


def _fetch(request: HttpRequest, number: str) -> Vehicle:
    return Vehicle.objects.visible_to(request.actor).select_related("owner", "owner__branch").fetch(number)


def _of_subject(request: HttpRequest) -> Vehicle:
    return _fetch(request, request.GET.get("subject", "").removeprefix("vehicle:"))
