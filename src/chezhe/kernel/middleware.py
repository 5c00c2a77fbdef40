"""The doors' frame: request id, security headers, refusals, and 'the same request twice is done once'."""

from __future__ import annotations

import hashlib
import re
import time
from collections.abc import Callable
from uuid import uuid4

import structlog
from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse

from chezhe.kernel import action, context, idempotency, metrics, refusals, unseen
from chezhe.kernel.actor import ANONYMOUS, Actor
from chezhe.kernel.client_address import client_ip
from chezhe.kernel.errors import BusinessError

GetResponse = Callable[[HttpRequest], HttpResponse]
_GIVEN_ID = re.compile(r"[A-Za-z0-9-]{8,40}")
log = structlog.get_logger("chezhe.request")


class RequestContextMiddleware:
    """Give every request an id, log it without personal data, and audit the refusals it caused."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        given = request.headers.get("X-Request-Id", "")
        serving = context.RequestContext(
            request_id=given if _GIVEN_ID.fullmatch(given) else uuid4().hex,
            route=request.path, ip_address=client_ip(request), only_reads=request.method in ("GET", "HEAD"),
        )
        request.request_id = serving.request_id  # type: ignore[attr-defined]
        started = time.perf_counter()
        with context.serving(serving), structlog.contextvars.bound_contextvars(request_id=serving.request_id):
            response = self.get_response(request)
            if serving.refusals:
                action.write_refusals(serving)
            elapsed = time.perf_counter() - started
            route = request.resolver_match.route if request.resolver_match else "unmatched"
            metrics.observe_request(request.method or "", route, response.status_code, elapsed)
            # The route pattern is logged, not the path: paths and queries can hold what people typed.
            log.info("request", method=request.method, route=route, status=response.status_code,
                     milliseconds=round(elapsed * 1000))
        # Django would add a line with the path and without the request id; a failure's traceback is logged by now.
        response._has_been_logged = True  # type: ignore[attr-defined]
        response["X-Request-Id"] = serving.request_id
        return response


class SecurityHeadersMiddleware:
    """Strict content security policy; styles as ECharts needs them; nothing is cached that a person sees."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        response.setdefault("Content-Security-Policy", settings.CONTENT_SECURITY_POLICY)
        response.setdefault("Permissions-Policy", "camera=(self), geolocation=(self), microphone=()")
        response.setdefault("Cache-Control", "no-store")
        return response


class BusinessErrorMiddleware:
    """A refusal that no view caught becomes a page (or an htmx part) with its own status; the API speaks problem details only."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if _holds_nul(request):
            return refusals.respond(request, refusals.AddressUnreadable())
        try:
            if _form_is_unclean(request):
                return refusals.respond(request, refusals.ControlCharacter())
        except RequestDataTooBig:
            return _too_large(request)
        response = self.get_response(request)
        is_plain_failure = response.status_code == 405 and request.path.startswith("/api/")
        return self._not_allowed(request, response) if is_plain_failure else response

    def _not_allowed(self, request: HttpRequest, response: HttpResponse) -> HttpResponse:
        said = refusals.respond(request, refusals.MethodNotAllowed(allowed=response.get("Allow", "")))
        said["Allow"] = response.get("Allow", "")
        return said

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        return refusals.respond(request, exception) if isinstance(exception, BusinessError) else None


def _holds_nul(request: HttpRequest) -> bool:
    """PostgreSQL keeps no NUL: an address that holds one asks for nothing we have."""
    return "\0" in request.path or "%00" in request.META.get("QUERY_STRING", "") or "\0" in request.META.get("QUERY_STRING", "")


def _form_is_unclean(request: HttpRequest) -> bool:
    """Control characters in what a page's form sends. The API looks into its own bodies."""
    if request.method != "POST" or request.path.startswith("/api/"):
        return False
    return unseen.has_control(text for name, values in request.POST.lists() for text in (name, *values))


def _too_large(request: HttpRequest) -> HttpResponse:
    return refusals.respond(request, refusals.BodyTooLarge(limit=settings.DATA_UPLOAD_MAX_MEMORY_SIZE // (1024 * 1024)))


class IdempotencyMiddleware:
    """POSTs that carry `Idempotency-Key` (API) or `_once` (forms) run once; the API must carry one."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.method != "POST":
            return self.get_response(request)
        is_api = request.path.startswith("/api/")
        actor: Actor = getattr(request, "actor", ANONYMOUS)
        if is_api and actor.is_anonymous:
            return self.get_response(request)
        try:
            key = request.headers.get("Idempotency-Key", "") if is_api else request.POST.get("_once", "")
            if not key:
                return refusals.respond(request, refusals.KeyRequired()) if is_api else self.get_response(request)
            answer = idempotency.once(key, self._fingerprint(request, actor), lambda: self._produce(request))
        except BusinessError as refusal:
            return refusals.respond(request, refusal)
        except RequestDataTooBig:
            return _too_large(request)
        return self._replay(request, answer)

    def _fingerprint(self, request: HttpRequest, actor: Actor) -> str:
        # Whoever has fewer rights than when the work was done (another token, a right withdrawn) is shown nothing of it.
        rights = hashlib.sha256("\n".join(sorted(actor.permissions)).encode()).hexdigest()
        return idempotency.fingerprint(
            actor_key=f"{actor.key} {actor.on_behalf_of_id or ''} {rights}", route=f"{request.method} {request.path}",
            body_hash=_body_hash(request),
        )

    def _produce(self, request: HttpRequest) -> idempotency.Answer:
        response = self.get_response(request)
        request._produced = response  # type: ignore[attr-defined]
        return idempotency.Answer(
            response.status_code, response.get("Content-Type", ""), bytes(response.content), response.get("Location", ""),
            is_kept=not getattr(request, "answer_is_private", False),
        )

    def _replay(self, request: HttpRequest, answer: idempotency.Answer) -> HttpResponse:
        produced: HttpResponse | None = getattr(request, "_produced", None)
        if produced is not None and not answer.is_replay:
            return produced
        response = HttpResponse(answer.body, status=answer.status, content_type=answer.content_type)
        response["Idempotent-Replay"] = "true"
        if answer.location:
            response["Location"] = answer.location
        return response


def _body_hash(request: HttpRequest) -> str:
    """Of the whole body; of an upload field by field, so that a large file is read in chunks."""
    digest = hashlib.sha256()
    if not (request.content_type or "").startswith("multipart/"):
        digest.update(request.body)
        return digest.hexdigest()
    for name in sorted(set(request.POST) - {"csrfmiddlewaretoken"}):
        digest.update(repr((name, request.POST.getlist(name))).encode())
    for name in sorted(request.FILES):
        for file in request.FILES.getlist(name):
            digest.update(repr((name, file.size)).encode())
            for chunk in file.chunks():
                digest.update(chunk)
            file.seek(0)
    return digest.hexdigest()
