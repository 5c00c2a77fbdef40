"""Pages of the documents room: the panel on other rooms' pages, and the files themselves."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from chezhe.documents import permissions, queries
from chezhe.documents.actions.open_document import open_document
from chezhe.documents.actions.open_reading import open_reading
from chezhe.documents.actions.read_again import read_again as ask_again
from chezhe.documents.actions.remove_document import remove_document
from chezhe.documents.actions.upload_document import upload_document
from chezhe.documents.errors import FileKindForeign, NotAgain
from chezhe.documents.forms import RemovalForm, UploadForm
from chezhe.documents.models import PaperReading
from chezhe.documents.reading import queries as reading_queries
from chezhe.documents.responses import file_response
from chezhe.kernel.doors import needs, require
from chezhe.kernel.errors import BusinessError


@require_http_methods(["GET", "POST"])
@needs(permissions.VIEW)
def panel(request: HttpRequest) -> HttpResponse:
    """The papers of `?subject=`, what `?required=` says is missing, and the drop zone; a POST adds one paper."""
    subject, required = request.GET.get("subject", ""), _codes(request)
    if request.method == "POST":
        require(request, permissions.UPLOAD)
        return _upload(request, subject, required)
    return _panel(request, subject, required)


def _codes(request: HttpRequest) -> list[str]:
    return [code for code in request.GET.get("required", "").split(",") if code][:60]


def _upload(request: HttpRequest, subject: str, required: list[str]) -> HttpResponse:
    offered = queries.checklist(subject, required, request.actor).choices
    form = UploadForm(request.POST, request.FILES, categories=[(c.code, c.label) for c in offered])
    if form.is_valid():
        try:
            upload_document(
                subject=subject, category_code=form.cleaned_data["category"], upload=form.cleaned_data["file"], by=request.actor
            )
        except BusinessError as refusal:
            form.refuse(refusal)
        else:
            return _panel(request, subject, required)
    return _panel(request, subject, required, form=form)


def _panel(request: HttpRequest, subject: str, required: list[str], *, form: UploadForm | None = None) -> HttpResponse:
    checklist = queries.checklist(subject, required, request.actor)
    choices = [(category.code, category.label) for category in checklist.choices]
    first_missing = checklist.missing[0].code if checklist.missing else ""
    file_errors = form.errors.get("file", []) if form is not None else []
    context: dict[str, Any] = {
        "checklist": checklist, "form": form or UploadForm(categories=choices, initial={"category": first_missing}),
        "file_error": " ".join(file_errors),
        "bytes_max": settings.UPLOAD_BYTES_MAX, "megabytes_max": settings.UPLOAD_BYTES_MAX // (1024 * 1024),
        "can_upload": request.actor.can(permissions.UPLOAD.code), "can_remove": request.actor.can(permissions.REMOVE.code),
        "panel_url": request.get_full_path(), "readings": _readings(request, checklist),
    }
    status = 422 if form is not None and form.errors else 200
    return render(request, "documents/panel.html", context, status=status)


def _readings(request: HttpRequest, checklist: queries.Checklist) -> list[tuple[PaperReading, list[reading_queries.Shown], bool]]:
    """What was read of the papers listed, hidden, with whether it may be asked for again."""
    found = reading_queries.readings_by_file(file for file in checklist.files if file.category in reading_queries.catalogue.KIND_OF)
    return [(one, reading_queries.shown(one), _may_ask_again(request, one)) for file in checklist.files if (one := found.get(file.key))]


def _may_ask_again(request: HttpRequest, reading: PaperReading) -> bool:
    return reading.status in ("unreadable", "given_up") and reading.why != "too_small" and request.actor.can(permissions.READ_AGAIN.code)


def _reading(request: HttpRequest, reading: PaperReading, *, in_full: bool = False, refusal: str = "", status: int = 200) -> HttpResponse:
    context = {
        "reading": reading, "shown": reading_queries.shown(reading, in_full=in_full), "in_full": in_full, "refusal": refusal,
        "may_ask_again": _may_ask_again(request, reading),
    }
    response = render(request, "documents/reading.html", context, status=status)
    if reading.status != "waiting":
        response["HX-Trigger"] = "paper-read"
    return response


@require_GET
@needs(permissions.VIEW)
def reading(request: HttpRequest, key: UUID) -> HttpResponse:
    """Part: where the reading of a paper stands; asks for itself again while the answer is still to come."""
    return _reading(request, reading_queries.of_file(str(key), request.actor))


@require_GET
@needs(permissions.OPEN_READING)
def reading_full(request: HttpRequest, key: UUID) -> HttpResponse:
    """The same with its values in full, which leaves a line in the trail."""
    return _reading(request, open_reading(document_number=str(key), by=request.actor), in_full=True)


@require_POST
@needs(permissions.READ_AGAIN)
def read_again(request: HttpRequest, key: UUID) -> HttpResponse:
    """Have it read once more."""
    try:
        asked = ask_again(document_number=str(key), by=request.actor)
    except NotAgain as refusal:
        return _reading(request, reading_queries.of_file(str(key), request.actor), refusal=str(refusal), status=refusal.http_status)
    return _reading(request, asked)


@require_POST
@needs(permissions.REMOVE)
def remove(request: HttpRequest, key: UUID) -> HttpResponse:
    """Take a paper away; answers with the sentence or with nothing but the word to load the panel again."""
    form = RemovalForm(request.POST)
    if form.is_valid():
        try:
            remove_document(document_number=str(key), reason=form.cleaned_data["reason"], by=request.actor)
        except BusinessError as refusal:
            form.refuse(refusal)
        else:
            return HttpResponse(status=204, headers={"HX-Trigger": "documents-changed"})
    return render(request, "documents/removal.html", {"form": form, "key": key}, status=422)


@require_GET
@needs(permissions.REMOVE)
def removal(request: HttpRequest, key: UUID) -> HttpResponse:
    """The small form that asks why."""
    file = queries.fetch(str(key), request.actor)
    return render(request, "documents/removal.html", {"form": RemovalForm(), "key": key, "file": file})


@require_GET
@needs(permissions.VIEW)
def download(request: HttpRequest, key: UUID) -> HttpResponse:
    """The file as an attachment."""
    opened = open_document(document_number=str(key), by=request.actor)
    return file_response(opened.file, opened.data, disposition="attachment")


@require_GET
@needs(permissions.VIEW)
def image(request: HttpRequest, key: UUID) -> HttpResponse:
    """A picture that we encoded ourselves, to be shown on a page; everything else is only handed out as an attachment."""
    if not queries.fetch(str(key), request.actor).is_image:
        raise FileKindForeign(allowed="JPG / PNG / WebP", found="PDF")
    opened = open_document(document_number=str(key), by=request.actor)
    return file_response(opened.file, opened.data, disposition="inline")


@require_GET
@needs(permissions.VIEW)
def preview(request: HttpRequest, key: UUID) -> HttpResponse:
    """The part of a page that shows one picture large."""
    return render(request, "documents/preview.html", {"file": queries.fetch(str(key), request.actor)})
