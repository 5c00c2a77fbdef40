"""The home page, the search and the bell."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET, require_http_methods

from chezhe.kernel import business_date, clock
from chezhe.kernel.doors import needs
from chezhe.ui import navigation
from chezhe.workbench import queries


@require_GET
@needs(None)
def home(request: HttpRequest) -> HttpResponse:
    """What waits for the person who opens it."""
    cards = queries.cards(request.actor, clock.now())
    context = {
        "cards": [card for card in cards if card.count], "done": [card for card in cards if not card.count],
        "quick": navigation.quick_for(request.actor), "groups": navigation.items_for(request.actor), "day": business_date.current(),
    }
    return render(request, "workbench/home.html", context)


@require_http_methods(["GET", "POST"])
@needs(None)
def search(request: HttpRequest) -> HttpResponse:
    """Grouped links for the palette, or a page of them; asked by POST only, since what is typed is often a person."""
    context = {"answer": queries.search(request.actor, request.POST.get("q", "")), "creators": _creators(request)}
    is_part = request.headers.get("HX-Request") == "true"
    return render(request, "workbench/results.html" if is_part else "workbench/search.html", context)


def _creators(request: HttpRequest) -> list[navigation.Link]:
    """Where a customer who was not found can be created."""
    return [link for link in navigation.quick_for(request.actor) if link.key.startswith("customers:")]


@require_GET
@needs(None)
def bell(request: HttpRequest) -> HttpResponse:
    """The number of waiting things and nothing else; nothing at all for none."""
    return HttpResponse(str(queries.count_waiting(request.actor) or ""))
