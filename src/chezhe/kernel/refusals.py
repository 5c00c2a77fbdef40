"""How a refusal looks at each door: problem details for the API, a page or an htmx part for people."""

from __future__ import annotations

import json
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _

from chezhe.kernel.errors import BusinessError


class KeyRequired(BusinessError):
    code = "idempotency_key_required"
    http_status = 400
    sentence = _("请在请求头中提供 Idempotency-Key，以免重复提交。")


class AddressUnreadable(BusinessError):
    code = "address_unreadable"
    http_status = 400
    sentence = _("网址含有不可见的控制字符，请核对后重试。")


class ControlCharacter(BusinessError):
    code = "control_character"
    http_status = 422
    sentence = _("内容含有不可见的控制字符，请删除后重试。")


class MethodNotAllowed(BusinessError):
    code = "method_not_allowed"
    http_status = 405
    sentence = _("这个地址不支持此请求方法，可用：%(allowed)s。")


class BodyTooLarge(BusinessError):
    code = "body_too_large"
    http_status = 413
    sentence = _("请求内容超过 %(limit)s MB，请减少内容后重试。")


def problem(refusal: BusinessError, request: HttpRequest) -> dict[str, Any]:
    """RFC 9457 problem details with our stable `code`, the field and the facts."""
    body: dict[str, Any] = {
        "type": f"urn:chezhe:problem:{refusal.code}", "title": str(refusal), "status": refusal.http_status,
        "code": refusal.code, "request_id": getattr(request, "request_id", ""),
    }
    if refusal.field:
        body["field"] = refusal.field
    if refusal.facts:
        body["facts"] = {name: str(value) for name, value in refusal.facts.items()}
    return body


def respond(request: HttpRequest, refusal: BusinessError) -> HttpResponse:
    """The refusal in the form this door speaks."""
    if request.path.startswith("/api/"):
        return problem_response(problem(refusal, request))
    is_part = request.headers.get("HX-Request") == "true"
    template = "ui/errors/refusal_part.html" if is_part else "ui/errors/refusal.html"
    return render(request, template, {"refusal": refusal, "sentence": str(refusal)}, status=refusal.http_status)


def problem_response(body: dict[str, Any]) -> HttpResponse:
    text = json.dumps(body, ensure_ascii=False)
    return HttpResponse(text, status=body["status"], content_type="application/problem+json; charset=utf-8")
