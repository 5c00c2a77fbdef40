"""What every page of the portals shares: the refusal as an outsider may hear it, and the cookie of a sign-in."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import rotate_token
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme, urlencode

from chezhe.kernel import clock, handles
from chezhe.kernel.action import require_fresh_code
from chezhe.kernel.errors import BusinessError, StepUpRequired
from chezhe.portal import devices, rules, steps, words
from chezhe.portal.places import CUSTOMERS, Portal
from chezhe.ui.forms import Form


def refused(request: HttpRequest, template: str, form: Form, refusal: BusinessError, context: dict[str, Any]) -> HttpResponse:
    """The page again, with the refusal in an outsider's words beside the field that it names."""
    told = words.reworded(refusal)
    form.refuse(told)
    response = render(request, template, {"form": form, **context}, status=told.http_status)
    if told.http_status == 429 and "seconds" in refusal.facts:
        response["Retry-After"] = str(refusal.facts["seconds"])
    return response


def signed_in(request: HttpRequest, portal: Portal, token: str, target: str) -> HttpResponse:
    """On to `target` with the token in this portal's cookie, and fresh tokens for its forms."""
    rotate_token(request)
    response = redirect(target)
    response.set_cookie(
        portal.cookie, token, max_age=int(rules.SESSION_MAX.total_seconds()), path="/", secure=settings.IS_PRODUCTION, httponly=True,
        samesite="Lax",
    )
    if portal is CUSTOMERS:
        devices.keep(request, response)
    return response


def evidence_of(request: HttpRequest) -> str:
    """What proves an agreement that is given now."""
    return steps.evidence_of(request.outside_session, clock.now())


def has_code(request: HttpRequest, about: str) -> bool:
    """Whether a code that was asked for just this subject was right, and is fresh."""
    try:
        require_fresh_code(request.actor)
    except StepUpRequired:
        return False
    return bool(request.actor.stepped_up_for == about)


def code_first(request: HttpRequest, about: str) -> HttpResponse | None:
    """The way to a code that is asked for just this subject, before anything is typed; None once it was right and is fresh."""
    if has_code(request, about):
        return None
    sealed = urlencode({"for": handles.handle_of(about), "next": request.get_full_path()})
    return redirect(f"{request.portal.url('step_up')}?{sealed}")


def next_within(request: HttpRequest, portal: Portal) -> str:
    """The `next` address of this request if it is a page of this portal; else its first page."""
    wanted = request.POST.get("next") or request.GET.get("next") or ""
    is_ours = url_has_allowed_host_and_scheme(wanted, None) and wanted.startswith(portal.root)
    return wanted if is_ours else portal.root
