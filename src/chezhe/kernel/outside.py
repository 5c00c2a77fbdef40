"""Talking to outside services (banks, SMS, bureaus): signed JSON out, signed callbacks in.

Where a service answers is a setting: CHEZHE_URL_<SERVICE>, else its simulator under SIMULATORS_URL. Call it from a job,
never inside a transaction: record the wish, let the worker send it, record the answer.
"""

from __future__ import annotations

import json
import os
import ssl
from collections.abc import Mapping
from contextvars import ContextVar
from dataclasses import dataclass
from functools import cache
from typing import Any

import httpx
from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest
from django.http.request import RawPostDataException
from django.utils.translation import gettext_lazy as _

from chezhe.kernel import clock, signing
from chezhe.kernel.errors import BusinessError

BODY_BYTES_MAX = 1_000_000
# Set inside `simulators.in_process()`: then nothing leaves this process.
transport: ContextVar[httpx.BaseTransport | None] = ContextVar("outside_transport", default=None)


class Unreachable(Exception):
    """No answer that can be trusted: the request may or may not have been carried out. Ask again or query."""


class TimedOut(Unreachable):
    """The service did not answer in time."""


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer with its HTTP status; 4xx is the service's own refusal, and `body` says why."""

    status: int
    body: dict[str, Any]

    @property
    def is_ok(self) -> bool:
        return 200 <= self.status < 300


def post(service: str, path: str, payload: Mapping[str, Any], *, timeout_seconds: float = 5.0) -> Reply:
    """Send signed JSON to `path` of a service. Raises Unreachable on time-outs, broken lines, 5xx and unreadable answers."""
    body = json.dumps(payload, ensure_ascii=False, separators=(",", ":")).encode()
    headers = {"Content-Type": "application/json", **signing.sign(signing.secret_of(service), body, at=clock.now())}
    address = f"{address_of(service)}/{path.lstrip('/')}"
    try:
        with httpx.Client(transport=transport.get(), timeout=timeout_seconds, trust_env=False, verify=trusted()) as client:
            answer = client.post(address, content=body, headers=headers)
        if answer.status_code >= 500:
            raise Unreachable(f"{service} answered {answer.status_code}")
        said = answer.json()
    except httpx.TimeoutException as failure:
        raise TimedOut(f"{service}: {type(failure).__name__}") from failure
    except (httpx.HTTPError, ValueError) as failure:
        raise Unreachable(f"{service}: {type(failure).__name__}") from failure
    if not isinstance(said, dict):
        raise Unreachable(f"{service} answered no object")
    return Reply(answer.status_code, said)


@cache
def trusted() -> ssl.SSLContext:
    """Whose certificates are believed: read from the disk once in a process, which takes as long as many an answer."""
    return httpx.create_ssl_context()


def address_of(service: str) -> str:
    """The service's root address, without a slash at the end. Production never falls back to a simulator: Unreachable."""
    own = os.environ.get(f"CHEZHE_URL_{service.upper()}")
    if not own and settings.IS_PRODUCTION:
        raise Unreachable(f"CHEZHE_URL_{service.upper()} is not set")
    return (own or f"{settings.SIMULATORS_URL}/{service}").rstrip("/")


class CallbackRefused(BusinessError):
    code = "callback_refused"
    http_status = 401
    sentence = _("回调签名无效（%(reason)s），未受理。")


def read_callback(service: str, request: HttpRequest) -> dict[str, Any]:
    """What a signed callback says. Raises CallbackRefused (401) when the signature does not hold, 400 for a bad body.

    The same callback may come many times, byte by byte or signed anew: whoever handles it must be idempotent.
    """
    try:
        body = request.body
    except (RawPostDataException, RequestDataTooBig):
        # A form, or far too much: no service of ours speaks so, and its signature cannot be checked any more.
        raise CallbackUnreadable() from None
    if len(body) > BODY_BYTES_MAX:
        raise CallbackUnreadable()
    try:
        signing.verify(signing.secret_of(service), request.headers, body, at=clock.now())
    except signing.SignatureRefused as refusal:
        raise CallbackRefused(reason=refusal.reason) from refusal
    try:
        said = json.loads(body)
    except (ValueError, RecursionError):
        raise CallbackUnreadable() from None
    if not isinstance(said, dict) or b"\\u0000" in body:
        raise CallbackUnreadable()
    return said


class CallbackUnreadable(BusinessError):
    code = "callback_unreadable"
    http_status = 400
    sentence = _("回调内容无法识别，未受理。")
