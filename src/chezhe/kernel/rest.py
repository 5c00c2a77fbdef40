"""The API's common ground: sign-in, who may, problem details, cursors."""

from __future__ import annotations

import base64
import functools
import json
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, HttpError, ValidationError
from ninja.parser import Parser
from ninja.renderers import JSONRenderer
from ninja.responses import NinjaJSONEncoder
from ninja.utils import check_csrf

from chezhe.kernel import authority, clock, refusals, unseen
from chezhe.kernel.actor import Actor
from chezhe.kernel.doors import STAFF, require, require_audience
from chezhe.kernel.errors import BusinessError, Invalid
from chezhe.kernel.refusals import ControlCharacter
from chezhe.kernel.wire import Amount, Day, Flag, Fraction, In, MoveOut, Out, Page, Problem, Rate, Text, Whole, Yuan, sentence_of

__all__ = [
    "PAGE_SIZE", "Amount", "Day", "Flag", "Fraction", "In", "MoveOut", "Out", "Page", "Problem", "Rate", "Renderer", "StrictParser",
    "Text", "Whole", "Yuan", "install_guard", "install_handlers", "keep_no_answer", "page_of", "page_of_list", "signed_in",
]
PAGE_SIZE, PAGE_SIZE_MAX = 50, 200


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


def keep_no_answer(request: HttpRequest) -> None:
    """What this request is told may stand nowhere, not even sealed beside its idempotency key."""
    request.answer_is_private = True  # type: ignore[attr-defined]


def page_of(rows: QuerySet[Any], cursor: str, limit: int, shape: Callable[[Any], Any], *, newest_first: bool = True) -> dict[str, Any]:
    """A page by id; the cursor is opaque and stays valid while rows are added."""
    limit = max(1, min(limit, PAGE_SIZE_MAX))
    rows = rows.order_by("-id" if newest_first else "id")
    if cursor:
        place = _place(cursor)
        rows = rows.filter(id__lt=place) if newest_first else rows.filter(id__gt=place)
    found = list(rows[: limit + 1])
    more = len(found) > limit
    return {"items": [shape(row) for row in found[:limit]], "next_cursor": _cursor(found[limit - 1].pk) if more else None}


def page_of_list(rows: Sequence[Any], cursor: str, limit: int, shape: Callable[[Any], Any]) -> dict[str, Any]:
    """A page of what is worked out as a whole, in its own order; the cursor is a place in it."""
    limit, start = max(1, min(limit, PAGE_SIZE_MAX)), _place(cursor) if cursor else 0
    end = start + limit
    return {"items": [shape(row) for row in rows[start:end]], "next_cursor": _cursor(end) if end < len(rows) else None}


def _cursor(place: int) -> str:
    return base64.urlsafe_b64encode(str(place).encode()).decode()


def _place(cursor: str) -> int:
    try:
        place = int(base64.urlsafe_b64decode(cursor.encode()))
    except ValueError:
        place = -1
    if not 0 <= place < 2**63:
        raise Invalid(field="cursor", code="cursor_invalid", sentence=_("游标无效，请从第一页重新读取。"))
    return place


class KindOfBodyUnknown(BusinessError):
    code = "media_type_unsupported"
    http_status = 415
    sentence = _lazy("请求内容须为 %(expected)s。")


class BodyNotRead(BusinessError):
    code = "body_not_read"
    http_status = 422
    sentence = _lazy("此操作不需要内容，请发送空的 JSON 对象。")


def install_guard(api: NinjaAPI) -> None:
    """Before a body is read: is the actor allowed this at all, and is the body of a kind this operation reads?"""

    def guard(run: Callable[..., Any]) -> Callable[..., Any]:
        operation = run.__self__  # type: ignore[attr-defined]

        @functools.wraps(run)
        def guarded(request: HttpRequest, **path: Any) -> Any:
            try:
                if getattr(operation.view_func, "is_open", False):
                    _require_kind(request, operation)
                    _require_clean(path, request)
                elif not authority.actor_of(request).is_anonymous:
                    require_audience(request, getattr(operation.view_func, "audience", STAFF))
                    require(request, getattr(operation.view_func, "needs", None))
                    _require_kind(request, operation)
                    _require_clean(path, request)
                return run(request, **path)
            except BusinessError as refusal:
                return refusals.respond(request, refusal)

        return guarded

    api.add_decorator(guard, mode="view")


def _require_kind(request: HttpRequest, operation: Any) -> None:
    sources = {model.__ninja_param_source__ for model in operation.models}
    expected = "multipart/form-data" if sources & {"form", "file"} else "application/json" if "body" in sources else ""
    if expected and request.content_type != expected:
        raise KindOfBodyUnknown(expected=expected)
    if not expected and request.method != "GET" and request.body.strip() not in (b"", b"{}"):
        raise BodyNotRead()


def _require_clean(path: dict[str, Any], request: HttpRequest) -> None:
    """The same for what stands in the address and in a form as for a JSON body."""
    given: list[Any] = [*path.values(), *request.GET, *(value for name in request.GET for value in request.GET.getlist(name))]
    if request.content_type == "multipart/form-data":
        given += [value for name in request.POST for value in (name, *request.POST.getlist(name))]
    if unseen.is_unseen(given):
        raise ControlCharacter()


class _Encoder(NinjaJSONEncoder):
    """A moment in China's time, whether it was just written or read back."""

    def default(self, o: Any) -> Any:
        is_moment = isinstance(o, datetime) and o.tzinfo is not None
        return super().default(o.astimezone(clock.SHANGHAI) if is_moment else o)


class Renderer(JSONRenderer):
    """JSON as `_Encoder` writes it."""

    encoder_class = _Encoder


class StrictParser(Parser):
    """JSON as RFC 8259 has it: no NaN, no key twice, no control characters in a text, no nest without end."""

    def parse_body(self, request: HttpRequest) -> Any:
        body = json.loads(request.body, parse_constant=_refuse_constant, object_pairs_hook=_refuse_twice)
        if unseen.is_unseen([body]):
            raise ControlCharacter()
        return body


def _refuse_constant(name: str) -> Any:
    raise ValueError(f"{name} is no JSON")


def _refuse_twice(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a key stands twice")
    return found


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
        return _problem(request, 422, "invalid", _("请求内容有误，请按 errors 逐项改正。"), field=errors[0]["field"], errors=errors)

    @api.exception_handler(HttpError)
    def _http(request: HttpRequest, failure: HttpError) -> HttpResponse:
        if isinstance(failure.__cause__, BusinessError):
            return refusals.respond(request, failure.__cause__)
        return _problem(request, failure.status_code, "bad_request", _("请求无法识别，请检查 JSON 格式。"))


def _error_row(error: dict[str, Any]) -> dict[str, str]:
    """`{"field","code","message"}` of one pydantic error, in the user's language."""
    source, *path = [str(part) for part in error.get("loc", ())] or [""]
    # A body's first part is our own name for it.
    field = ".".join(path[1:] if source == "body" else path)
    return {"field": field, "code": str(error.get("type", "")), "message": sentence_of(error)}


def _problem(request: HttpRequest, status: int, code: str, sentence: str, **more: Any) -> HttpResponse:
    return refusals.problem_response(request, refusals.details(request, status, code, sentence, **more))
