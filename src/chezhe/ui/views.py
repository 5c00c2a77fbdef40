"""Doors of the ui room: live checks of identifiers, the error pages, the styleguide."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from chezhe.kernel.doors import needs
from chezhe.ui.fields import CHECKED, sentence_of


@require_POST
@needs(None)
def check(request: HttpRequest, kind: str) -> HttpResponse:
    """Judge one identifier while the form is being filled in. A POST, because addresses end up in logs."""
    if kind not in CHECKED:
        raise Http404
    field = CHECKED[kind](required=False)
    given = next((str(v) for k, v in request.POST.items() if not k.startswith(("csrf", "_"))), "")[:80]
    value = field.to_python(given)
    findings = field.findings(value) if value else ()
    said = [{"is_error": f.is_error, "sentence": sentence_of(f)} for f in findings]
    return render(request, "ui/forms/check.html", {"value": value, "findings": said})


@needs(None)
def styleguide(request: HttpRequest) -> HttpResponse:
    """Every component with its states."""
    from chezhe.ui import samples

    if "part" in request.GET:
        return render(request, "ui/parts/sample_panel.html", {"journal": samples.journal()})
    return render(request, "ui/styleguide.html", samples.everything(request))


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return _error(request, 400)


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return _error(request, 403)


def csrf_failed(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Django's `CSRF_FAILURE_VIEW`: the page stood open too long, or came from elsewhere."""
    return _error(request, 403, {"is_csrf": True})


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return _error(request, 404)


def server_error(request: HttpRequest) -> HttpResponse:
    """Must not need the database: the shell stays away from it."""
    return _error(request, 500)


def _error(request: HttpRequest, status: int, extra: dict[str, Any] | None = None) -> HttpResponse:
    if request.path.startswith("/api/"):
        from chezhe.kernel import refusals

        return refusals.problem_response(request, refusals.details(request, status, f"http_{status}", str(_SENTENCES[status])))
    context = {"request_id": getattr(request, "request_id", ""), **(extra or {})}
    template = getattr(request, "error_template", "") or f"ui/errors/{status}.html"
    return render(request, template, context, status=status)


_SENTENCES = {
    400: _("请求无法识别，请核对后重试。"), 403: _("您没有权限进行此操作。"), 404: _("没有这个地址，请核对后重试。"),
    500: _("系统出错了，已记录。请稍后再试，或把编号告诉管理员。"),
}
