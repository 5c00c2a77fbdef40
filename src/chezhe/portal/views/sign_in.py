"""Coming in by a code, showing whose number it is, proving it again, going out. Each page stands in both portals."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import urlencode
from django.views.decorators.http import require_http_methods, require_POST

from chezhe.identifiers import masks
from chezhe.kernel import clock, handles
from chezhe.kernel.actor import BORROWER, DEALER
from chezhe.kernel.doors import needs, uncounted
from chezhe.kernel.errors import BusinessError, NotFound
from chezhe.portal import entry
from chezhe.portal.forms import CodeForm, IdentityForm, MobileForm
from chezhe.portal.models import OneTimeCode
from chezhe.portal.places import Portal
from chezhe.portal.views.parts import next_within, refused, signed_in

_CODE = "portal-code"


@uncounted
@require_http_methods(["GET", "HEAD", "POST"])
def sign_in(request: HttpRequest) -> HttpResponse:
    """The mobile number that a code is sent to."""
    portal: Portal = request.portal
    if not request.actor.is_anonymous:
        return redirect(next_within(request, portal))
    form, context = MobileForm(request.POST or None), {"next": next_within(request, portal)}
    if request.method == "POST" and form.is_valid():
        try:
            row, code = entry.ask_code(request, portal.kind, form.cleaned_data["mobile"], clock.now())
        except BusinessError as refusal:
            return refused(request, "portal/sign_in.html", form, refusal, context)
        return redirect(f"{portal.url('code')}?{urlencode({'to': _handle(row, code), **context})}")
    return render(request, "portal/sign_in.html", {"form": form, **context}, status=422 if form.errors else 200)


def _handle(row: OneTimeCode, code: str) -> str:
    """Which code is awaited, sealed. The demo, which has no phone, finds the code itself in it."""
    return handles.handle_of(f"{_CODE}:{row.key} {code if settings.DEMO_LOGINS else ''}".strip())


def _awaited(request: HttpRequest) -> tuple[str, str]:
    """The key of the code that is awaited, and in the demo the code. Raises NotFound (404)."""
    key, _space, shown = handles.subject_of(request.POST.get("to") or request.GET.get("to") or "", _CODE).partition(" ")
    return key, shown if settings.DEMO_LOGINS else ""


@uncounted
@require_http_methods(["GET", "HEAD", "POST"])
def code(request: HttpRequest) -> HttpResponse:
    """The code of somebody who has just asked for one."""
    portal, at = request.portal, clock.now()
    try:
        key, shown = _awaited(request)
    except NotFound:
        return redirect(portal.url("sign_in"))
    form = CodeForm(request.POST or None)
    context = {"next": next_within(request, portal), "to": request.POST.get("to") or request.GET.get("to"), "demo_code": shown}
    if request.method == "POST" and form.is_valid():
        try:
            token = entry.come_in(request, key, form.cleaned_data["typed"], portal.kind, at)
        except BusinessError as refusal:
            return refused(request, "portal/code.html", form, refusal, context)
        return signed_in(request, portal, token, context["next"])
    return render(request, "portal/code.html", {"form": form, **context}, status=422 if form.errors else 200)


@uncounted
@require_http_methods(["GET", "HEAD", "POST"])
@needs(None, BORROWER)
def identity(request: HttpRequest) -> HttpResponse:
    """Whose number it is: name and ID number, once."""
    portal, session, at = request.portal, request.outside_session, clock.now()
    context = {"next": next_within(request, portal)}
    if request.actor.party_ids:
        return redirect(context["next"])
    form = IdentityForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            token = entry.bind(request, session, form.cleaned_data["name"], form.cleaned_data["id_number"], at)
        except BusinessError as refusal:
            return refused(request, "portal/identity.html", form, refusal, context)
        return signed_in(request, portal, token, context["next"])
    return render(request, "portal/identity.html", {"form": form, **context}, status=422 if form.errors else 200)


def _step_up(request: HttpRequest) -> HttpResponse:
    """A code once more, before money moves or something is signed. `for` says, sealed, what it is to sign for."""
    portal, session, at = request.portal, request.outside_session, clock.now()
    sealed = request.POST.get("for") or request.GET.get("for") or ""
    context = {"next": next_within(request, portal), "for": sealed, "mobile": masks.mask_mobile(session.account.mobile)}
    form = CodeForm(request.POST if "to" in request.POST else None)
    try:
        if request.method == "POST" and "to" not in request.POST:
            about = handles.subject_of(sealed) if sealed else ""
            row, said = entry.ask_code(request, portal.kind, session.account.mobile, at, session=session, about=about)
            context |= {"to": _handle(row, said), "demo_code": said if settings.DEMO_LOGINS else ""}
        elif request.method == "POST":
            key, context["demo_code"] = _awaited(request)
            context["to"] = request.POST["to"]
            if form.is_valid():
                entry.step_up(session, request.actor, key, form.cleaned_data["typed"], at)
                return redirect(context["next"])
    except BusinessError as refusal:
        return refused(request, "portal/step_up.html", form, refusal, context)
    return render(request, "portal/step_up.html", {"form": form, **context}, status=422 if form.errors else 200)


step_up_borrower, step_up_dealer = (
    uncounted(require_http_methods(["GET", "HEAD", "POST"])(needs(None, kind)(_step_up))) for kind in (BORROWER, DEALER))


@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """End this sign-in."""
    portal, session = request.portal, request.outside_session
    if session is not None:
        entry.leave(session, request.actor, clock.now())
    response = redirect(portal.url("sign_in"))
    response.delete_cookie(portal.cookie, path="/", samesite="Lax")
    return response
