"""Asking for a loan on the phone: a customer applies, somebody new leaves an enquiry."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from chezhe.compliance import queries as compliance_queries
from chezhe.customers.models import Customer
from chezhe.kernel import business_date, handles
from chezhe.kernel.actor import BORROWER
from chezhe.kernel.doors import needs
from chezhe.kernel.errors import BusinessError
from chezhe.leads import permissions as lead_permissions
from chezhe.leads.actions.enquire_online import enquire_online
from chezhe.leads.steps import LeadFacts
from chezhe.origination import online, permissions
from chezhe.origination.actions.apply_online import apply_online
from chezhe.portal import queries, steps
from chezhe.portal.forms_voices import ApplyForm, EnquiryForm
from chezhe.portal.views.parts import evidence_of, refused


@require_http_methods(["GET", "HEAD", "POST"])
@needs(permissions.WRITE, BORROWER)
def apply(request: HttpRequest) -> HttpResponse:
    """Product, amount, term, car, and each agreement by itself; it lands as a draft that waits for its papers."""
    if steps.is_visitor(request.actor):
        return redirect(request.portal.url("enquire"))
    customer, today = queries.customer(request.actor), business_date.current()
    wanted = online.wanted_of(customer, today)
    form, context = ApplyForm(request.POST or None, customer=customer, consents=wanted, on=today), _texts(customer, wanted)
    if request.method == "POST" and form.is_valid():
        try:
            wish = form.wish(evidence_of(request))
            made = apply_online(
                customer_number=customer.number, wish=wish, device=request.device, business_date=today, by=request.actor)
        except BusinessError as refusal:
            return refused(request, "portal/m/apply.html", form, refusal, context)
        return redirect(request.portal.url("supplement", handles.handle_of(made.subject)))
    return render(request, "portal/m/apply.html", {"form": form, **context}, status=422 if form.errors else 200)


def _texts(customer: Customer, wanted: list[str]) -> dict[str, Any]:
    standings = compliance_queries.consents_of(customer.subject, business_date.current())
    return {"texts": [(one.label, one.text) for one in standings if one.kind in wanted and one.text is not None]}


@require_http_methods(["GET", "HEAD", "POST"])
@needs(lead_permissions.ENQUIRE, BORROWER)
def enquire(request: HttpRequest) -> HttpResponse:
    """Somebody whom we do not know yet: a colleague of the branch calls back."""
    form, context = EnquiryForm(request.POST or None), {"is_sent": request.GET.get("sent") == "yes"}
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        facts = LeadFacts(
            name=said["name"], mobile=request.outside_session.account.mobile, source="website", product_interest=said["product_interest"],
            amount_wanted=said["amount_wanted"], note=_note(said))
        try:
            enquire_online(
                facts=facts, branch_code=said["branch_code"], agrees=said["agrees"], evidence=evidence_of(request),
                business_date=business_date.current(), by=request.actor)
        except BusinessError as refusal:
            return refused(request, "portal/m/enquire.html", form, refusal, context)
        return redirect(f"{request.path}?sent=yes")
    return render(request, "portal/m/enquire.html", {"form": form, **context}, status=422 if form.errors else 200)


def _note(said: dict[str, Any]) -> str:
    parts = [_("客户在手机端申请"), _("期限 %(months)s 个月") % {"months": said["periods"]}]
    return "；".join([*parts, *([_("车牌 %(plate)s") % {"plate": said["plate"]}] if said["plate"] else [])])
