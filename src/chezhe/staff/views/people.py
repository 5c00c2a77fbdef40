"""People: list, page, taking on, switching off, roles."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext, pgettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from chezhe.kernel import clock, roles
from chezhe.kernel.actor import Reach
from chezhe.kernel.doors import needs
from chezhe.kernel.errors import BusinessError
from chezhe.staff import permissions, queries, sessions
from chezhe.staff.actions.create_user import create_user
from chezhe.staff.actions.disable_user import disable_user
from chezhe.staff.actions.enable_user import enable_user
from chezhe.staff.actions.grant_role import Place, grant_role
from chezhe.staff.actions.reset_credentials import reset_credentials
from chezhe.staff.actions.revoke_role import revoke_role
from chezhe.staff.forms import GrantForm, PersonForm, ReasonForm, ResetForm, branch_choices
from chezhe.staff.models import REACH_LABELS, AccessChange, ApiToken, RoleGrant, SecondFactor, StaffSession, User
from chezhe.staff.views.parts import show_once
from chezhe.ui.lists import ChoiceFilter, Column, CustomFilter, ListPage
from chezhe.ui.status import Status

ACTIVE = {True: Status(gettext_lazy("在职"), "good"), False: Status(pgettext_lazy("person", "已停用"), "neutral", "user-off")}


@needs(permissions.VIEW)
def people(request: HttpRequest) -> HttpResponse:
    """Everybody within reach, with roles and branch."""
    on = clock.today()
    actions = [(_("新建人员"), reverse("staff:person_new"), "user-plus")] if request.actor.can(permissions.MANAGE_PEOPLE.code) else []
    return ListPage(
        title=_("人员"), queryset=queries.people_for_list(User.objects.visible_to(request.actor), on),
        columns=[
            Column("name", _("姓名"), kind="link", url=lambda user: reverse("staff:person", args=[user.username]), sortable=True),
            Column("username", _("用户名"), kind="identifier", sortable=True),
            Column("branch", _("门店"), value=branch_words, sortable=True, sort="branch__name"),
            Column("roles", pgettext("list", "角色"), value=role_words),
            Column("is_active", _("状态"), kind="status", statuses=ACTIVE, sortable=True),
            Column("last_login", _("上次登录"), kind="moment", sortable=True, phone=False),
        ],
        filters=[
            CustomFilter(name="role", label=_("角色"), choices=list(roles.LABELS.items()),
                         narrow=lambda rows, role: rows.filter(pk__in=queries.holders(role, on))),
            ChoiceFilter(name="branch", label=_("门店"), field="branch__code", choices=branch_choices),
            CustomFilter(name="status", label=_("状态"), choices=[("active", _("在职")), ("disabled", pgettext("person", "已停用"))],
                         narrow=lambda rows, status: rows.filter(is_active=status == "active")),
        ],
        search=("name__icontains", "username__icontains"), search_hint=_("姓名、用户名"), default_sort="username",
        actions=actions, breadcrumbs=[(_("设置"), "")], file_name="people",
    ).respond(request)


def branch_words(user: User) -> str:
    return user.branch.name if user.branch else str(_("总部"))


def role_words(user: Any) -> str:
    """`门店经理（上海一店）、合规（全部）`."""
    words = [
        _("%(role)s（%(place)s）") % {"role": grant.role_label, "place": grant.place or REACH_LABELS[Reach(grant.reach)]}
        for grant in user.grants_now
    ]
    return _("、").join(words) or "—"


@needs(permissions.VIEW)
def person(request: HttpRequest, username: str) -> HttpResponse:
    """One person: roles with dates, what waits to be agreed, sign-ins, tokens."""
    user = User.objects.visible_to(request.actor).select_related("branch").fetch(username)
    at = clock.now()
    open_sessions = StaffSession.objects.filter(user=user, ended_at__isnull=True).select_related("user")
    return render(request, "staff/person.html", {
        "person": user, "status": ACTIVE[user.is_active], "today": clock.today(),
        "grants": list(RoleGrant.objects.filter(user=user).select_related("branch", "region").order_by("-starts_on", "-id")),
        "in_force": {grant.pk for grant in queries.grants_of(user, clock.today())},
        "changes": list(AccessChange.objects.filter(user=user, status="proposed")),
        "factor": SecondFactor.objects.filter(user=user).first(),
        "sessions": [row for row in open_sessions if sessions.is_open(row, at)],
        "tokens": list(ApiToken.objects.filter(user=user, revoked_at__isnull=True, expires_at__gt=at)),
        "can": {
            "manage": request.actor.can(permissions.MANAGE_PEOPLE.code), "grant": request.actor.can(permissions.GRANT_ROLES.code),
            "end": request.actor.can(permissions.END_SESSIONS.code),
        },
    })


@needs(permissions.MANAGE_PEOPLE)
@require_http_methods(["GET", "HEAD", "POST"])
def person_new(request: HttpRequest) -> HttpResponse:
    """Take a person on; the first password is shown once."""
    form = PersonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            new = create_user(**form.cleaned_data, by=request.actor)
        except BusinessError as refusal:
            form.refuse(refusal)
        else:
            show_once(request, _("%(name)s 的初始密码") % {"name": new.user.name}, new.secret)
            return redirect("staff:shown_once")
    context = {"form": form, "title": _("新建人员"), "submit": _("新建"), "cancel": reverse("staff:people")}
    return render(request, "staff/form_page.html", context, status=422 if form.errors else 200)


@needs(permissions.MANAGE_PEOPLE)
@require_http_methods(["GET", "HEAD", "POST"])
def person_disable(request: HttpRequest, username: str) -> HttpResponse:
    """Switch a person off, with a reason."""
    user = User.objects.visible_to(request.actor).fetch(username)
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            disable_user(username=username, reason=form.cleaned_data["reason"], by=request.actor)
        except BusinessError as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, _("%(name)s 已停用，其登录和令牌已立即失效。") % {"name": user.name})
            return redirect("staff:person", username)
    return _person_form(request, form, user, _("停用 %(name)s"), pgettext("person", "停用"), is_danger=True)


@needs(permissions.MANAGE_PEOPLE)
@require_POST
def person_enable(request: HttpRequest, username: str) -> HttpResponse:
    """Take a person back."""
    user = enable_user(username=username, by=request.actor)
    messages.success(request, _("%(name)s 已启用。") % {"name": user.name})
    return redirect("staff:person", username)


@needs(permissions.MANAGE_PEOPLE)
@require_http_methods(["GET", "HEAD", "POST"])
def person_reset(request: HttpRequest, username: str) -> HttpResponse:
    """A new one-time password, and the authenticator off when the phone is lost."""
    user = User.objects.visible_to(request.actor).fetch(username)
    form = ResetForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            reset = reset_credentials(username=username, **form.cleaned_data, by=request.actor)
        except BusinessError as refusal:
            form.refuse(refusal)
        else:
            if reset.change:
                messages.info(request, _("变更 %(number)s 经第二人同意后，这个密码才生效。") % {"number": reset.change.number})
            show_once(request, _("%(name)s 的初始密码") % {"name": user.name}, reset.secret)
            return redirect("staff:shown_once")
    return _person_form(request, form, user, _("重置 %(name)s 的登录凭证"), _("重置"), is_danger=True)


@needs(permissions.GRANT_ROLES)
@require_http_methods(["GET", "HEAD", "POST"])
def person_grant(request: HttpRequest, username: str) -> HttpResponse:
    """Propose a role."""
    user = User.objects.visible_to(request.actor).fetch(username)
    form = GrantForm(request.POST or None, today=clock.today())
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            change = grant_role(
                username=username, role=given["role"], place=Place(Reach(given["reach"]), given["branch_code"], given["region_code"]),
                starts_on=given["starts_on"], ends_on=given["ends_on"], reason=given["reason"], by=request.actor,
            )
        except BusinessError as refusal:
            form.refuse(refusal)
        else:
            _tell(request, change)
            return redirect("staff:person", username)
    return _person_form(request, form, user, _("为 %(name)s 授予角色"), _("提交复核"))


@needs(permissions.GRANT_ROLES)
@require_http_methods(["GET", "HEAD", "POST"])
def grant_revoke(request: HttpRequest, username: str, grant_id: int) -> HttpResponse:
    """Take a role away, with a reason."""
    user = User.objects.visible_to(request.actor).fetch(username)
    grant = RoleGrant.objects.filter(pk=grant_id, user=user).first()
    form = ReasonForm(request.POST or None)
    if grant is None:
        return redirect("staff:person", username)
    if request.method == "POST" and form.is_valid():
        try:
            revoke_role(grant_id=grant_id, reason=form.cleaned_data["reason"], by=request.actor)
        except BusinessError as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, _("已收回“%(role)s”，立即生效。") % {"role": grant.role_label})
            return redirect("staff:person", username)
    title = _("收回 %(name)s 的角色")
    return _person_form(request, form, user, title, _("收回“%(role)s”") % {"role": grant.role_label}, is_danger=True)


def _tell(request: HttpRequest, change: AccessChange) -> None:
    if change.status == "applied":
        messages.success(request, _("已授予。系统现有两位管理员，今后的授权须由另一位管理员复核。"))
    else:
        messages.info(request, _("变更 %(number)s 已提交，另一位管理员同意后生效。") % {"number": change.number})


def _person_form(
    request: HttpRequest, form: Any, user: User, title: str, submit: str, *, is_danger: bool = False
) -> HttpResponse:
    back = reverse("staff:person", args=[user.username])
    context = {
        "form": form, "title": title % {"name": user.name}, "submit": submit, "cancel": back, "is_danger": is_danger,
        "crumbs": [(_("人员"), reverse("staff:people")), (user.name, back)],
    }
    return render(request, "staff/form_page.html", context, status=422 if form.errors else 200)
