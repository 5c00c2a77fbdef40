"""The API's common ground: sign-in, problem details, cursors, and JSON that refuses unknown keys."""

from __future__ import annotations

import base64
from collections.abc import Callable
from decimal import Decimal
from typing import Annotated, Any

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from ninja import NinjaAPI, Schema
from ninja.errors import AuthenticationError, HttpError, ValidationError
from ninja.utils import check_csrf
from pydantic import BeforeValidator, ConfigDict, Field, PlainSerializer

from chezhe.finmath.money import Money, parse
from chezhe.kernel import authority, refusals
from chezhe.kernel.actor import Actor
from chezhe.kernel.errors import BusinessError, Invalid

PAGE_SIZE, PAGE_SIZE_MAX = 50, 200


class In(Schema):
    """A request body: unknown keys are refused."""

    model_config = ConfigDict(extra="forbid")


class Out(Schema):
    """An answer."""


def _parse_money(value: Any) -> Money:
    if isinstance(value, Money):
        return value
    if not isinstance(value, str):
        raise ValueError("money_not_text")
    return parse(value)


def _parse_rate(value: Any) -> Decimal:
    if isinstance(value, Decimal):
        return value
    if not isinstance(value, str):
        raise ValueError("rate_not_text")
    return Decimal(value)


# On the wire money is a string of yuan with two decimals and a rate a string fraction.
Yuan = Annotated[
    Money, BeforeValidator(_parse_money), PlainSerializer(str, return_type=str),
    Field(json_schema_extra={"type": "string", "pattern": r"^-?\d+\.\d{2}$", "examples": ["100000.00"]}),
]
Fraction = Annotated[
    Decimal, BeforeValidator(_parse_rate), PlainSerializer(lambda rate: f"{rate:f}", return_type=str),
    Field(json_schema_extra={"type": "string", "examples": ["0.1188"]}),
]


class Problem(Schema):
    """RFC 9457 problem details; `code` is stable."""

    type: str
    title: str
    status: int
    code: str
    request_id: str
    field: str | None = None
    facts: dict[str, str] | None = None
    errors: list[dict[str, str]] | None = None


class Page(Schema):
    """One page of a list; ask again with `cursor=next_cursor` while it is not null."""

    items: list[Any]
    next_cursor: str | None = None


def signed_in(request: HttpRequest) -> Actor | None:
    """Ninja auth: a bearer token, or the page's session (then with its CSRF token)."""
    actor = authority.actor_of(request)
    if actor.is_anonymous:
        return None
    if not request.headers.get("Authorization") and request.method not in ("GET", "HEAD", "OPTIONS"):
        failed = check_csrf(request)
        if failed:
            return None
    return actor


def page_of(rows: QuerySet[Any], cursor: str, limit: int, shape: Callable[[Any], Any]) -> dict[str, Any]:
    """A page in descending id; the cursor is opaque and stays valid while rows are added."""
    limit = max(1, min(limit, PAGE_SIZE_MAX))
    rows = rows.order_by("-id")
    if cursor:
        rows = rows.filter(id__lt=_after(cursor))
    found = list(rows[: limit + 1])
    more = len(found) > limit
    next_cursor = base64.urlsafe_b64encode(str(found[limit - 1].pk).encode()).decode() if more else None
    return {"items": [shape(row) for row in found[:limit]], "next_cursor": next_cursor}


def _after(cursor: str) -> int:
    try:
        return int(base64.urlsafe_b64decode(cursor.encode()))
    except ValueError:
        raise Invalid(field="cursor", code="cursor_invalid", sentence=_("游标无效，请从第一页重新读取。")) from None


def install_handlers(api: NinjaAPI) -> None:
    """Every way to fail answers with problem details."""

    @api.exception_handler(BusinessError)
    def _refused(request: HttpRequest, refusal: BusinessError) -> HttpResponse:
        return refusals.respond(request, refusal)

    @api.exception_handler(AuthenticationError)
    def _who(request: HttpRequest, failure: AuthenticationError) -> HttpResponse:
        return _problem(request, 401, "not_signed_in", _("请先登录，或提供有效的访问令牌。"))

    @api.exception_handler(ValidationError)
    def _malformed(request: HttpRequest, failure: ValidationError) -> HttpResponse:
        errors = [_error_row(error) for error in failure.errors]
        return _problem(request, 422, "invalid", _("请求内容有误，请按 errors 逐项改正。"), errors=errors)

    @api.exception_handler(HttpError)
    def _http(request: HttpRequest, failure: HttpError) -> HttpResponse:
        return _problem(request, failure.status_code, "bad_request", _("请求无法识别，请检查 JSON 格式。"))


def _error_row(error: dict[str, Any]) -> dict[str, str]:
    """`{"field","code","message"}` of one pydantic error, in the user's language."""
    kind = str(error.get("type", ""))
    path = [str(part) for part in error.get("loc", ()) if part not in ("body", "payload", "data", "query", "path")]
    sentences = {
        "missing": _("此项必填。"),
        "extra_forbidden": _("没有这个字段。"),
        "string_type": _("须为文本。"),
        "date_from_datetime_parsing": _("日期不存在，格式为 2026-11-23。"),
        "date_parsing": _("日期不存在，格式为 2026-11-23。"),
        "int_parsing": _("须为整数。"),
        "value_error": _("格式不正确：金额为带两位小数的文本，利率为小数文本。"),
    }
    return {"field": ".".join(path), "code": kind, "message": sentences.get(kind, _("此项的值不正确。"))}


def _problem(request: HttpRequest, status: int, code: str, title: str, **more: Any) -> HttpResponse:
    body = {"type": f"urn:chezhe:problem:{code}", "title": title, "status": status, "code": code,
            "request_id": getattr(request, "request_id", ""), **more}
    return refusals.problem_response(body)
