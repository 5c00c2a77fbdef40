"""My account: sign-ins, authenticator, recovery codes, password, tokens, acting for somebody."""

from __future__ import annotations

import segno
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from chezhe.kernel import clock
from chezhe.kernel.doors import needs, safe_next, uncounted
from chezhe.kernel.errors import BusinessError, NotFound
from chezhe.staff import entry, permissions, queries, second_factor, sessions, steps
from chezhe.staff import presence as who
from chezhe.staff.actions.end_session import end_session as end_session_action
from chezhe.staff.actions.issue_token import issue_token
from chezhe.staff.actions.revoke_token import revoke_token as revoke_token_action
from chezhe.staff.forms import ChangePasswordForm, EnrolForm, TokenForm
from chezhe.staff.models import ApiToken, Delegation, RecoveryCode, SecondFactor, StaffSession, User
from chezhe.staff.views.parts import home, show_once, take_once
from chezhe.ui import row_keys

_ENROLLING = "enrolling_secret"


@needs(None)
def account(request: HttpRequest) -> HttpResponse:
    """What I can sign in with, where I am signed in, which keys I gave to programs, for whom I may act."""
    user, at = _me(request), clock.now()
    rows = StaffSession.objects.filter(user=user, ended_at__isnull=True)
    return render(request, "staff/account.html", {
        "person": user, "now": at,
        "sessions": [row for row in rows.select_related("user") if sessions.is_open(row, at)],
        "this_session_id": request.staff_session.pk if request.staff_session else None,
        "factor": SecondFactor.objects.filter(user=user).first(),
        "recovery_left": RecoveryCode.objects.filter(user=user, used_at__isnull=True).count(),
        "tokens": list(ApiToken.objects.filter(user=user, revoked_at__isnull=True, expires_at__gt=at)),
        "may_manage": request.actor.can(permissions.OWN_ACCOUNT.code),
    })


@uncounted
@needs(None)
@require_http_methods(["GET", "HEAD", "POST"])
def change_password(request: HttpRequest) -> HttpResponse:
    """Change my password; every other sign-in of mine ends."""
    form = ChangePasswordForm(request.POST or None)
    context = {"form": form, "is_forced": request.waits_for == "password"}
    if request.method == "POST" and form.is_valid():
        user, at = _me(request), clock.now()
        try:
            entry.change_own_password(
                user, current=form.cleaned_data["current"], password=form.cleaned_data["password"], at=at, request=request
            )
        except BusinessError as refusal:
            form.refuse(refusal)
            return render(request, "staff/change_password.html", context, status=refusal.http_status)
        entry.note_entry(request.actor, user, "staff.change_password")
        messages.success(request, _("密码已修改，其他登录已全部退出。"))
        return redirect(home())
    return render(request, "staff/change_password.html", context, status=422 if form.errors else 200)


@uncounted
@needs(None)
@require_http_methods(["GET", "HEAD", "POST"])
def enrol(request: HttpRequest) -> HttpResponse:
    """Bind an authenticator app by its QR code; the recovery codes follow. A bound one is proved before it is replaced."""
    user, at = _me(request), clock.now()
    if second_factor.is_enrolled(user) and not entry.is_fresh(request.staff_session, at):
        return redirect(f"{reverse('staff:step_up')}?next={reverse('staff:enrol')}")
    secret = request.session.get(_ENROLLING) or second_factor.new_secret()
    request.session[_ENROLLING] = secret
    form = EnrolForm(request.POST or None)
    picture = segno.make(second_factor.address(user, secret), error="m").svg_data_uri(scale=5, border=2, dark="#111", light="#fff")
    context = {"form": form, "picture": picture, "secret": secret, "is_forced": request.waits_for == "second_factor"}
    if request.method == "POST" and form.is_valid():
        try:
            codes = second_factor.enrol(user, secret, form.cleaned_data["code"].strip(), at)
        except BusinessError as refusal:
            form.refuse(refusal)
            return render(request, "staff/enrol.html", context, status=refusal.http_status)
        del request.session[_ENROLLING]
        sessions.step_up(request.staff_session, at)
        entry.note_entry(request.actor, user, "staff.enrol_second_factor")
        return _recovery_codes_page(request, codes)
    return render(request, "staff/enrol.html", context, status=422 if form.errors else 200)


