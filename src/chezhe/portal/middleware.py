"""Puts an outsider on the requests of the portals, and on no others."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect

from chezhe.kernel import clock
from chezhe.kernel.action import STEP_UP_LASTS
from chezhe.kernel.actor import ANONYMOUS
from chezhe.portal import devices, places, sessions, steps, words
from chezhe.portal.models import OutsideSession

ELDER = "elder"


class OutsiderMiddleware:
    """Stands behind the staff's: there no outsider exists, here nobody else does."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not request.path.startswith(settings.OUTSIDE_PATHS):
            return self.get_response(request)
        portal = places.of_path(request.path)
        request.actor, request.outside_session = ANONYMOUS, None  # type: ignore[attr-defined]
        request.portal = portal  # type: ignore[attr-defined]
        request.reworded, request.refusal_template = words.reworded, "portal/refusal.html"  # type: ignore[attr-defined]
        request.error_template = "portal/error.html" if portal else ""  # type: ignore[attr-defined]
        request.is_elder = request.COOKIES.get(ELDER) == "on"  # type: ignore[attr-defined]
        request.device = devices.mark_of(request) if portal is places.CUSTOMERS else ""  # type: ignore[attr-defined]
        session = self._read(request, portal)
        response = self.get_response(request)
        if portal is places.CUSTOMERS and not request.device:  # type: ignore[attr-defined]
            devices.keep(request, response)
        if session is not None:
            sessions.touch(session, clock.now())
        return response

    def _read(self, request: HttpRequest, portal: places.Portal | None) -> OutsideSession | None:
        """The sign-in behind the portal's cookie, or behind the token of a program at the API."""
        at = clock.now()
        token = _token_of(request) if portal is None else request.COOKIES.get(portal.cookie, "")
        session = sessions.read(token, at) if token else None
        if session is None or session.is_program != (portal is None) or (portal and session.account.kind != portal.kind):
            return None
        actor = steps.actor_of(session, at)
        if actor is None:
            return None
        request.actor, request.outside_session = actor, session  # type: ignore[attr-defined]
        return session

    def process_view(self, request: HttpRequest, view: object, args: object, kwargs: object) -> HttpResponse | None:
        """A page of money asks for a code before anything is typed; it comes back to where it was, or to the form that was sent."""
        portal: places.Portal | None = getattr(request, "portal", None)
        permission = getattr(view, "needs", None)
        if portal is None or permission is None or not permission.moves_money or not settings.STEP_UP_REQUIRED:
            return None
        actor = request.actor  # type: ignore[attr-defined]
        stepped_up_at = actor.stepped_up_at
        if not actor.can(permission.code) or (stepped_up_at and clock.is_within(stepped_up_at, clock.now(), STEP_UP_LASTS)):
            return None
        back = request.get_full_path() if request.method in ("GET", "HEAD") else request.headers.get("Referer", "")
        address = f"{portal.url('step_up')}?{urlencode({'next': back})}"
        if request.headers.get("HX-Request") == "true":
            return HttpResponse(status=204, headers={"HX-Redirect": address})
        return HttpResponseRedirect(address)


def _token_of(request: HttpRequest) -> str:
    scheme, _space, token = request.headers.get("Authorization", "").partition(" ")
    return token.strip() if scheme.lower() == "bearer" else ""
