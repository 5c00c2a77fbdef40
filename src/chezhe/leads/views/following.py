"""Taking a lead down and following it up, one verb a door."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from chezhe.customers import queries as customer_queries
from chezhe.kernel import business_date
from chezhe.kernel.doors import needs
from chezhe.kernel.errors import BusinessError
from chezhe.leads import permissions, queries
from chezhe.leads.actions.assign_lead import assign_lead
from chezhe.leads.actions.claim_lead import claim_lead
from chezhe.leads.actions.create_lead import create_lead
from chezhe.leads.actions.edit_lead import edit_lead
from chezhe.leads.actions.lose_lead import lose_lead
from chezhe.leads.actions.mark_duplicate import mark_duplicate
from chezhe.leads.actions.qualify_lead import qualify_lead
from chezhe.leads.actions.record_touch import record_touch
from chezhe.leads.forms import AssignForm, LeadEditForm, LoseForm, NewLeadForm, ReasonForm, TouchForm
from chezhe.leads.models import Lead
from chezhe.leads.states import LEAD


@require_http_methods(["GET", "POST"])
@needs(permissions.CREATE)
def create(request: HttpRequest) -> HttpResponse:
    """Take down an enquiry."""
    form = NewLeadForm(request.POST or None, actor=request.actor)
    if request.method == "POST" and form.is_valid():
        try:
            lead = create_lead(
                facts=form.facts(), is_mine=form.cleaned_data.get("is_mine", True), branch_code=form.branch_code(),
                business_date=business_date.current(), by=request.actor,
            )
        except BusinessError as refusal:
            form.refuse(refusal)
        else:
            return redirect(_after(request, lead))
    return _page(request, form, _("新建线索"), _("保存线索"))


def _after(request: HttpRequest, lead: Lead) -> str:
    """A lead left for assignment may lie outside the reach of whoever took it down."""
    seen = Lead.objects.visible_to(request.actor).filter(pk=lead.pk).exists()
    return reverse("leads:lead", args=[lead.number]) if seen else reverse("leads:leads")


@require_http_methods(["GET", "POST"])
@needs(permissions.FOLLOW)
def edit(request: HttpRequest, number: str) -> HttpResponse:
    """Correct what was taken down."""
    lead = queries.fetch(request.actor, number)
    form, status = LeadEditForm(request.POST or None, lead=lead), 0
    if request.method == "POST" and form.is_valid():
        try:
            edit_lead(
                lead_number=number, version=form.cleaned_data["version"], changes=form.changes(),
                business_date=business_date.current(), by=request.actor,
            )
        except BusinessError as refusal:
            form.refuse(refusal)
            status = refusal.http_status
        else:
            return redirect("leads:lead", number)
    return _page(request, form, _("修改线索"), _("保存修改"), lead, status)


@require_http_methods(["GET", "POST"])
@needs(permissions.ASSIGN)
def assign(request: HttpRequest, number: str) -> HttpResponse:
    """Give it to a colleague."""
    lead, on = queries.fetch(request.actor, number), business_date.current()
    colleagues = [(user.username, user.name) for user in customer_queries.colleagues(lead.branch_id, on)]
    form = AssignForm(request.POST or None, colleagues=colleagues)
    if request.method == "POST" and form.is_valid():
        try:
            assign_lead(lead_number=number, business_date=on, by=request.actor, **form.cleaned_data)
        except BusinessError as refusal:
            form.refuse(refusal)
        else:
            return redirect("leads:lead", number)
    return _page(request, form, LEAD.label("assign"), LEAD.label("assign"), lead)


@require_http_methods(["GET", "POST"])
@needs(permissions.FOLLOW)
def touch(request: HttpRequest, number: str) -> HttpResponse:
    """Write down a contact."""
    lead, form = queries.fetch(request.actor, number), TouchForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            record_touch(
                lead_number=number, kind=given["channel"], outcome=given["outcome"], note=given["note"],
                touch_next_on=given["touch_next_on"], business_date=business_date.current(), by=request.actor,
            )
        except BusinessError as refusal:
            form.refuse(refusal)
        else:
            return redirect("leads:lead", number)
    return _page(request, form, LEAD.label("touch"), _("保存"), lead)


@require_http_methods(["GET", "POST"])
@needs(permissions.FOLLOW)
def lose(request: HttpRequest, number: str) -> HttpResponse:
    """Close it with the reason."""
    lead, form = queries.fetch(request.actor, number), LoseForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            lose_lead(lead_number=number, by=request.actor, **form.cleaned_data)
        except BusinessError as refusal:
            form.refuse(refusal)
        else:
            return redirect("leads:lead", number)
    return _page(request, form, LEAD.label("lose"), LEAD.label("lose"), lead)


@require_http_methods(["GET", "POST"])
@needs(permissions.FOLLOW)
def duplicate(request: HttpRequest, number: str) -> HttpResponse:
    """Close it as the same enquiry as another."""
    lead, form = queries.fetch(request.actor, number), ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            mark_duplicate(lead_number=number, reason=form.cleaned_data["reason"], by=request.actor)
        except BusinessError as refusal:
            form.refuse(refusal)
        else:
            return redirect("leads:lead", number)
    return _page(request, form, LEAD.label("mark_duplicate"), LEAD.label("mark_duplicate"), lead)


@require_POST
@needs(permissions.FOLLOW)
def qualify(request: HttpRequest, number: str) -> HttpResponse:
    """The customer means it."""
    try:
        qualify_lead(lead_number=number, by=request.actor)
    except BusinessError as refusal:
        messages.error(request, str(refusal))
    return redirect("leads:lead", number)


@require_http_methods(["GET", "POST"])
@needs(permissions.FOLLOW)
def claim(request: HttpRequest, number: str) -> HttpResponse:
    """Take it out of the pool: a page that asks first, since it may have been somebody else's."""
    if request.method == "POST":
        try:
            claim_lead(lead_number=number, business_date=business_date.current(), by=request.actor)
        except BusinessError as refusal:
            messages.error(request, str(refusal))
            return redirect("leads:pool")
        return redirect("leads:lead", number)
    lead = queries.pool(request.actor, business_date.current()).select_related("owner").filter(number=number).first()
    if lead is None:
        messages.error(request, _("这条线索已不在公共池，可能刚被同事领取。"))
        return redirect("leads:pool")
    return render(request, "leads/claim.html", {"lead": lead})


@require_POST
@needs(permissions.FOLLOW)
def move(request: HttpRequest, number: str) -> HttpResponse:
    """A card of the board was moved: what needs words opens its form, what needs none is done at once."""
    lead, column = queries.fetch(request.actor, number), request.POST.get("column", "")
    doors = {"assigned": "leads:assign", "contacted": "leads:touch"}
    if column == lead.status:
        return HttpResponse(status=204)
    if column in doors and (column != "assigned" or request.actor.can(permissions.ASSIGN.code)):
        return HttpResponse(status=204, headers={"HX-Redirect": reverse(doors[column], args=[number])})
    try:
        if column == "qualified":
            qualify_lead(lead_number=number, by=request.actor)
        else:
            messages.error(request, _("不能移到这一列，请用“分配”或“记录联系”。"))
    except BusinessError as refusal:
        messages.error(request, str(refusal))
    return HttpResponse(status=204, headers={"HX-Refresh": "true"})


def _page(
    request: HttpRequest, form: Any, title: str, submit: str, lead: Lead | None = None, status: int = 0
) -> HttpResponse:
    context = {"form": form, "title": title, "submit": submit, "lead": lead}
    return render(request, "leads/form.html", context, status=status or (422 if form.errors else 200))
