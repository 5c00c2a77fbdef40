"""Puts the actor on the request: from a bearer token or from the session, made anew every time."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from urllib.parse import urlencode

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from chezhe.kernel import authority, clock, refusals
from chezhe.kernel.actor import ANONYMOUS
from chezhe.kernel.errors import BusinessError, StepUpRequired
from chezhe.staff import entry, sessions, steps, tokens
from chezhe.staff.models import StaffSession

# What is open to somebody who still has to change the password or bind an authenticator.
_OPEN_WHILE_WAITING = {"staff:change_password", "staff:enrol", "staff:recovery_codes", "staff:sign_out", "set_language"}
_WAITING_AT = {"password": "staff:change_password", "second_factor": "staff:enrol"}
# Fetched by the page itself again and again: no sign that anybody is there.
_BACKGROUND = {"bell", "presence"}
# A form that is opened with less time left than this would be refused when it is sent.
_TIME_TO_FILL_IN = timedelta(minutes=5)


class FirstThings(BusinessError):
    """The session is signed in but must do something first."""

    http_status = 403
    code = "account_not_ready"
    sentence = gettext_lazy("请先在网页上修改初始密码并绑定动态口令。")


class ActorMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.actor = ANONYMOUS  # type: ignore[attr-defined]
        request.staff_session = None  # type: ignore[attr-defined]
        request.waits_for = ""  # type: ignore[attr-defined]
        if request.path.startswith((*settings.OUTSIDE_PATHS, *settings.GUEST_PATHS)):
            return self.get_response(request)
        given = request.headers.get("Authorization", "")
        if given and request.path.startswith("/api/"):
            # A key that does not work never falls back to the browser's session.
            request.actor = authority.actor_of_token(tokens.of_header(given)) or ANONYMOUS  # type: ignore[attr-defined]
            return self.get_response(request)
        session = self._read_session(request)
        response = self.get_response(request)
        if session is not None and not _is_background(request):
            sessions.touch(session, clock.now())
        return response

    def _read_session(self, request: HttpRequest) -> StaffSession | None:
        at = clock.now()
        session = sessions.read(request, at)
        if session is None:
            if request.user.is_authenticated:
                request.session.flush()
                messages.info(request, _("登录已过期或已在别处被结束，请重新登录。"))
            return None
        actor = steps.actor_of_session(session, at)
        request.waits_for = entry.waits_for(session, actor, at)  # type: ignore[attr-defined]
        if request.waits_for:  # type: ignore[attr-defined]
            actor = replace(actor, permissions=frozenset())
        request.staff_session, request.actor = session, actor  # type: ignore[attr-defined]
        return session

    def process_view(self, request: HttpRequest, view: object, args: object, kwargs: object) -> HttpResponse | None:
        """Send whoever has something to do first there; nothing else opens before it is done."""
        waits_for, match = request.waits_for, request.resolver_match  # type: ignore[attr-defined]
        if not waits_for and self._must_step_up(request, view):
            return self._send_to_step_up(request)
        if not waits_for or (match and match.view_name in _OPEN_WHILE_WAITING):
            return None
        if request.path.startswith("/api/"):
            return refusals.respond(request, FirstThings())
        return HttpResponseRedirect(reverse(_WAITING_AT[waits_for]))

    def _must_step_up(self, request: HttpRequest, view: object) -> bool:
        """Whether this is a page of money (`@needs`) and the second factor is stale: asked before anything is typed."""
        permission, session = getattr(view, "needs", None), request.staff_session  # type: ignore[attr-defined]
        if permission is None or session is None or not settings.STEP_UP_REQUIRED:
            return False
        lasts = entry.STEP_UP_LASTS if request.method == "POST" else entry.STEP_UP_LASTS - _TIME_TO_FILL_IN
        is_money = permission.moves_money and request.actor.can(permission.code)  # type: ignore[attr-defined]
        return is_money and not entry.is_fresh(session, clock.now(), lasts)

    def _send_to_step_up(self, request: HttpRequest) -> HttpResponse:
        """To the second factor and back: to this page, or to the form that was sent from."""
        back = request.get_full_path() if request.method in ("GET", "HEAD") else request.headers.get("Referer", "")
        address = f"{reverse('staff:step_up')}?{urlencode({'next': back})}"
        if request.headers.get("HX-Request") == "true":
            return HttpResponse(status=204, headers={"HX-Redirect": address})
        return HttpResponseRedirect(address)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """A page that moves money sends to the step-up page and comes back; the API answers 403."""
        if not isinstance(exception, StepUpRequired) or request.path.startswith("/api/"):
            return None
        return self._send_to_step_up(request)


def _is_background(request: HttpRequest) -> bool:
    return request.resolver_match is not None and request.resolver_match.url_name in _BACKGROUND
