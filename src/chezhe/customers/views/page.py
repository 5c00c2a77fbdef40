"""A customer's page: the head, the tabs, and the panels that belong to this room."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from chezhe.customers import choices, permissions, queries
from chezhe.customers.actions.reveal_field import reveal_field
from chezhe.customers.forms import current
from chezhe.customers.models import Customer
from chezhe.documents import catalogue
from chezhe.kernel.doors import needs
from chezhe.ui import panels, row_keys
from chezhe.ui.status import Status

REQUIRED = {"person": ",".join(catalogue.REQUIRED_PERSON), "company": ",".join(catalogue.REQUIRED_COMPANY)}


@require_GET
@needs(permissions.VIEW)
def customer(request: HttpRequest, number: str) -> HttpResponse:
    """The whole of a customer, composed of every room's panel."""
    row = _fetch(request, number)
    tabs = panels.tabs_for(row.subject, request.actor, required=REQUIRED[row.kind])
    keys = [tab.key for tab in tabs]
    context = {
        "customer": row, "tabs": tabs, "current_tab": request.GET.get("tab") if request.GET.get("tab") in keys else keys[0],
        "kind": Status(dict(choices.KINDS)[row.kind], "info", "user" if row.is_person else "building"),
        "title": row.masked_name, "offers": panels.offers_for(row.subject, request.actor),
        "can_edit": request.actor.can(permissions.EDIT.code), "can_pass_on": request.actor.can(permissions.PASS_ON.code),
        "can_record_trade": request.actor.can(permissions.EDIT.code) and row.is_person and row.own_trade is None,
    }
    return render(request, "customers/customer.html", context)


@require_GET
@needs(permissions.VIEW)
def profile(request: HttpRequest) -> HttpResponse:
    """Panel: who the customer is, masked, with a way to reveal each value."""
    row = _of_subject(request)
    context = {
        "customer": row, "lead_number": row.source.removeprefix("lead:") if row.source.startswith("lead:") else "",
        "now": current(row), "can_reveal": request.actor.can(permissions.REVEAL.code),
        "marital_status": dict(choices.MARITAL_STATUSES)[row.marital_status], "sex": dict(choices.SEXES)[row.sex],
        "trade": row.own_trade, "can_edit": request.actor.can(permissions.EDIT.code), "statuses": dict(choices.TRADE_STATUSES),
        "mobiles": row.mobiles.order_by("-is_main", "id"), "purposes": dict(choices.MOBILE_PURPOSES),
    }
    return render(request, "customers/profile.html", context)


@require_GET
@needs(permissions.VIEW)
def history(request: HttpRequest) -> HttpResponse:
    """Panel: what was corrected, by whom and when."""
    return render(request, "customers/history.html", {"lines": queries.history(_of_subject(request))})


@require_POST
@needs(permissions.REVEAL)
def reveal(request: HttpRequest, number: str, field: str) -> HttpResponse:
    """One value in full, for a reason; the browser covers it again."""
    items = row_keys.read([request.POST.get("item") or request.GET.get("item") or ""])
    revealed = reveal_field(
        customer_number=number, field_code=field, item=items[0] if items else None,
        reason=request.POST.get("reason", ""), by=request.actor,
    )
    return HttpResponse(revealed.value or _("未登记"), content_type="text/plain; charset=utf-8")


def _fetch(request: HttpRequest, number: str) -> Customer:
    rows = Customer.objects.visible_to(request.actor).select_related("branch", "owner", "trade").prefetch_related("mobiles")
    return rows.fetch(number)


def _of_subject(request: HttpRequest) -> Customer:
    return _fetch(request, request.GET.get("subject", "").removeprefix("customer:"))
