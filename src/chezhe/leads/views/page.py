"""A lead's page, its way into a customer, and its numbers in full."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from chezhe.customers.values import CompanyFacts, PersonFacts
from chezhe.kernel import business_date, moves
from chezhe.kernel.doors import needs
from chezhe.kernel.errors import BusinessError
from chezhe.leads import choices, permissions, queries
from chezhe.leads.actions.convert_lead import convert_lead
from chezhe.leads.actions.reveal_field import reveal_field
from chezhe.leads.forms import ConvertCompanyForm, ConvertPersonForm, ExistingForm
from chezhe.leads.models import Lead
from chezhe.leads.states import LEAD
from chezhe.leads.views.lists import STATUSES
from chezhe.ui.parts import Happening

_VERB_DOORS = {
    "assign": ("leads:assign", permissions.ASSIGN, "user-plus"), "touch": ("leads:touch", permissions.FOLLOW, "phone"),
    "lose": ("leads:lose", permissions.FOLLOW, "circle-x"), "mark_duplicate": ("leads:duplicate", permissions.FOLLOW, "copy"),
    "convert": ("leads:convert", permissions.CONVERT, "user-check"),
}


@require_GET
@needs(permissions.VIEW)
def lead(request: HttpRequest, number: str) -> HttpResponse:
    """Who asked, for what, and everything that happened since."""
    row, actor, on = queries.fetch(request.actor, number), request.actor, business_date.current()
    verbs = [v for v in LEAD.verbs(row.status) if v in _VERB_DOORS and actor.can(_VERB_DOORS[v][1].code)]
    context = {
        "lead": row, "status": STATUSES[row.status], "title": row.masked_name, "track": _track(row),
        "verbs": [(LEAD.label(v), reverse(_VERB_DOORS[v][0], args=[number]), _VERB_DOORS[v][2]) for v in verbs],
        "can_qualify": LEAD.allows(row.status, "qualify") and actor.can(permissions.FOLLOW.code),
        "can_edit": row.is_open and actor.can(permissions.FOLLOW.code), "can_reveal": actor.can(permissions.REVEAL.code),
        "is_in_pool": row.is_in_pool(on), "lost_reason": dict(choices.LOST_REASONS).get(row.lost_reason, ""),
        "known_customers": queries.known_customers(row, actor) if row.is_open else [],
    }
    return render(request, "leads/lead.html", context)


def _track(row: Lead) -> list[Happening]:
    """Contacts and moves in one line of time, newest first."""
    touched = [
        Happening(t.touched_at, f"{t.channel_label} · {t.outcome_label}", t.touched_by_name, t.note, "info", "phone")
        for t in row.touches.all()[:100]
    ]
    moved = [
        Happening(m.moved_at, LEAD.label(m.status_to), m.actor_name, m.reason, STATUSES[m.status_to].tone)
        for m in moves.history(row.subject) if m.verb != "touch"
    ]
    # Of what happened in one moment, the last move stands first too.
    return sorted((*touched, *moved), key=lambda happening: happening.at)[::-1]


@require_http_methods(["GET", "POST"])
@needs(permissions.CONVERT)
def convert(request: HttpRequest, number: str) -> HttpResponse:
    """Make a customer of it: `way` says whether a new file is opened or an existing one linked."""
    row, way = queries.fetch(request.actor, number), request.POST.get("way", "")
    NewForm = ConvertCompanyForm if row.is_company else ConvertPersonForm
    new = NewForm(request.POST if way == "new" else None, lead=row, prefix="new")
    existing = ExistingForm(request.POST if way == "existing" else None, prefix="existing")
    chosen: Any = existing if way == "existing" else new
    if request.method == "POST" and chosen.is_valid():
        try:
            done = convert_lead(
                lead_number=number, facts=_facts(new) if way == "new" else None,
                customer_number=existing.cleaned_data["customer_number"] if way == "existing" else "",
                business_date=business_date.current(), by=request.actor,
            )
        except BusinessError as refusal:
            chosen.refuse(refusal)
        else:
            return redirect("customers:customer", done.customer.number)
    context = {"lead": row, "new": new, "existing": existing, "known_customers": queries.known_customers(row, request.actor)}
    return render(request, "leads/convert.html", context, status=422 if new.errors or existing.errors else 200)


def _facts(form: ConvertPersonForm | ConvertCompanyForm) -> PersonFacts | CompanyFacts:
    return form.facts()


@require_POST
@needs(permissions.REVEAL)
def reveal(request: HttpRequest, number: str, field: str) -> HttpResponse:
    """One value in full, for a reason."""
    revealed = reveal_field(lead_number=number, field_code=field, reason=request.POST.get("reason", ""), by=request.actor)
    return HttpResponse(revealed.value or _("未登记"), content_type="text/plain; charset=utf-8")
