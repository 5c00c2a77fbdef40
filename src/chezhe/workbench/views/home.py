"""The home page with its parts, the task list, the search and the bell."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from chezhe.kernel import business_date, clock
from chezhe.kernel.doors import needs
from chezhe.ui import navigation
from chezhe.workbench import figures, finders, queries

VISITED_MAX = 8


@require_GET
@needs(None)
def home(request: HttpRequest) -> HttpResponse:
    """What waits for the person who opens it."""
    actor, at = request.actor, clock.now()
    cards = queries.cards(actor, at, queries.TODAY_MAX)
    context = {
        "cards": [card for card in cards if card.count], "done": [card for card in cards if not card.count],
        "today": queries.due_today(cards, at), "urgent_max": queries.URGENT_MAX, "quick": navigation.quick_for(actor),
        "groups": navigation.items_for(actor), "day": business_date.current(), "has_charts": figures.may_see_any(actor),
    }
    return render(request, "workbench/home.html", context)


@require_GET
@needs(None)
def charts(request: HttpRequest) -> HttpResponse:
    """Part of the home page: how the week went."""
    made = figures.charts(request.actor, business_date.current(), clock.now())
    return render(request, "workbench/charts.html", {"charts": made})


@require_GET
@needs(None)
def subscribed(request: HttpRequest) -> HttpResponse:
    """Part of the home page: what the lists one has subscribed to held this morning."""
    return render(request, "workbench/subscribed.html", {"subscriptions": queries.subscriptions(request.actor)})


@require_POST
@needs(None)
def recent(request: HttpRequest) -> HttpResponse:
    """Part of the home page: the browser remembers numbers only, what they are and whether they open is asked here anew."""
    numbers = request.POST.get("numbers", "").split(",")[:VISITED_MAX]
    return render(request, "workbench/recent.html", {"hits": finders.visited(request.actor, filter(None, numbers))})


@require_GET
@needs(None)
def tasks(request: HttpRequest) -> HttpResponse:
    """Everything that waits for the person, across rooms, as one list."""
    kind, only_late = request.GET.get("kind", ""), request.GET.get("late") == "yes"
    found = queries.tasks(request.actor, clock.now(), kind, only_late=only_late)
    context = {"tasks": found, "kind": kind, "only_late": only_late, "label": next((c.label for c in found.cards if c.key == kind), "")}
    return render(request, "workbench/tasks.html", context)


@require_http_methods(["GET", "POST"])
@needs(None)
def search(request: HttpRequest) -> HttpResponse:
    """Grouped links for the palette, or a page of them; asked by POST only, since what is typed is often a person."""
    context = {"answer": finders.search(request.actor, request.POST.get("q", "")), "creators": _creators(request)}
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
