"""The provision of a month: run it, look at what it found, post it, take it back."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from chezhe.kernel import business_date
from chezhe.kernel.doors import needs, require
from chezhe.kernel.errors import BusinessError
from chezhe.servicing import pages, permissions
from chezhe.servicing.actions.discard_provision import discard_provision
from chezhe.servicing.actions.post_provision import post_provision
from chezhe.servicing.actions.reverse_provision import reverse_provision
from chezhe.servicing.actions.run_provision import run_provision
from chezhe.servicing.forms import MonthForm, ReasonForm
from chezhe.servicing.models import ProvisionLine, ProvisionRun
from chezhe.servicing.quality import pages as quality_pages
from chezhe.servicing.quality import run_pages
from chezhe.servicing.quality.models import ASSET_CLASSES, STAGES
from chezhe.servicing.states import PROVISION
from chezhe.ui.lists import ChoiceFilter, Column, ListPage, ScopeFilter, TextFilter

HISTORY_SHOWN = 36


@require_http_methods(["GET", "POST"])
@needs(permissions.VIEW_PROVISIONS)
def provisions(request: HttpRequest) -> HttpResponse:
    """Every month's provision, and the form that begins the next one."""
    if request.method == "POST":
        require(request, permissions.RUN_PROVISION)
    offered = run_pages.months_to_run(business_date.current())
    form = MonthForm(request.POST or None, months=offered)
    if request.method == "POST" and form.is_valid():
        try:
            run = run_provision(as_of=form.cleaned_data["as_of"], by=request.actor)
        except BusinessError as refusal:
            form.refuse(refusal)
        else:
            return redirect("servicing:provision", run.number)
    rows = [(run, run_pages.RUN_STATUSES[run.status]) for run in
            ProvisionRun.objects.visible_to(request.actor).order_by("-as_of", "-id")[:HISTORY_SHOWN]]
    return render(request, "servicing/provisions.html", {
        "form": form, "rows": rows, "can_run": bool(offered) and request.actor.can(permissions.RUN_PROVISION.code),
        "breadcrumbs": [*pages.TRAIL, (_("拨备计提"), "")],
    }, status=422 if form.errors else 200)


@require_GET
@needs(permissions.VIEW_PROVISIONS)
def provision(request: HttpRequest, number: str) -> HttpResponse:
    """One run: its results, how the allowance moved, and what it books."""
    return _shown(request, _fetch(request, number), ReasonForm())


@require_GET
@needs(permissions.VIEW_PROVISIONS)
def progress(request: HttpRequest, number: str) -> HttpResponse:
    """The part of the page that asks again every second until the worker is done."""
    run = _fetch(request, number)
    return render(request, "servicing/provision_progress.html", {"run": run, "job": run_pages.job_of(run)})


@require_POST
@needs(permissions.POST_PROVISION)
def post(request: HttpRequest, number: str) -> HttpResponse:
    """A second person books it."""
    _fetch(request, number)
    try:
        run = post_provision(provision_number=number, by=request.actor)
    except BusinessError as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("已入账，记账日 %(on)s。") % {"on": run.posted_on})
    return redirect("servicing:provision", number)


@require_POST
@needs(permissions.RUN_PROVISION)
def discard(request: HttpRequest, number: str) -> HttpResponse:
    """Put a run aside that was not posted."""
    return _with_reason(request, number, discard_provision, _("已作废，可重新发起。"))


@require_POST
@needs(permissions.REVERSE_PROVISION)
def reverse_one(request: HttpRequest, number: str) -> HttpResponse:
    """Take a posted run back."""
    return _with_reason(request, number, reverse_provision, _("已冲回，该月可重新计提。"))


