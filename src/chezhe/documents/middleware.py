"""A request that is far too large is refused before its body is read (TRUST.md T15)."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from chezhe.documents.errors import FileTooLarge
from chezhe.kernel import refusals

_FORM_BYTES = 1024 * 1024  # the other fields of the form and the borders between them


class UploadLimitMiddleware:
    """Stands before everything that would read the body; WSGI never reads beyond the declared length."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        declared = request.META.get("CONTENT_LENGTH") or "0"
        if declared.isdigit() and int(declared) <= settings.UPLOAD_BYTES_MAX + _FORM_BYTES:
            return self.get_response(request)
        return refusals.respond(request, FileTooLarge(limit=settings.UPLOAD_BYTES_MAX // (1024 * 1024)))
