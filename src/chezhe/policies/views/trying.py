"""Asking a version by hand, and one version beside another."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from chezhe.decisiontables.values import TableError
from chezhe.kernel.doors import needs
from chezhe.policies import comparing, examples, pages, permissions, queries, trying
from chezhe.policies.reading import TableUnreadable


@needs(permissions.VIEW)
def ask(request: HttpRequest, number: str) -> HttpResponse:
    """Facts in, answer and reasons out; everything asked stands in the address."""
    found = queries.version_called(number)
    recent = examples.recent(found.policy.code, request.actor)
    chosen = examples.find(recent, request.GET.get("example", ""))
    facts = chosen.facts if chosen else None
    asked = any(name.startswith("fact_") for name in request.GET)
    form = trying.FactsForm(found, request.GET if asked else None, initial=trying.initial_of(found, facts) if facts else None)
    context: dict[str, Any] = {
        "version": found, "form": form, "recent": recent, "chosen": chosen, "standing": pages.standing_of(found),
        "breadcrumbs": pages.trail((found.number, reverse("policies:version", args=[number])), (_("试算"), "")),
    }
    if chosen or (asked and form.is_valid()):
        try:
            context["tried"] = trying.ask(found, form.facts if facts is None else facts)
        except TableError as problem:
            context["refusal"] = TableUnreadable("", problem)
    return render(request, "policies/try.html", context, status=422 if form.errors else 200)


@needs(permissions.VIEW)
def compare(request: HttpRequest, number: str) -> HttpResponse:
    """This version beside another one of the same table, cell by cell and in words."""
    found = queries.version_called(number)
    others = queries.history(found.policy.code).exclude(pk=found.pk)
    named = request.GET.get("with", "")
    other = next((one for one in others if one.number == named), None) or found.base or others.first()
    return render(request, "policies/compare.html", {
        "version": found, "others": others, "other": other, "comparison": comparing.compare(other, found) if other else None,
        "breadcrumbs": pages.trail((found.number, reverse("policies:version", args=[number])), (_("比较"), "")),
    })
