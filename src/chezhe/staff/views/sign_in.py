"""Coming in, going out, and proving it again before money moves."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.conf import settings
from django.contrib.auth import logout
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from chezhe.kernel import clock
from chezhe.kernel.doors import needs, safe_next, uncounted
from chezhe.kernel.errors import BusinessError
from chezhe.staff import demo, entry, second_factor, sessions, steps
from chezhe.staff.forms import CodeForm, SignInForm
from chezhe.staff.locks import LockedOut
from chezhe.staff.models import User
from chezhe.staff.rules import PENDING_MAX

_PENDING = "pending_sign_in"


@uncounted
@require_http_methods(["GET", "HEAD", "POST"])
def sign_in(request: HttpRequest) -> HttpResponse:
    """Name and password; then the code, for whoever has bound an authenticator."""
    if request.method == "POST":
        form = SignInForm(request.POST)
        if form.is_valid():
            at = clock.now()
            try:
                user = entry.prove_password(request, form.cleaned_data["username"], form.cleaned_data["password"], at)
            except BusinessError as refusal:
                return _refused(request, "staff/sign_in.html", form, refusal, _sign_in_context(request))
            return _after_password(request, user, at)
    else:
        if not request.actor.is_anonymous:
            return redirect(safe_next(request))
        form = SignInForm()
    context = {"form": form, **_sign_in_context(request)}
    return render(request, "staff/sign_in.html", context, status=422 if form.errors else 200)


def _sign_in_context(request: HttpRequest) -> dict[str, Any]:
    return {"next": safe_next(request, ""), "demo_groups": demo.people_by_role(clock.today()) if settings.DEMO_LOGINS else []}


def _after_password(request: HttpRequest, user: User, at: datetime) -> HttpResponse:
    if second_factor.is_enrolled(user):
        request.session.cycle_key()
        request.session[_PENDING] = {"user_id": user.pk, "at": at.isoformat(), "next": safe_next(request, "")}
        return redirect("staff:code")
    return _enter(request, user, at, safe_next(request), with_second_factor=False)


@uncounted
@require_http_methods(["GET", "HEAD", "POST"])
def code(request: HttpRequest) -> HttpResponse:
    """The second factor of somebody whose password was right a moment ago."""
    at = clock.now()
    pending = request.session.get(_PENDING)
    if not pending or at - datetime.fromisoformat(pending["at"]) > PENDING_MAX:
        request.session.pop(_PENDING, None)
        return redirect("staff:sign_in")
    form = CodeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        user = User.objects.filter(pk=pending["user_id"], is_active=True).first()
        if user is None:
            return redirect("staff:sign_in")
        try:
            entry.prove_code(user, form.cleaned_data["code"], at)
        except BusinessError as refusal:
            return _refused(request, "staff/code.html", form, refusal, {})
        return _enter(request, user, at, pending["next"] or "/", with_second_factor=True)
    return render(request, "staff/code.html", {"form": form}, status=422 if form.errors else 200)


@uncounted
@require_POST
def demo_sign_in(request: HttpRequest) -> HttpResponse:
    """One click, in demos only: the person's real code is computed here and checked like any other."""
    if not settings.DEMO_LOGINS:
        raise Http404
    user = User.objects.filter(username=request.POST.get("username", ""), is_demo=True, is_active=True).first()
    if user is None:
        raise Http404
    at = clock.now()
    entry.prove_demo(user, at)
    return _enter(request, user, at, safe_next(request), with_second_factor=True)


def _enter(request: HttpRequest, user: User, at: datetime, target: str, *, with_second_factor: bool) -> HttpResponse:
    if (old := request.staff_session) is not None:
        sessions.end(old, at)
    language = request.session.get("_language")
    logout(request)
    session = sessions.start(request, user, at, with_second_factor=with_second_factor)
    if language:
        request.session["_language"] = language
    actor = steps.actor_of_session(session, at)
    entry.note_entry(actor, user, "staff.sign_in", second_factor=with_second_factor)
    return redirect(target)


@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """End this sign-in."""
    session = request.staff_session
    if session is not None:
        sessions.end(session, clock.now())
        entry.note_entry(request.actor, session.user, "staff.sign_out")
    logout(request)
    return redirect("staff:sign_in")


@uncounted
@needs(None)
@require_http_methods(["GET", "HEAD", "POST"])
def step_up(request: HttpRequest) -> HttpResponse:
    """Prove the second factor again: money moves only within ten minutes of it."""
    session, at = request.staff_session, clock.now()
    if not second_factor.is_enrolled(session.user):
        return redirect(f"{reverse('staff:enrol')}")
    form = CodeForm(request.POST or None)
    context = {"next": safe_next(request), "demo_code": demo.code_for(session.user, at)}
    if request.method == "POST" and form.is_valid():
        try:
            entry.step_up(request, form.cleaned_data["code"], at)
        except BusinessError as refusal:
            return _refused(request, "staff/step_up.html", form, refusal, context)
        return redirect(safe_next(request))
    return render(request, "staff/step_up.html", {"form": form, **context}, status=422 if form.errors else 200)


def _refused(request: HttpRequest, template: str, form: Any, refusal: BusinessError, context: dict[str, Any]) -> HttpResponse:
    form.refuse(refusal)
    response = render(request, template, {"form": form, **context}, status=refusal.http_status)
    if isinstance(refusal, LockedOut):
        response["Retry-After"] = str(60 * int(refusal.facts["minutes"]))
    return response
