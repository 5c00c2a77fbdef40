"""The lender's offer, and the customer's answer: yes, no, or other terms."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from chezhe.kernel import business_date, handles
from chezhe.kernel.actor import BORROWER
from chezhe.kernel.doors import needs
from chezhe.kernel.errors import BusinessError
from chezhe.origination import permissions
from chezhe.origination.actions.accept_offer import accept_offer
from chezhe.origination.actions.counter_offer import counter_offer
from chezhe.origination.actions.decline_offer import decline_offer
from chezhe.origination.models import Application
from chezhe.portal.forms_case import WhyForm, WishForm
from chezhe.portal.views import m_case
from chezhe.portal.views.parts import refused
from chezhe.ui.forms import Form


@require_GET
@needs(permissions.ACCEPT_OFFER, BORROWER)
def offer(request: HttpRequest, handle: str) -> HttpResponse:
    """What was approved, until when it stands, and what is asked for besides."""
    return render(request, "portal/m/offer.html", _shown(m_case.own(request, handle)))


def _shown(row: Application) -> dict[str, Any]:
    return {
        "application": row, "offer": row.offers.filter(status="open").first(), "is_open": row.status == "approved",
        "conditions": list(row.conditions.filter(status="open")), "wish": WishForm(initial={"amount": row.amount, "periods": row.periods}),
        "why": WhyForm(), "form": None,
    }


def _after(request: HttpRequest, row: Application) -> HttpResponse:
    return redirect(request.portal.url("case", handles.handle_of(row.subject)))


@require_POST
@needs(permissions.ACCEPT_OFFER, BORROWER)
def accept(request: HttpRequest, handle: str) -> HttpResponse:
    """Yes."""
    row, form = m_case.own(request, handle), Form(request.POST)
    try:
        accept_offer(application_number=row.number, business_date=business_date.current(), by=request.actor)
    except BusinessError as refusal:
        return refused(request, "portal/m/offer.html", form, refusal, {**_shown(row), "form": form})
    return _after(request, row)


@require_POST
@needs(permissions.ACCEPT_OFFER, BORROWER)
def decline(request: HttpRequest, handle: str) -> HttpResponse:
    """No."""
    row, form = m_case.own(request, handle), WhyForm(request.POST)
    if form.is_valid():
        try:
            decline_offer(application_number=row.number, reason=form.cleaned_data["reason"], by=request.actor)
        except BusinessError as refusal:
            return refused(request, "portal/m/offer.html", form, refusal, {**_shown(row), "form": form, "why": form})
        return _after(request, row)
    return render(request, "portal/m/offer.html", {**_shown(row), "why": form}, status=422)


@require_POST
@needs(permissions.ACCEPT_OFFER, BORROWER)
def counter(request: HttpRequest, handle: str) -> HttpResponse:
    """Other terms: they are decided anew, and what was offered is gone."""
    row, form = m_case.own(request, handle), WishForm(request.POST)
    if form.is_valid():
        try:
            counter_offer(
                application_number=row.number, change=form.change, reason=form.cleaned_data["reason"],
                business_date=business_date.current(), by=request.actor)
        except BusinessError as refusal:
            return refused(request, "portal/m/offer.html", form, refusal, {**_shown(row), "form": form, "wish": form})
        return _after(request, row)
    return render(request, "portal/m/offer.html", {**_shown(row), "wish": form}, status=422)
