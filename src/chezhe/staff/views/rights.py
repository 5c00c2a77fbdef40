"""Rights: the permission matrix, the responsibility table, changes that wait, places, delegations."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from chezhe.identifiers.text import clean
from chezhe.kernel import clock, moves, roles
from chezhe.kernel.doors import needs
from chezhe.kernel.errors import BusinessError
from chezhe.staff import changes, permissions, queries
from chezhe.staff.actions.change_role_permissions import change_role_permissions
from chezhe.staff.actions.create_branch import create_branch
from chezhe.staff.actions.create_region import create_region
from chezhe.staff.actions.delegate import delegate
from chezhe.staff.actions.end_delegation import end_delegation
from chezhe.staff.actions.withdraw_access_change import withdraw_access_change
from chezhe.staff.forms import BranchForm, DelegationForm, ReasonForm, RegionForm
from chezhe.staff.models import AccessChange, Delegation, User
from chezhe.staff.states import ACCESS_CHANGE
from chezhe.ui.lists import ChoiceFilter, Column, ListPage
from chezhe.ui.parts import Happening
from chezhe.ui.status import Status

CHANGE_STATUSES = {
    status: Status(ACCESS_CHANGE.labels[status], tone)
    for status, tone in {"proposed": "progress", "applied": "good", "rejected": "danger", "withdrawn": "neutral"}.items()
}


def _choice(request: HttpRequest, name: str, allowed: Any) -> str:
    wanted = request.GET.get(name, "")
    return wanted if wanted in allowed else ""


def _filters(request: HttpRequest) -> dict[str, Any]:
    rooms = queries.rooms_with_permissions()
    return {
        "rooms": rooms, "room": _choice(request, "room", dict(rooms)), "role": _choice(request, "role", roles.LABELS),
        "text": clean(request.GET.get("q", ""))[:40], "role_labels": list(roles.LABELS.items()),
    }


@needs(permissions.VIEW_MATRIX)
def matrix(request: HttpRequest) -> HttpResponse:
    """Role × permission, from the registries and the table, by room."""
    context = _filters(request)
    context["groups"] = queries.matrix(room=context["room"], role=context["role"], text=context["text"])
    context["permissions_count"] = sum(len(group.rows) for group in context["groups"])
    context["may_change"] = request.actor.can(permissions.CHANGE_ROLE_PERMISSIONS.code)
    return render(request, "staff/matrix.html", context)


@needs(permissions.VIEW_MATRIX)
def responsibility(request: HttpRequest) -> HttpResponse:
    """Who carries out, answers for, is asked about and is told of every verb (RACI), from the registered actions."""
    context = _filters(request)
    table = queries.responsibilities(room=context["room"], role=context["role"])
    context["groups"] = [(queries.room_label(room), lines) for room, lines in table.items()]
    return render(request, "staff/responsibility.html", context)


@needs(permissions.CHANGE_ROLE_PERMISSIONS)
@require_http_methods(["GET", "HEAD", "POST"])
def role_permissions(request: HttpRequest, role: str) -> HttpResponse:
    """Propose what a role may do: every permission with a tick."""
    if role not in roles.LABELS:
        raise Http404
    form = ReasonForm(request.POST or None)
    held = queries.permissions_of([role])
    wanted = set(request.POST.getlist("wanted")) if request.method == "POST" else held
    if request.method == "POST" and form.is_valid():
        try:
            change = change_role_permissions(role=role, wanted=wanted, reason=form.cleaned_data["reason"], by=request.actor)
        except BusinessError as refusal:
            form.refuse(refusal)
        else:
            messages.info(request, _("变更 %(number)s 已提交，另一位管理员同意后生效。") % {"number": change.number})
            return redirect("staff:access_change", change.number)
    context = {"form": form, "role": role, "label": roles.LABELS[role], "groups": queries.matrix(), "held": held, "wanted": wanted}
    return render(request, "staff/role_permissions.html", context, status=422 if form.errors else 200)


@needs(permissions.VIEW)
def access_changes(request: HttpRequest) -> HttpResponse:
    """Proposed and settled changes of rights."""
    return ListPage(
        title=_("权限变更"), queryset=AccessChange.objects.visible_to(request.actor).select_related("user", "proposed_by"),
        columns=[
            Column("number", _("编号"), kind="link", url=lambda row: reverse("staff:access_change", args=[row.number]), sortable=True),
            Column("title", _("内容"), value=changes.title_of),
            Column("proposed_by", _("提出人"), value=lambda row: row.proposed_by.name if row.proposed_by else "—"),
            Column("proposed_at", _("提出时间"), kind="moment", sortable=True),
            Column("status", _("状态"), kind="status", statuses=CHANGE_STATUSES, sortable=True),
        ],
        filters=[
            ChoiceFilter(name="status", label=_("状态"), choices=[(k, s.label) for k, s in CHANGE_STATUSES.items()]),
            ChoiceFilter(name="role", label=_("角色"), choices=list(roles.LABELS.items())),
        ],
        search=("number__icontains", "user__name__icontains"), search_hint=_("编号、姓名"), default_sort="-number",
        breadcrumbs=[(_("设置"), "")], file_name="access-changes",
        empty_hint=_("授予角色或调整角色权限时，会在这里等待另一位管理员复核。"),
    ).respond(request)


@needs(permissions.VIEW)
def access_change(request: HttpRequest, number: str) -> HttpResponse:
    """One change: what it does, who asked, who agreed."""
    change = AccessChange.objects.visible_to(request.actor).select_related("user", "proposed_by").fetch(number)
    return render(request, "staff/access_change.html", {
        "change": change, "title": changes.title_of(change), "details": changes.details_of(change),
        "status": CHANGE_STATUSES[change.status], "track": _track(change),
        "may_withdraw": change.status == "proposed" and change.proposed_by_id in request.actor.user_ids,
    })


def _track(change: AccessChange) -> list[Happening]:
    """Who proposed, who agreed, newest first."""
    tones = {"applied": ("good", "check"), "rejected": ("danger", "x"), "withdrawn": ("neutral", "arrow-back-up")}
    return [
        Happening(m.moved_at, ACCESS_CHANGE.label(m.status_to), m.actor_name, m.reason, *tones.get(m.status_to, ("info", "pencil")))
        for m in reversed(moves.history(change.subject))
    ]


@needs(permissions.GRANT_ROLES)
@require_POST
def access_change_withdraw(request: HttpRequest, number: str) -> HttpResponse:
    """Take a proposal back."""
    withdraw_access_change(change_number=number, by=request.actor)
    messages.success(request, _("已撤回。"))
    return redirect("staff:access_change", number)


@needs(permissions.VIEW)
def places(request: HttpRequest) -> HttpResponse:
    """Regions with their branches and how many people work there."""
    return render(request, "staff/places.html", {
        "regions": queries.regions_with_branches(), "head_office": queries.head_office_count(),
        "may_manage": request.actor.can(permissions.MANAGE_PLACES.code),
    })


@needs(permissions.MANAGE_PLACES)
@require_http_methods(["GET", "HEAD", "POST"])
def branch_new(request: HttpRequest) -> HttpResponse:
    """Open a branch."""
    return _place_form(request, BranchForm(request.POST or None), create_branch, _("新建门店"))


@needs(permissions.MANAGE_PLACES)
@require_http_methods(["GET", "HEAD", "POST"])
def region_new(request: HttpRequest) -> HttpResponse:
    """Add a region."""
    return _place_form(request, RegionForm(request.POST or None), create_region, _("新建区域"))


def _place_form(request: HttpRequest, form: Any, act: Any, title: str) -> HttpResponse:
    if request.method == "POST" and form.is_valid():
        try:
            place = act(**form.cleaned_data, by=request.actor)
        except BusinessError as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, _("已新建 %(name)s。") % {"name": place.name})
            return redirect("staff:places")
    back = reverse("staff:places")
    context = {"form": form, "title": title, "submit": _("新建"), "cancel": back, "crumbs": [(_("门店与区域"), back)]}
    return render(request, "staff/form_page.html", context, status=422 if form.errors else 200)


@needs(permissions.DELEGATE)
def delegations(request: HttpRequest) -> HttpResponse:
    """What I delegated, and for whom I may act."""
    mine = Delegation.objects.select_related("delegator", "delegate")
    return render(request, "staff/delegations.html", {
        "given": list(mine.filter(delegator_id=request.actor.user_id)[:50]), "today": clock.today(),
        "taken": list(mine.filter(delegate_id=request.actor.user_id)[:50]),
        "acting": request.staff_session.acting_for_id if request.staff_session else None,
        "is_acting": request.actor.on_behalf_of_id is not None,
    })


@needs(permissions.DELEGATE)
@require_http_methods(["GET", "HEAD", "POST"])
def delegation_new(request: HttpRequest) -> HttpResponse:
    """Let a colleague act for me."""
    user = User.objects.get(pk=request.actor.user_id)
    held = list(dict.fromkeys(grant.role for grant in queries.grants_of(user, clock.today())))
    form = DelegationForm(request.POST or None, held=held, today=clock.today())
    if request.method == "POST" and form.is_valid():
        try:
            row = delegate(**form.cleaned_data, by=request.actor)
        except BusinessError as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, _("已委托 %(name)s。") % {"name": row.delegate.name})
            return redirect("staff:delegations")
    back = reverse("staff:delegations")
    context = {"form": form, "title": _("新建委托"), "submit": _("委托"), "cancel": back, "crumbs": [(_("委托代办"), back)]}
    return render(request, "staff/form_page.html", context, status=422 if form.errors else 200)


@needs(permissions.DELEGATE)
@require_POST
def delegation_end(request: HttpRequest, delegation_id: int) -> HttpResponse:
    """End a delegation now."""
    end_delegation(delegation_id=delegation_id, by=request.actor)
    messages.success(request, _("委托已结束。"))
    return redirect("staff:delegations")