@uncounted
@needs(None)
@require_POST
def recovery_codes(request: HttpRequest) -> HttpResponse:
    """Ten new recovery codes; the earlier ones stop working."""
    user, at = _me(request), clock.now()
    if not second_factor.is_enrolled(user) or not entry.is_fresh(request.staff_session, at):
        return redirect(f"{reverse('staff:step_up')}?next={home()}")
    codes = second_factor.renew_recovery_codes(user)
    entry.note_entry(request.actor, user, "staff.renew_recovery_codes")
    return _recovery_codes_page(request, codes)


def _recovery_codes_page(request: HttpRequest, codes: list[str]) -> HttpResponse:
    show_once(request, _("恢复码"), "", codes)
    return redirect("staff:shown_once")


@needs(None)
def shown_once(request: HttpRequest) -> HttpResponse:
    """A secret that was made a moment ago: this page shows it once and forgets it."""
    name, secret, *lines = take_once(request) or ["", ""]
    if not name:
        return redirect(home())
    return render(request, "staff/shown_once.html", {"name": name, "secret": secret, "lines": lines})


@needs(permissions.OWN_ACCOUNT)
@require_POST
def end_session(request: HttpRequest, session_id: int) -> HttpResponse:
    """Sign out somewhere else."""
    end_session_action(session_id=session_id, by=request.actor)
    messages.success(request, _("已退出该处登录。"))
    return redirect(safe_next(request, home()))


@needs(permissions.OWN_ACCOUNT)
@require_http_methods(["GET", "HEAD", "POST"])
def new_token(request: HttpRequest) -> HttpResponse:
    """Make a key for a program."""
    form = TokenForm(request.POST or None, actor=request.actor)
    if request.method == "POST" and form.is_valid():
        try:
            issued = issue_token(**form.cleaned_data, by=request.actor)
        except BusinessError as refusal:
            form.refuse(refusal)
        else:
            show_once(request, _("访问令牌"), issued.secret)
            return redirect("staff:shown_once")
    return render(request, "staff/token_new.html", {"form": form}, status=422 if form.errors else 200)


@needs(permissions.OWN_ACCOUNT)
@require_POST
def revoke_token(request: HttpRequest, token_id: int) -> HttpResponse:
    """Make a key useless."""
    revoke_token_action(token_id=token_id, by=request.actor)
    messages.success(request, _("令牌已吊销，使用它的程序从现在起被拒绝。"))
    return redirect(safe_next(request, home()))


@needs(None)
@require_POST
def act_for(request: HttpRequest) -> HttpResponse:
    """Act for the colleague who delegated to me, or (without a choice) for myself again."""
    wanted = request.POST.get("delegation", "")
    user, at = _me(request), clock.now()
    delegation = Delegation.objects.select_related("delegator").filter(pk__in=row_keys.read([wanted])).first()
    if wanted and (delegation is None or not steps.may_use(delegation, user, clock.today())):
        raise NotFound(what=wanted)
    sessions.act_for(request.staff_session, delegation)
    entry.note_entry(steps.actor_for(user, at, acting_for=delegation), user, "staff.act_for" if delegation else "staff.act_as_self")
    return redirect(safe_next(request))


@needs(None)
@require_POST
def work_as(request: HttpRequest) -> HttpResponse:
    """Work in one of my roles and places only, or (without a choice) in all of them."""
    wanted = request.POST.get("grant", "")
    user, at = _me(request), clock.now()
    grant = next((held for held in queries.grants_of(user, clock.today()) if str(held.pk) == wanted), None)
    if wanted and grant is None:
        raise NotFound(what=wanted)
    sessions.work_as(request.staff_session, grant)
    entry.note_entry(steps.actor_for(user, at, as_grant=grant.pk if grant else None), user, "staff.work_as")
    return redirect("workbench:home" if grant else safe_next(request))


@needs(None)
@require_POST
def presence(request: HttpRequest) -> HttpResponse:
    """Who else has the page open; asked by the page itself, again and again."""
    names = who.look(request.staff_session, request.POST.get("ticket", ""), clock.now())
    return render(request, "staff/presence.html", {"names": names})


def _me(request: HttpRequest) -> User:
    return request.staff_session.user
