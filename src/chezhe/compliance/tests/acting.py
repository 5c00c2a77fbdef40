"""A client that acts as somebody, through every middleware but the sign-in."""

from __future__ import annotations

from collections.abc import Callable
from contextvars import ContextVar
from typing import Any
from uuid import uuid4

from django.http import HttpRequest, HttpResponse
from django.test import Client

from chezhe.kernel.actor import ANONYMOUS, Actor

_acting: ContextVar[Actor] = ContextVar("compliance_acting", default=ANONYMOUS)
MIDDLEWARE = "chezhe.compliance.tests.acting.ActingAs"


class ActingAs:
    """Stands where the staff room reads the session."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.actor = _acting.get()  # type: ignore[attr-defined]
        return self.get_response(request)


class ActingClient(Client):
    """`acts_as(actor)` for all that follows; `api` sends JSON with a fresh idempotency key."""

    def acts_as(self, actor: Actor) -> ActingClient:
        _acting.set(actor)
        return self

    def api(self, path: str, payload: dict[str, Any] | None = None) -> Any:
        if payload is None:
            return self.get(f"/api/v1/{path}")
        return self.post(f"/api/v1/{path}", payload, content_type="application/json", headers={"Idempotency-Key": uuid4().hex})


def acting_client(settings: Any) -> ActingClient:
    """A client without sign-in; `settings` is pytest-django's fixture."""
    settings.MIDDLEWARE = [MIDDLEWARE if name.startswith("chezhe.staff.") else name for name in settings.MIDDLEWARE]
    return ActingClient()
