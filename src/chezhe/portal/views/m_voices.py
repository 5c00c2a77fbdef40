"""Complaints with their answers, and how the customer found it."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from chezhe.compliance import labels
from chezhe.compliance import permissions as compliance_permissions
from chezhe.compliance import queries as compliance_queries
from chezhe.compliance.actions.close_complaint import close_complaint
from chezhe.compliance.actions.file_complaint import file_complaint
from chezhe.compliance.states import COMPLAINT
from chezhe.kernel import business_date, handles
from chezhe.kernel.actor import BORROWER
from chezhe.kernel.doors import needs
from chezhe.kernel.errors import BusinessError
from chezhe.portal import permissions, queries, voicing
from chezhe.portal.actions.rate_service import rate_service
from chezhe.portal.forms_voices import StarsForm, VoiceForm
from chezhe.portal.views import m_loan
from chezhe.portal.views.parts import refused
from chezhe.servicing.models import Loan
from chezhe.ui.status import Status

_TONES = {"received": "progress", "answered": "good", "closed": "neutral"}


@require_http_methods(["GET", "HEAD", "POST"])
@needs(compliance_permissions.FILE_COMPLAINT, BORROWER)
def complaints(request: HttpRequest) -> HttpResponse:
    """What the customer told us, by when it is answered, and the answers; and the form for another one."""
    customer = queries.customer(request.actor)
    form = VoiceForm(request.POST or None)
    rows = compliance_queries.complaints_of(customer.subject)[:queries.CARDS_MAX]
    context = {
        "rows": [(one, Status(COMPLAINT.labels[one.status], _TONES[one.status])) for one in rows], "copy_kind": labels.COPY_ASKED,
    }
    if request.method == "POST" and form.is_valid():
        try:
            file_complaint(subject=customer.subject, **form.cleaned_data, business_date=business_date.current(), by=request.actor)
        except BusinessError as refusal:
            return refused(request, "portal/m/complaints.html", form, refusal, context)
        return redirect(request.portal.url("complaints"))
    return render(request, "portal/m/complaints.html", {"form": form, **context}, status=422 if form.errors else 200)


@require_POST
@needs(compliance_permissions.CLOSE_COMPLAINT, BORROWER)
def content(request: HttpRequest, handle: str) -> HttpResponse:
    """The customer is content with the answer."""
    close_complaint(complaint_number=handles.subject_of(handle, "complaint"), by=request.actor)
    return redirect(request.portal.url("complaints"))


@require_http_methods(["GET", "HEAD", "POST"])
@needs(permissions.RATE, BORROWER)
def rating(request: HttpRequest, handle: str) -> HttpResponse:
    """One to five and a few words, once for the payout and once for the settlement."""
    found = m_loan.own(request, handle)
    form = StarsForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        try:
            rate_service(
                loan_number=found.number, occasion=said["occasion"], stars=int(said["stars"]), words=said["words"],
                business_date=business_date.current(), by=request.actor)
        except BusinessError as refusal:
            return refused(request, "portal/m/rating.html", form, refusal, _asked(found))
        return redirect(request.portal.url("rating", handles.handle_of(found.subject)))
    return render(request, "portal/m/rating.html", {"form": form, **_asked(found)}, status=422 if form.errors else 200)


def _asked(found: Loan) -> dict[str, Any]:
    told = [(one, StarsForm(initial={"occasion": one.code}, auto_id=f"{one.code}_%s")) for one in voicing.occasions(found)]
    return {"loan": found, "occasions": told}
