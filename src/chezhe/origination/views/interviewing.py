"""Interviews: the panel, the form, photos, signatures, and the record on paper."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from chezhe.kernel import business_date, clock
from chezhe.kernel.doors import needs
from chezhe.kernel.errors import BusinessError
from chezhe.origination import permissions
from chezhe.origination.actions.add_interview_photo import add_interview_photo
from chezhe.origination.actions.discard_interview import discard_interview
from chezhe.origination.actions.record_interview import record_interview
from chezhe.origination.actions.sign_interview import sign_interview
from chezhe.origination.interviewing import pages, queries
from chezhe.origination.interviewing.forms import InterviewForm, PhotoForm, SignatureForm
from chezhe.origination.views import page


@require_GET
@needs(permissions.VIEW)
def interviews_panel(request: HttpRequest) -> HttpResponse:
    """Panel: every record with its signatures, and whether one is still needed before a contract."""
    row, on = page.of_subject(request), business_date.current()
    context = {
        "application": row, "lines": pages.lines(row), "is_lacking": queries.is_needed(row, on) and not queries.is_held(row),
        "may_interview": request.actor.can(permissions.INTERVIEW.code),
    }
    return render(request, "origination/interviews.html", context)


@require_http_methods(["GET", "POST"])
@needs(permissions.INTERVIEW)
def interview_new(request: HttpRequest, number: str) -> HttpResponse:
    """Write a talk down."""
    return _form(request, number, "")


@require_http_methods(["GET", "POST"])
@needs(permissions.INTERVIEW)
def interview_edit(request: HttpRequest, number: str, record: str) -> HttpResponse:
    """Write an unsigned record anew."""
    return _form(request, number, record)


def _form(request: HttpRequest, number: str, record: str) -> HttpResponse:
    row = page.fetch(request, number)
    standing, status = queries.fetch(row, record) if record else None, 200
    form = InterviewForm(request.POST or None, application=row, interview=standing, at=clock.now())
    if request.method == "POST":
        status = 422
        talk = form.talk() if form.is_valid() else None
        if talk is not None:
            try:
                made = record_interview(application_number=number, interview_number=record, talk=talk, by=request.actor)
            except BusinessError as refusal:
                form.refuse(refusal)
                status = refusal.http_status
            else:
                messages.success(request, _("面签记录已保存，请上传照片并由双方签字。"))
                return redirect("origination:interview", number, made.number)
    context = {"form": form, "title": _("面签记录"), "submit": _("保存，下一步签字"), "application": row, "back": _tab(number)}
    return render(request, "origination/form.html", context, status=status)


@require_GET
@needs(permissions.VIEW)
def interview(request: HttpRequest, number: str, record: str) -> HttpResponse:
    """One record: answers, photos, and who has still to sign."""
    return _show(request, number, record)


def _show(
    request: HttpRequest, number: str, record: str, *, signing: SignatureForm | None = None, photo: PhotoForm | None = None,
    status: int = 200,
) -> HttpResponse:
    row = page.fetch(request, number)
    found = queries.fetch(row, record)
    context: dict[str, Any] = {
        "application": row, **pages.of_record(found, request.actor),
        "signing": signing or SignatureForm(), "photo_form": photo or PhotoForm(),
    }
    return render(request, "origination/interview.html", context, status=status)


@require_POST
@needs(permissions.INTERVIEW)
def interview_photo(request: HttpRequest, number: str, record: str) -> HttpResponse:
    """Add a photo."""
    form = PhotoForm(request.POST, request.FILES)
    if form.carries_out(lambda: add_interview_photo(
            application_number=number, interview_number=record, upload=form.cleaned_data["photo"], by=request.actor)):
        return redirect("origination:interview", number, record)
    return _show(request, number, record, photo=form, status=422)


@require_POST
@needs(permissions.INTERVIEW)
def interview_sign(request: HttpRequest, number: str, record: str) -> HttpResponse:
    """One side signs."""
    form = SignatureForm(request.POST, request.FILES)
    if form.carries_out(lambda: sign_interview(
            application_number=number, interview_number=record, signer=form.cleaned_data["signer"], drawing=form.cleaned_data["drawing"],
            reference=form.cleaned_data["reference"], by=request.actor)):
        messages.success(request, _("签字已登记。"))
        return redirect("origination:interview", number, record)
    return _show(request, number, record, signing=form, status=422)


@require_POST
@needs(permissions.INTERVIEW)
def interview_discard(request: HttpRequest, number: str, record: str) -> HttpResponse:
    """Give an unsigned record up."""
    try:
        discard_interview(
            application_number=number, interview_number=record, reason=request.POST.get("reason", ""), by=request.actor)
    except BusinessError as refusal:
        messages.error(request, str(refusal))
        return redirect("origination:interview", number, record)
    return redirect(_tab(number))


@require_GET
@needs(permissions.VIEW)
def interview_print(request: HttpRequest, number: str, record: str) -> HttpResponse:
    """The record on paper, to be signed by hand or filed."""
    row = page.fetch(request, number)
    context = {"application": row, **pages.of_record(queries.fetch(row, record), request.actor)}
    return render(request, "origination/interview_paper.html", context)


def _tab(number: str) -> str:
    return f"{reverse('origination:application', args=[number])}?tab=interviews"
