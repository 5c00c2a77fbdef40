"""The class of a loan: why it stands there, holding it in a worse one, and lifting that."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from chezhe.kernel import business_date
from chezhe.kernel.doors import needs, require
from chezhe.kernel.errors import BusinessError
from chezhe.servicing import pages, permissions
from chezhe.servicing.actions.downgrade_loan import downgrade_loan
from chezhe.servicing.actions.request_class_lift import request_class_lift
from chezhe.servicing.forms import ReasonForm
from chezhe.servicing.models import ClassDowngrade
from chezhe.servicing.quality import pages as quality_pages
from chezhe.servicing.quality.forms import DowngradeForm
from chezhe.servicing.quality.models import ASSET_CLASSES
from chezhe.servicing.states import DOWNGRADE, ON_BOOKS
from chezhe.servicing.views.loans import fetch
from chezhe.ui import navigation
from chezhe.ui.lists import ChoiceFilter, Column, DateRangeFilter, ListPage, ScopeFilter, TextFilter


@require_GET
@needs(permissions.VIEW)
def quality_of(request: HttpRequest) -> HttpResponse:
    """Panel of a loan: class, stage and allowance, each reason, and who holds it where."""
    row = fetch(request, request.GET.get("subject", "").removeprefix("loan:"))
    rows = [(downgrade, quality_pages.DOWNGRADE_STATUSES[downgrade.status], quality_pages.CLASS_STATUSES[downgrade.asset_class])
            for downgrade in row.downgrades.order_by("-id")]
    line = quality_pages.last_line(row)
    return render(request, "servicing/quality.html", {
        "loan": row, "standing": quality_pages.standing_of(row, business_date.current()), "rows": rows, "line": line,
        "line_status": quality_pages.CLASS_STATUSES[line.asset_class] if line else None,
        "line_stage": quality_pages.STAGE_STATUSES[line.stage] if line else None,
        "can_downgrade": row.status in ON_BOOKS and request.actor.can(permissions.DOWNGRADE.code),
    })


@require_http_methods(["GET", "POST"])
@needs(permissions.DOWNGRADE)
def downgrade(request: HttpRequest, number: str) -> HttpResponse:
    """Hold a loan in a worse class."""
    row = fetch(request, number)
    form = DowngradeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            made = downgrade_loan(loan_number=number, **form.cleaned_data, by=request.actor)
        except BusinessError as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, _("已下调为“%(class)s”，自今日起生效。") % {"class": made.get_asset_class_display()})
            return redirect("servicing:downgraded", made.number)
    return render(request, "servicing/downgrade.html", {
        "loan": row, "form": form, "standing": quality_pages.standing_of(row, business_date.current()),
        "title": row.customer.masked_name, "cancel": f"{reverse('servicing:loan', args=[number])}?tab=quality",
        "breadcrumbs": [*pages.TRAIL, (number, reverse("servicing:loan", args=[number])), (_("下调分类"), "")],
    }, status=422 if form.errors else 200)


@require_GET
@needs(permissions.VIEW)
def downgrades(request: HttpRequest) -> HttpResponse:
    """Every downgrade in the actor's reach."""
    return ListPage(
        title=_("分类下调"), subtitle=_("风险人员发现比逾期更坏的情况时下调；解除须经风险经理审批。"),
        queryset=ClassDowngrade.objects.visible_to(request.actor).select_related("loan"),
        columns=[
            Column("number", _("编号"), kind="link", url=lambda row: reverse("servicing:downgraded", args=[row.number]), sortable=True),
            Column("loan.number", _("贷款"), kind="identifier"),
            Column("asset_class", _("下调为"), kind="status", statuses=quality_pages.CLASS_STATUSES),
            Column("status", _("状态"), kind="status", statuses=quality_pages.DOWNGRADE_STATUSES),
            Column("downgraded_on", _("下调日"), kind="date", sortable=True),
            Column("lifted_on", _("解除日"), kind="date", sortable=True, phone=False),
            Column("downgraded_by_name", _("下调人"), phone=False), Column("reason", _("原因"), phone=False),
        ],
        filters=[
            ScopeFilter(owner="loan__owner_id", branch="loan__branch_id"),
            ChoiceFilter(name="status", label=_("状态"), choices=[(k, s.label) for k, s in quality_pages.DOWNGRADE_STATUSES.items()]),
            ChoiceFilter(name="asset_class", label=_("分类"), choices=ASSET_CLASSES),
            DateRangeFilter(name="downgraded", label=_("下调日"), field="downgraded_on"),
            TextFilter(name="loan", label=_("贷款编号"), field="loan__number"),
        ],
        search=("number__icontains", "loan__number__icontains"), search_hint=_("下调或贷款编号"), default_sort="-number",
        breadcrumbs=pages.TRAIL, file_name="downgrades", empty_title=_("没有分类下调"), empty_hint=_("在贷款页面的“分类与拨备”中下调。"),
    ).respond(request)


@require_http_methods(["GET", "POST"])
@needs(permissions.VIEW)
def downgraded(request: HttpRequest, number: str) -> HttpResponse:
    """One downgrade: why, by whom, and what became of it; a POST asks for it to be lifted."""
    row = ClassDowngrade.objects.visible_to(request.actor).select_related("loan__customer").fetch(number)
    form = ReasonForm(request.POST or None)
    may_ask = request.actor.can(permissions.REQUEST_CLASS_LIFT.code)
    if request.method == "POST":
        require(request, permissions.REQUEST_CLASS_LIFT)
    if request.method == "POST" and form.is_valid():
        try:
            asked = request_class_lift(downgrade_number=number, reason=form.cleaned_data["reason"], by=request.actor)
        except BusinessError as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, _("已提交 %(number)s，等待审批。") % {"number": asked.approval_number})
            return redirect("servicing:downgraded", number)
    facts: dict[str, Any] = {
        "downgrade": row, "loan": row.loan, "form": form, "status": quality_pages.DOWNGRADE_STATUSES[row.status],
        "asset_class": quality_pages.CLASS_STATUSES[row.asset_class], "track": quality_pages.track_of(row),
        "approval_url": (navigation.url_or_none("approvals:request", row.approval_number) or "") if row.status == "lift_asked" else "",
        "can_ask": may_ask and DOWNGRADE.allows(row.status, "ask"),
        "breadcrumbs": [*pages.TRAIL, (_("分类下调"), reverse("servicing:downgrades")), (row.number, "")],
    }
    return render(request, "servicing/downgraded.html", facts, status=422 if form.errors else 200)
