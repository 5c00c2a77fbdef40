"""Applications as a list, as a board, and on the pages of customers and cars."""

from __future__ import annotations

from typing import Any

from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from django.views.decorators.http import require_GET

from chezhe.kernel import clock, subjects
from chezhe.kernel.doors import needs
from chezhe.origination import listing, permissions, queries
from chezhe.origination.labels import STATUSES
from chezhe.origination.models import Application
from chezhe.origination.states import APPLICATION, OPEN
from chezhe.products import queries as product_queries
from chezhe.ui.lists import ChoiceFilter, Column, CustomFilter, DateRangeFilter, ListPage, ScopeFilter
from chezhe.ui.parts import Sla

CARDS_MAX = 30


@require_GET
@needs(permissions.VIEW)
def applications(request: HttpRequest) -> HttpResponse:
    """Every application in the actor's reach."""
    buttons: list[tuple[Any, str, str]] = [(_("看板"), reverse("origination:board"), "layout-kanban")]
    if request.actor.can(permissions.WRITE.code):
        buttons.insert(0, (_("新建进件"), reverse("origination:start"), "plus"))
    return ListPage(
        title=pgettext_lazy("list", "进件"), queryset=queries.listed(request.actor), columns=_columns(),
        filters=[
            ScopeFilter(owner="owner_id", branch="branch_id"),
            CustomFilter(name="state", label=_("状态"), choices=[("open", _("进行中的")), *APPLICATION.choices()], narrow=_by_state),
            *listing.filters(),
            ChoiceFilter(name="product", label=_("产品"), field="product_version__product__code", choices=_products),
            DateRangeFilter(name="created", label=_("录入日期"), field="created_at", moments=True),
            DateRangeFilter(name="submitted", label=_("提交日期"), field="submitted_at", moments=True),
        ],
        search=queries.narrowed, search_hint=_("客户姓名、证件号、手机号，车架号后六位，进件编号"), default_sort="-created_at",
        file_name="applications", actions=buttons, breadcrumbs=[(_("进件与审批"), "")],
        empty_hint=_("从客户页面或“新建进件”开始，六步填完即可提交审批。"),
    ).respond(request)


def _columns() -> list[Column]:
    return [
        Column("number", _("进件编号"), kind="link", url=queries.page_of, sortable=True),
        Column("customer.masked_name", _("客户")),
        Column("status", _("状态"), kind="status", statuses=STATUSES, sortable=True),
        listing.prime_column(),
        Column("product", _("产品"), value=lambda a: str(a.product_version.product) if a.product_version else "—", phone=False),
        Column("amount", _("申请金额"), kind="money", sortable=True),
        Column("periods", _("期限（月）"), kind="number", sortable=True, total=False, phone=False),
        Column("annual_rate", _("年利率"), kind="rate", sortable=True, phone=False),
        *listing.risk_columns(),
        Column("car", _("车辆"), value=lambda a: a.vehicle.masked_plate or a.vehicle.title if a.vehicle else "—", phone=False),
        Column("owner.name", _("客户经理"), phone=False), Column("branch.name", _("门店"), phone=False),
        Column("created_at", _("录入时间"), kind="moment", sortable=True, phone=False),
        Column("submitted_at", _("提交时间"), kind="moment", sortable=True, phone=False),
    ]


def _products() -> list[tuple[str, str]]:
    return [(v.product.code, str(v.product)) for v in product_queries.on_offer(clock.today())]


def _by_state(rows: Any, value: str) -> Any:
    return rows.filter(status__in=OPEN) if value == "open" else rows.filter(status=value)


@require_GET
@needs(permissions.VIEW)
def board(request: HttpRequest) -> HttpResponse:
    """The open applications by stage. A stage is left by a decision, so a card opens its page instead of being dragged."""
    rows, at = queries.visible(request.actor), clock.now()
    counts = dict(rows.filter(status__in=OPEN).order_by().values_list("status").annotate(count=Count("id")))
    columns = [
        (status, APPLICATION.label(status), counts.get(status, 0),
         [(row, _sla(row, at)) for row in rows.filter(status=status).order_by("approval__due_at", "-id")[:CARDS_MAX]])
        for status in OPEN
    ]
    context = {"columns": columns, "can_write": request.actor.can(permissions.WRITE.code), "cards_max": CARDS_MAX}
    return render(request, "origination/board.html", context)


def _sla(row: Application, at: Any) -> Sla | None:
    if row.approval is None or row.approval.due_at is None or not row.is_in_review:
        return None
    return Sla(row.approval.due_at - at, row.approval.due_at - row.approval.opened_at)


@require_GET
@needs(permissions.VIEW)
def of_customer(request: HttpRequest) -> HttpResponse:
    """Panel on a customer's page: what the customer asked for or stands for."""
    subject = subjects.open_subject(request.GET.get("subject", ""), request.actor)
    rows = queries.of_customer(subject.number, request.actor)[:100]
    start_url = f"{reverse('origination:start')}?customer={subject.number}" if request.actor.can(permissions.WRITE.code) else ""
    return _panel(request, rows, start_url)


@require_GET
@needs(permissions.VIEW)
def of_vehicle(request: HttpRequest) -> HttpResponse:
    """Panel on a car's page: what was asked on it."""
    subject = subjects.open_subject(request.GET.get("subject", ""), request.actor)
    return _panel(request, queries.of_vehicle(subject.number, request.actor)[:100], "")


def _panel(request: HttpRequest, rows: Any, start_url: str) -> HttpResponse:
    context = {"applications": [(row, STATUSES[row.status]) for row in rows], "start_url": start_url}
    return render(request, "origination/panel.html", context)
