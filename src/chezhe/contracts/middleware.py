"""Puts whoever came by a link on the requests of the doors that are for them, and on no others."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from chezhe.contracts.signing import guests, queries
from chezhe.kernel.actor import ANONYMOUS

COOKIE = f"{'__Host-' if settings.IS_PRODUCTION else ''}guest"
_API = "/api/"


class GuestMiddleware:
    """Stands behind the staff's and the portals': at these doors nobody of theirs exists."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not request.path.startswith(settings.GUEST_PATHS):
            return self.get_response(request)
        request.actor, request.signing_link = ANONYMOUS, None  # type: ignore[attr-defined]
        request.reworded, request.refusal_template = guests.reworded, "contracts/guest/refusal.html"  # type: ignore[attr-defined]
        request.error_template = "contracts/guest/refusal.html"  # type: ignore[attr-defined]
        link = queries.link_of_sitting(_token_of(request))
        if link is not None:
            request.actor, request.signing_link = guests.actor_of(link), link  # type: ignore[attr-defined]
        response = self.get_response(request)
        response["Referrer-Policy"] = "no-referrer"
        return response


def _token_of(request: HttpRequest) -> str:
    """The sitting's token: of a browser in its cookie, of a program as a bearer."""
    if not request.path.startswith(_API):
        return request.COOKIES.get(COOKIE, "")
    scheme, _space, token = request.headers.get("Authorization", "").partition(" ")
    return token.strip() if scheme.lower() == "bearer" else ""
