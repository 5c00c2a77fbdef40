"""What was paid to a dealer, and what it earned."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from chezhe.contracts import permissions as contract_permissions
from chezhe.kernel.actor import DEALER
from chezhe.kernel.doors import needs
from chezhe.portal import dealing
from chezhe.servicing.commission import pages, permissions, queries

SHOWN = 50


@require_GET
@needs(contract_permissions.VIEW, DEALER)
def payouts(request: HttpRequest) -> HttpResponse:
    """Money that went, or goes, to the dealer's accounts."""
    return render(request, "portal/d/payouts.html", {"payouts": dealing.payouts(request.actor)})


@require_GET
@needs(permissions.VIEW, DEALER)
def commission(request: HttpRequest) -> HttpResponse:
    """Where the dealer stands, its statements, and every line."""
    statements = queries.statements(request.actor).order_by("-id")[:SHOWN]
    lines = queries.lines(request.actor).select_related("loan__contract__application", "loan__customer").order_by("-id")[:SHOWN]
    return render(request, "portal/d/commission.html", {
        "summary": queries.summary(request.actor), "lines": lines, "statements": [(row, pages.STATUSES[row.status]) for row in statements],
    })