@require_GET
@needs(permissions.VIEW_PROVISIONS)
def lines(request: HttpRequest, number: str) -> HttpResponse:
    """What a run found, loan by loan."""
    run = _fetch(request, number)
    return ListPage(
        title=_("逐笔拨备"), subtitle=f"{run.number} · {run.as_of}",
        queryset=ProvisionLine.objects.visible_to(request.actor).filter(run=run).select_related("loan", "product", "branch"),
        columns=[
            Column("loan.number", _("贷款"), kind="link", sortable=True,
                   url=lambda line: f"{reverse('servicing:loan', args=[line.loan.number])}?tab=quality"),
            Column("asset_class", _("分类"), kind="status", statuses=quality_pages.CLASS_STATUSES),
            Column("stage", _("阶段"), kind="status", statuses=quality_pages.STAGE_STATUSES),
            Column("why", _("原因"), value=quality_pages.said_reasons, phone=False),
            Column("days_past_due", _("逾期天数"), kind="number", sortable=True),
            Column("exposure", _("本金余额"), kind="money", sortable=True),
            Column("loss_share", _("损失率"), kind="rate", phone=False, hint=_("违约概率 × 违约损失率，三个情景加权")),
            Column("discount", _("折现系数"), kind="rate", phone=False, shown=False),
            Column("expected_loss", _("预期信用损失"), kind="money", sortable=True, phone=False),
            Column("regulatory", _("监管计提"), kind="money", sortable=True, phone=False),
            Column("allowance", _("拨备"), kind="money", sortable=True),
            Column("product", _("产品"), value=lambda line: line.product.label, phone=False),
            Column("branch.name", _("门店"), phone=False),
        ],
        filters=[
            ScopeFilter(owner="loan__owner_id", branch="branch_id"),
            ChoiceFilter(name="asset_class", label=_("分类"), choices=ASSET_CLASSES),
            ChoiceFilter(name="stage", label=_("阶段"), choices=[(str(key), label) for key, label in STAGES]),
            TextFilter(name="product", label=_("产品"), field="product__code"),
        ],
        search=("loan__number__icontains",), search_hint=_("贷款编号"), default_sort="-allowance",
        breadcrumbs=[*pages.TRAIL, (_("拨备计提"), reverse("servicing:provisions")),
                     (run.number, reverse("servicing:provision", args=[number]))],
        file_name=f"provision-{run.as_of}", empty_title=_("没有贷款"), empty_hint=_("计算完成后列出每笔贷款。"),
    ).respond(request)


def _fetch(request: HttpRequest, number: str) -> ProvisionRun:
    return ProvisionRun.objects.visible_to(request.actor).select_related("previous").fetch(number)


def _with_reason(request: HttpRequest, number: str, act: Callable[..., Any], said: str) -> HttpResponse:
    run, form = _fetch(request, number), ReasonForm(request.POST)
    if form.carries_out(lambda: act(provision_number=number, reason=form.cleaned_data["reason"], by=request.actor)):
        messages.success(request, said)
        return redirect("servicing:provision", number)
    return _shown(request, run, form)


def _shown(request: HttpRequest, run: ProvisionRun, form: Any) -> HttpResponse:
    can, allows = request.actor.can, PROVISION.allows
    bridge, difference = run_pages.bridge_of(run) if run.status in ("computed", "posted") else ([], 0)
    return render(request, "servicing/provision.html", {
        "run": run, "form": form, "status": run_pages.RUN_STATUSES[run.status], "job": run_pages.job_of(run),
        "tables": run_pages.tables_of(run), "movements": run_pages.movements_of(run), "bridge": bridge, "difference": difference,
        "charts": run_pages.charts_of(run), "bookings": run_pages.bookings_of(run), "track": run_pages.track_of(run),
        "figures": sorted(run.figures.items()),
        "can_post": allows(run.status, "post") and can(permissions.POST_PROVISION.code) and run.started_by_id not in request.actor.user_ids,
        "can_discard": allows(run.status, "discard") and can(permissions.RUN_PROVISION.code),
        "can_reverse": allows(run.status, "reverse") and can(permissions.REVERSE_PROVISION.code),
        "breadcrumbs": [*pages.TRAIL, (_("拨备计提"), reverse("servicing:provisions")), (run.number, "")],
    }, status=422 if form.errors else 200)
