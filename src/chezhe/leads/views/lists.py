"""Leads as a list, as a board, and the public pool."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from django.views.decorators.http import require_GET, require_http_methods

from chezhe.channels import choices as channel_choices
from chezhe.kernel import business_date, subjects
from chezhe.kernel.doors import needs
from chezhe.leads import choices, permissions, queries
from chezhe.leads.models import Lead
from chezhe.leads.states import LEAD, OPEN
from chezhe.leads.views import bulk
from chezhe.ui.lists import ChoiceFilter, Column, CustomFilter, DateRangeFilter, ListPage, ScopeFilter
from chezhe.ui.status import Status

STATUSES = {
    "new": Status(LEAD.labels["new"], "warning", "inbox"), "assigned": Status(LEAD.labels["assigned"], "info"),
    "contacted": Status(LEAD.labels["contacted"], "progress"), "qualified": Status(LEAD.labels["qualified"], "good", "star"),
    "converted": Status(LEAD.labels["converted"], "good"), "lost": Status(LEAD.labels["lost"], "neutral", "circle-x"),
    "duplicate": Status(LEAD.labels["duplicate"], "neutral", "copy"),
}


@require_http_methods(["GET", "POST"])
@needs(permissions.VIEW)
def leads(request: HttpRequest) -> HttpResponse:
    """Every lead in the actor's reach, masked."""
    buttons: list[tuple[Any, str, str]] = [
        (_("看板"), reverse("leads:board"), "layout-kanban"), (_("公共池"), reverse("leads:pool"), "inbox"),
    ]
    if request.actor.can(permissions.CREATE.code):
        buttons.insert(0, (_("新建线索"), reverse("leads:create"), "plus"))
    return ListPage(
        title=pgettext_lazy("list", "线索"), queryset=Lead.objects.visible_to(request.actor).select_related("owner", "branch", "dealer"),
        columns=[
            Column("number", _("线索编号"), kind="link", url=_url, sortable=True), *_columns(),
            Column("owner.name", _("跟进人"), phone=False), Column("protected_until", _("保护期至"), kind="date", phone=False),
            Column("touch_next_on", _("下次联系"), kind="date", sortable=True),
            Column("created_at", _("录入时间"), kind="moment", sortable=True, phone=False),
        ],
        filters=[
            ScopeFilter(owner="owner_id", branch="branch_id"),
            CustomFilter(name="state", label=_("阶段"), choices=[("open", _("跟进中的")), *LEAD.choices()], narrow=_by_state),
            ChoiceFilter(name="source", label=_("来源"), choices=channel_choices.SOURCES),
            ChoiceFilter(name="product", label=_("意向产品"), field="product_interest", choices=choices.PRODUCTS),
            DateRangeFilter(name="created", label=_("录入日期"), field="created_on"),
        ],
        search=queries.narrowed, search_hint=_("称呼、手机号（或后四位）、线索编号"), default_sort="-created_at", file_name="leads",
        actions=buttons, empty_hint=_("来电、到店、车商推荐，都从这里开始。"), bulk=[bulk.assign()],
    ).respond(request)


def _url(lead: Lead) -> str:
    return reverse("leads:lead", args=[lead.number])


def _claim_url(lead: Lead) -> str:
    return reverse("leads:claim", args=[lead.number])


def _columns() -> list[Column]:
    return [
        Column("masked_name", _("称呼")), Column("masked_mobile", _("手机号"), kind="identifier"),
        Column("status", _("阶段"), kind="status", statuses=STATUSES),
        Column("product_label", _("意向产品"), phone=False),
        Column("amount_wanted", _("需要金额"), kind="money", sortable=True, total=False),
        Column("source_label", _("来源"), phone=False),
    ]


def _by_state(rows: Any, value: str) -> Any:
    return rows.filter(status__in=OPEN) if value == "open" else rows.filter(status=value)


@require_http_methods(["GET", "POST"])
@needs(permissions.VIEW)
def pool(request: HttpRequest) -> HttpResponse:
    """What anybody of the branch may take."""
    on = business_date.current()
    return ListPage(
        title=_("公共池"), subtitle=_("没有人跟进，或保护期（30 天）已过的线索，本店同事都可领取。"),
        queryset=queries.pool(request.actor, on).select_related("owner", "branch"),
        columns=[
            Column("number", _("线索编号"), kind="link", url=_claim_url, sortable=True), *_columns(),
            Column("owner.name", _("原跟进人"), phone=False), Column("held_since", _("最近跟进"), kind="date", sortable=True),
            Column("branch.name", _("门店"), phone=False),
        ],
        filters=[ChoiceFilter(name="source", label=_("来源"), choices=channel_choices.SOURCES)],
        default_sort="-created_at", file_name="lead-pool", breadcrumbs=[(pgettext_lazy("list", "线索"), reverse("leads:leads"))],
        empty_title=_("公共池是空的"), empty_hint=_("每条线索都有人跟进。"), exportable=False, bulk=[bulk.claim()],
    ).respond(request)


@require_GET
@needs(permissions.VIEW)
def board(request: HttpRequest) -> HttpResponse:
    """The open leads by stage; a card moves by mouse, by menu or by keyboard."""
    actor = request.actor
    mine = request.GET.get("scope") == "own"
    rows = Lead.objects.visible_to(actor)
    columns = queries.board(actor, rows.filter(owner_id__in=list(actor.user_ids)) if mine else rows)
    reachable = ("assigned", "contacted", "qualified") if actor.can(permissions.ASSIGN.code) else ("contacted", "qualified")
    context = {
        "columns": columns, "names": [(column.key, column.name) for column in columns if column.key in reachable], "mine": mine,
        "can_follow": actor.can(permissions.FOLLOW.code), "can_create": actor.can(permissions.CREATE.code),
        "today": business_date.current(), "cards_max": queries.CARDS_MAX,
    }
    return render(request, "leads/board.html", context)


@require_GET
@needs(permissions.VIEW)
def of_dealer(request: HttpRequest) -> HttpResponse:
    """Panel on a dealer's page: what came of the leads it brought, as far as the actor may see them."""
    subject = subjects.open_subject(request.GET.get("subject", ""), request.actor)
    rows = Lead.objects.visible_to(request.actor).filter(dealer__number=subject.number).order_by("-id")[:100]
    return render(request, "leads/of_dealer.html", {"leads": [(lead, STATUSES[lead.status]) for lead in rows]})
