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
    """The problem details of a refusal: its stable `code`, its sentence, the field and the facts."""
    more: dict[str, Any] = {}
    if refusal.field:
        more["field"] = refusal.field
    if refusal.facts:
        more["facts"] = {name: str(value) for name, value in refusal.facts.items()}
    return details(request, refusal.http_status, refusal.code, str(refusal), **more)


def details(request: HttpRequest, status: int, code: str, sentence: str, **more: Any) -> dict[str, Any]:
    """RFC 9457: `title` says what kind of problem it is, `detail` what happened this time and what to do."""
    request_id = getattr(request, "request_id", "")
    return {
        "type": f"urn:chezhe:problem:{code}", "title": str(_TITLES.get(status, _TITLES[400])), "status": status, "detail": sentence,
        "instance": f"urn:chezhe:request:{request_id}", "code": code, "request_id": request_id, **more,
    }


def respond(request: HttpRequest, refusal: BusinessError) -> HttpResponse:
    """The refusal in the form this door speaks; a door for outsiders says it in words of its own (`request.reworded`)."""
    reworded = getattr(request, "reworded", None)
    refusal = reworded(refusal) if reworded else refusal
    if request.path.startswith("/api/"):
        return problem_response(request, problem(refusal, request))
    is_part = request.headers.get("HX-Request") == "true"
    template = "ui/errors/refusal_part.html" if is_part else getattr(request, "refusal_template", "ui/errors/refusal.html")
    return render(request, template, {"refusal": refusal, "sentence": str(refusal)}, status=refusal.http_status)


def problem_response(request: HttpRequest, body: dict[str, Any]) -> HttpResponse:
    """The answer that carries problem details; a 401 says how to sign in (RFC 6750)."""
    text = json.dumps(body, ensure_ascii=False)
    response = HttpResponse(text, status=body["status"], content_type="application/problem+json; charset=utf-8")
    if body["status"] == 401:
        has_token = bool(request.headers.get("Authorization"))
        response["WWW-Authenticate"] = 'Bearer realm="chezhe"' + (', error="invalid_token"' if has_token else "")
    return response


_TITLES = {
    400: _("请求无法识别"), 401: _("尚未登录"), 403: _("没有权限"), 404: _("没有找到"), 405: _("不支持的请求方法"),
    409: _("与当前情况不符"), 413: _("内容过大"), 415: _("不支持的内容类型"), 422: _("内容有误"), 429: _("请求过于频繁"),
    500: _("系统出错"), 503: _("暂时不可用"),
}
