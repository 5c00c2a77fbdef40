"""A dealer's cases: filed, supplied with papers, handed in, followed."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from chezhe.documents import permissions as document_permissions
from chezhe.documents.actions.upload_document import upload_document
from chezhe.kernel import business_date, handles
from chezhe.kernel.actor import DEALER
from chezhe.kernel.doors import needs
from chezhe.kernel.errors import BusinessError
from chezhe.origination import permissions
from chezhe.origination.actions.answer_wanted import answer_wanted
from chezhe.origination.actions.submit_application import submit_application
from chezhe.portal import dealing
from chezhe.portal import permissions as portal_permissions
from chezhe.portal.actions.file_case import file_case
from chezhe.portal.d_forms import AnswerForm, CaseForm, PaperForm
from chezhe.portal.views.parts import refused

_PAGE = "portal/d/case.html"


def _back(request: HttpRequest, subject: str) -> HttpResponse:
    return redirect(request.portal.url("case", handles.handle_of(subject)))


@require_http_methods(["GET", "POST"])
@needs(portal_permissions.FILE_CASE, DEALER)
def new(request: HttpRequest) -> HttpResponse:
    """The short form."""
    on = business_date.current()
    form = CaseForm(request.POST or None, on=on)
    if request.method == "POST" and form.is_valid():
        try:
            made = file_case(case=form.case(), business_date=on, by=request.actor)
        except BusinessError as refusal:
            return refused(request, "portal/d/new.html", form, refusal, {})
        messages.success(request, _("已提单，请上传资料后提交审核。"))
        return _back(request, made.subject)
    return render(request, "portal/d/new.html", {"form": form}, status=422 if form.errors else 200)


@require_GET
@needs(permissions.VIEW, DEALER)
def case(request: HttpRequest, handle: str) -> HttpResponse:
    """One case: where it stands, what is still to be brought, what was paid and earned."""
    return render(request, _PAGE, _context(request, handle))


def _context(request: HttpRequest, handle: str, paper: PaperForm | None = None) -> dict[str, Any]:
    found = dealing.case_of(request.actor, handles.subject_of(handle, "application"), business_date.current())
    paper = paper or PaperForm(categories=dealing.paper_choices(found))
    return {"case": found, "card": found.card, "paper": paper, "handle": handle, "form": paper}


@require_POST
@needs(document_permissions.UPLOAD, DEALER)
def upload(request: HttpRequest, handle: str) -> HttpResponse:
    """One paper more."""
    number = handles.subject_of(handle, "application")
    found = dealing.case_of(request.actor, number, business_date.current())
    form = PaperForm(request.POST, request.FILES, categories=dealing.paper_choices(found))
    if not form.is_valid():
        return render(request, _PAGE, _context(request, handle, form), status=422)
    try:
        upload_document(
            subject=found.application.subject, category_code=form.cleaned_data["category"], upload=form.cleaned_data["file"],
            by=request.actor)
    except BusinessError as refusal:
        return refused(request, _PAGE, form, refusal, {**_context(request, handle, form)})
    messages.success(request, _("资料已上传。"))
    return _back(request, found.application.subject)


@require_POST
@needs(permissions.WRITE, DEALER)
def answer(request: HttpRequest, handle: str, wanted_id: int) -> HttpResponse:
    """Say what was done about something wanted."""
    form = AnswerForm(request.POST)
    number = dealing.find(request.actor, handles.subject_of(handle, "application")).number
    if form.is_valid():
        try:
            answer_wanted(application_number=number, wanted_id=wanted_id, answer=form.cleaned_data["answer"], by=request.actor)
        except BusinessError as refusal:
            return refused(request, _PAGE, form, refusal, {key: value for key, value in _context(request, handle).items() if key != "form"})
        return _back(request, f"application:{number}")
    return render(request, _PAGE, {**_context(request, handle), "form": form}, status=422)


@require_POST
@needs(permissions.WRITE, DEALER)
def submit(request: HttpRequest, handle: str) -> HttpResponse:
    """Hand it in."""
    row = dealing.find(request.actor, handles.subject_of(handle, "application"))
    context = _context(request, handle)
    try:
        submit_application(application_number=row.number, version=row.version, business_date=business_date.current(), by=request.actor)
    except BusinessError as refusal:
        return refused(request, _PAGE, PaperForm(request.POST, categories=[]), refusal, {k: v for k, v in context.items() if k != "form"})
    messages.success(request, _("已提交审核，结果会在这里显示。"))
    return _back(request, row.subject)
