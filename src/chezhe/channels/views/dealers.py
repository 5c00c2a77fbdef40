"""Pages of the channels room."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_http_methods

from chezhe.channels import choices, permissions
from chezhe.channels.actions.create_dealer import create_dealer
from chezhe.channels.actions.edit_dealer import edit_dealer
from chezhe.channels.actions.exit_dealer import exit_dealer
from chezhe.channels.actions.resume_dealer import resume_dealer
from chezhe.channels.actions.suspend_dealer import suspend_dealer
from chezhe.channels.forms import DealerEditForm, NewDealerForm, ReasonForm
from chezhe.channels.models import Dealer
from chezhe.channels.states import DEALER
from chezhe.kernel import business_date, moves
from chezhe.kernel.doors import needs
from chezhe.kernel.errors import BusinessError
from chezhe.ui import panels
from chezhe.ui.lists import ChoiceFilter, Column, ListPage, ScopeFilter, TextFilter
from chezhe.ui.parts import Happening
from chezhe.ui.status import Status

STATUSES = {
    "active": Status(_("合作中"), "good"), "suspended": Status(_("已暂停"), "warning"), "exited": Status(_("已退出"), "neutral"),
}
VERBS: dict[str, Callable[..., Dealer]] = {"suspend": suspend_dealer, "resume": resume_dealer, "exit": exit_dealer}


@require_GET
@needs(permissions.VIEW)
def dealers(request: HttpRequest) -> HttpResponse:
    """The dealers in the actor's reach."""
    new = [(_("登记车商"), reverse("channels:create"), "plus")]
    return ListPage(
        title=_("车商与渠道"), queryset=Dealer.objects.visible_to(request.actor).select_related("branch", "owner"),
        columns=[
            Column("number", _("车商编号"), kind="link", url=lambda d: reverse("channels:dealer", args=[d.number]), sortable=True),
            Column("name", _("车商名称"), sortable=True),
            Column("kind_label", _("类型"), phone=False),
            Column("tier", _("等级"), sortable=True),
            Column("status", _("状态"), kind="status", statuses=STATUSES),
            Column("city", _("城市"), sortable=True, phone=False),
            Column("branch.name", _("门店"), phone=False),
            Column("owner.name", _("渠道经理"), phone=False),
            Column("created_at", _("登记时间"), kind="moment", sortable=True, phone=False),
        ],
        filters=[
            ScopeFilter(owner="owner_id", branch="branch_id"),
            ChoiceFilter(name="status", label=_("状态"), choices=DEALER.choices()),
            ChoiceFilter(name="tier", label=_("等级"), choices=choices.TIERS),
            ChoiceFilter(name="kind", label=_("类型"), choices=choices.DEALER_KINDS),
            TextFilter(name="city", label=_("城市")),
        ],
        search=("name__icontains", "number__istartswith", "uscc__iexact"), search_hint=_("名称、统一社会信用代码、编号"),
        default_sort="-created_at", file_name="dealers", actions=new if request.actor.can(permissions.CREATE.code) else [],
    ).respond(request)


@require_http_methods(["GET", "POST"])
@needs(permissions.CREATE)
def create(request: HttpRequest) -> HttpResponse:
    """A new dealer."""
    form = NewDealerForm(request.POST or None)
    form.ask_branch(request.actor)
    if request.method == "POST" and form.is_valid():
        try:
            dealer_made = create_dealer(
                facts=form.facts(), branch_code=form.branch_code(), business_date=business_date.current(), by=request.actor
            )
        except BusinessError as refusal:
            form.refuse(refusal)
        else:
            return redirect("channels:dealer", dealer_made.number)
    return form_page(request, form, _("登记车商"), _("登记"))


@require_http_methods(["GET", "POST"])
@needs(permissions.EDIT)
def edit(request: HttpRequest, number: str) -> HttpResponse:
    """Correct a dealer's file."""
    row = Dealer.objects.visible_to(request.actor).fetch(number)
    form, status = DealerEditForm(request.POST or None, dealer=row), 0
    if request.method == "POST" and form.is_valid():
        try:
            edit_dealer(
                dealer_number=number, version=form.cleaned_data["version"], changes=form.changes(),
                reason=form.cleaned_data["reason"], by=request.actor,
            )
        except BusinessError as refusal:
            form.refuse(refusal)
            status = refusal.http_status
        else:
            return redirect("channels:dealer", number)
    return form_page(request, form, _("修改车商资料"), _("保存修改"), row, status)


@require_http_methods(["GET", "POST"])
@needs(permissions.SUSPEND)
def move(request: HttpRequest, number: str, verb: str) -> HttpResponse:
    """Suspend, resume or end the cooperation, with the reason."""
    if verb not in VERBS:
        raise Http404
    row = Dealer.objects.visible_to(request.actor).fetch(number)
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            VERBS[verb](dealer_number=number, reason=form.cleaned_data["reason"], by=request.actor)
        except BusinessError as refusal:
            form.refuse(refusal)
        else:
            return redirect("channels:dealer", number)
    return form_page(request, form, DEALER.label(verb), DEALER.label(verb), row)


@require_GET
@needs(permissions.VIEW)
def dealer(request: HttpRequest, number: str) -> HttpResponse:
    """The whole of a dealer, composed of every room's panel."""
    row = Dealer.objects.visible_to(request.actor).select_related("branch", "owner").fetch(number)
    tabs = panels.tabs_for(row.subject, request.actor, required="business_licence,premises_proof,cooperation_agreement")
    keys = [tab.key for tab in tabs]
    actor = request.actor
    context = {
        "dealer": row, "tabs": tabs, "current_tab": request.GET.get("tab") if request.GET.get("tab") in keys else keys[0],
        "status": STATUSES[row.status], "can_edit": actor.can(permissions.EDIT.code),
        "verbs": [(v, DEALER.label(v)) for v in DEALER.verbs(row.status)] if actor.can(permissions.SUSPEND.code) else [],
    }
    return render(request, "channels/dealer.html", context)


@require_GET
@needs(permissions.VIEW)
def profile(request: HttpRequest) -> HttpResponse:
    """Panel: who the dealer is, and how the cooperation went."""
    number = request.GET.get("subject", "").removeprefix("dealer:")
    row = Dealer.objects.visible_to(request.actor).select_related("branch", "owner").fetch(number)
    track = [
        Happening(m.moved_at, DEALER.label(m.status_to), m.actor_name, m.reason, STATUSES[m.status_to].tone)
        for m in reversed(moves.history(row.subject))
    ]
    return render(request, "channels/profile.html", {"dealer": row, "track": track, "tier": dict(choices.TIERS)[row.tier]})


def form_page(
    request: HttpRequest, form: Any, title: Any, submit: Any, row: Dealer | None = None, status: int = 0
) -> HttpResponse:
    """A form by itself, about a dealer or a new one."""
    context = {"form": form, "title": title, "submit": submit, "dealer": row}
    return render(request, "channels/form.html", context, status=status or (422 if form.errors else 200))
