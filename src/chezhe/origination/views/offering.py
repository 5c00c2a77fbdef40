"""What was offered, the customer's answer, and the conditions of an approval."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from chezhe.kernel import business_date
from chezhe.kernel.doors import needs
from chezhe.kernel.errors import BusinessError
from chezhe.origination import permissions
from chezhe.origination.actions.counter_offer import counter_offer
from chezhe.origination.actions.decline_offer import decline_offer
from chezhe.origination.actions.meet_condition import meet_condition
from chezhe.origination.actions.waive_condition import waive_condition
from chezhe.origination.forms import CounterForm
from chezhe.origination.offers import pages
from chezhe.origination.states import APPLICATION
from chezhe.origination.views import page


@require_GET
@needs(permissions.VIEW)
def offers_panel(request: HttpRequest) -> HttpResponse:
    """Panel: what was asked for and offered beside each other, and the conditions with whoever sees to them."""
    row, actor = page.of_subject(request), request.actor
    context = {
        "application": row, "terms": pages.compared(row), "conditions": pages.conditions(row), "roles": actor.roles,
        "may_meet": actor.can(permissions.MEET_CONDITION.code), "may_waive": actor.can(permissions.DECIDE.code),
    }
    return render(request, "origination/offers.html", context)


@require_http_methods(["GET", "POST"])
@needs(permissions.ACCEPT_OFFER)
def decline(request: HttpRequest, number: str) -> HttpResponse:
    """The customer does not take it, with the reason."""
    return page.with_a_reason(
        request, number, "decline", lambda reason: decline_offer(application_number=number, reason=reason, by=request.actor))


@require_http_methods(["GET", "POST"])
@needs(permissions.ACCEPT_OFFER)
def counter(request: HttpRequest, number: str) -> HttpResponse:
    """The customer wants other terms: they are decided anew."""
    row, status = page.fetch(request, number), 200
    form = CounterForm(request.POST or None, initial={"amount": row.amount, "periods": row.periods, "annual_rate": row.annual_rate})
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                counter_offer(
                    application_number=number, change=form.change, reason=form.cleaned_data["reason"],
                    business_date=business_date.current(), by=request.actor,
                )
            except BusinessError as refusal:
                form.refuse(refusal)
                status = refusal.http_status
            else:
                messages.success(request, _("%(number)s 已按新条件重新送审，原批复作废。") % {"number": number})
                return redirect("origination:application", number)
    context = {"form": form, "title": APPLICATION.label("counter"), "submit": _("按新条件送审"), "application": row,
               "hint": _("另提条件是新的要约：原批复随即作废，新条件要重新决策。"),
               "back": reverse("origination:application", args=[number])}
    return render(request, "origination/form.html", context, status=status)


@require_POST
@needs(permissions.MEET_CONDITION)
def meet(request: HttpRequest, number: str, condition_id: int) -> HttpResponse:
    """Note what was done about a condition."""
    try:
        meet_condition(application_number=number, condition_id=condition_id, evidence=request.POST.get("words", ""), by=request.actor)
    except BusinessError as refusal:
        messages.error(request, str(refusal))
    return redirect(_tab(number))


@require_POST
@needs(permissions.DECIDE)
def waive(request: HttpRequest, number: str, condition_id: int) -> HttpResponse:
    """Let a condition go, with the reason."""
    try:
        waive_condition(application_number=number, condition_id=condition_id, reason=request.POST.get("words", ""), by=request.actor)
    except BusinessError as refusal:
        messages.error(request, str(refusal))
    return redirect(_tab(number))


def _tab(number: str) -> str:
    return f"{reverse('origination:application', args=[number])}?tab=offers"
