"""Papers that were read beside what is on file."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from chezhe.kernel import business_date
from chezhe.kernel.doors import needs
from chezhe.kernel.errors import BusinessError
from chezhe.origination import permissions
from chezhe.origination.actions.compare_paper import compare_paper
from chezhe.origination.actions.keep_typed import keep_typed
from chezhe.origination.actions.take_from_paper import take_from_paper
from chezhe.origination.matching import comparing
from chezhe.origination.matching.errors import PaperNotRead
from chezhe.origination.views import page
from chezhe.ui.navigation import url_or_none

CARS = ("vehicle_licence", "registration_certificate")


@require_GET
@needs(permissions.VIEW)
def matching_panel(request: HttpRequest) -> HttpResponse:
    """Panel: each paper that was read with how its fields stand; no value is on it."""
    row = page.of_subject(request)
    found = comparing.summaries(row)
    read = [one.reading for one in found if one.reading.status == "read" and one.reading.kind in CARS]
    register = url_or_none("vehicles:create") if read and row.vehicle is None and row.is_editable else None
    context = {
        "application": row, "summaries": found, "may_compare": request.actor.can(permissions.COMPARE.code),
        "register": f"{register}?owner={row.customer.number}&paper={read[0].file.key}" if register else "",
    }
    return render(request, "origination/matching.html", context)


@require_GET
@needs(permissions.COMPARE)
def paper(request: HttpRequest, number: str, key: UUID) -> HttpResponse:
    """One paper: its picture, and each field beside what is on file with what may be done about it."""
    try:
        compared = compare_paper(application_number=number, document_number=str(key), by=request.actor)
    except PaperNotRead as refusal:
        messages.error(request, str(refusal))
        return redirect("origination:application", number)
    context = {
        "application": compared.application, "reading": compared.reading, "matches": compared.matches,
        "may_judge": compared.application.is_editable and request.actor.can(permissions.WRITE.code),
    }
    return render(request, "origination/paper.html", context)


@require_POST
@needs(permissions.WRITE)
def take(request: HttpRequest, number: str, key: UUID, field: str) -> HttpResponse:
    """Take one field over from the paper."""
    try:
        take_from_paper(
            application_number=number, document_number=str(key), field=field, seen=request.POST.get("seen", ""),
            business_date=business_date.current(), by=request.actor,
        )
    except BusinessError as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("已采用，原内容保留在修改记录中。"))
    return redirect("origination:paper", number, key)


@require_POST
@needs(permissions.WRITE)
def keep(request: HttpRequest, number: str, key: UUID, field: str) -> HttpResponse:
    """Let what was typed stand."""
    try:
        keep_typed(
            application_number=number, document_number=str(key), field=field, seen=request.POST.get("seen", ""), by=request.actor)
    except BusinessError as refusal:
        messages.error(request, str(refusal))
    return redirect("origination:paper", number, key)
