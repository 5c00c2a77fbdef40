"""What a customer agreed to, taking it back, and what we keep."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from chezhe.compliance import labels, permissions
from chezhe.compliance import queries as compliance_queries
from chezhe.compliance.actions.file_complaint import file_complaint
from chezhe.compliance.actions.grant_consent import grant_consent
from chezhe.compliance.actions.withdraw_consent import withdraw_consent
from chezhe.kernel import business_date
from chezhe.kernel.actor import BORROWER
from chezhe.kernel.doors import needs
from chezhe.kernel.errors import NotFound
from chezhe.portal import queries, voicing
from chezhe.portal.views.parts import evidence_of


@require_GET
@needs(permissions.WITHDRAW_CONSENT, BORROWER)
def privacy(request: HttpRequest) -> HttpResponse:
    """Every consent with its text and its day, what is kept and how long, and the way to a copy."""
    customer, today = queries.customer(request.actor), business_date.current()
    asked = compliance_queries.complaints_of(customer.subject).filter(kind=labels.COPY_ASKED).first()
    return render(request, "portal/m/privacy.html", {
        "standings": compliance_queries.consents_of(customer.subject, today), "kept": voicing.kept_of(customer), "asked": asked,
    })


def _kind(kind: str) -> str:
    if kind not in dict(labels.CONSENT_KINDS):
        raise NotFound(what=kind)
    return kind


@require_POST
@needs(permissions.WITHDRAW_CONSENT, BORROWER)
def withdraw(request: HttpRequest, kind: str) -> HttpResponse:
    """Not any more, from now on."""
    withdraw_consent(
        subject=queries.customer(request.actor).subject, kind=_kind(kind), channel="online", evidence=evidence_of(request),
        business_date=business_date.current(), by=request.actor)
    return redirect(request.portal.url("privacy"))


@require_POST
@needs(permissions.GRANT_CONSENT, BORROWER)
def grant(request: HttpRequest, kind: str) -> HttpResponse:
    """Yes, to the text that is in force today."""
    grant_consent(
        subject=queries.customer(request.actor).subject, kind=_kind(kind), channel="online", evidence=evidence_of(request),
        business_date=business_date.current(), by=request.actor)
    return redirect(request.portal.url("privacy"))


@require_POST
@needs(permissions.FILE_COMPLAINT, BORROWER)
def ask_copy(request: HttpRequest) -> HttpResponse:
    """A copy of everything, which compliance hands over within the time for complaints."""
    file_complaint(
        subject=queries.customer(request.actor).subject, kind=labels.COPY_ASKED, words=_("请提供贵公司保存的本人全部个人信息的副本。"),
        business_date=business_date.current(), by=request.actor)
    return redirect(request.portal.url("complaints"))
