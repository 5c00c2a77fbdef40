"""VAT of a month: prepare it, look at what is taxed, post it, take it back."""

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
from chezhe.servicing import pages
from chezhe.servicing.actions.discard_vat import discard_vat
from chezhe.servicing.actions.post_vat import post_vat
from chezhe.servicing.actions.reverse_vat import reverse_vat
from chezhe.servicing.actions.run_vat import run_vat
from chezhe.servicing.forms import MonthForm, ReasonForm
from chezhe.servicing.models import VatLine, VatRun
from chezhe.servicing.tax import pages as tax_pages
from chezhe.servicing.tax import permissions
from chezhe.servicing.tax.states import VAT
from chezhe.ui.list_files import hand_out
from chezhe.ui.lists import Column, ListPage, ScopeFilter, TextFilter

HISTORY_SHOWN = 36


@require_http_methods(["GET", "POST"])
@needs(permissions.VIEW_VAT)
def vats(request: HttpRequest) -> HttpResponse:
    """Every month's VAT, and the form that prepares the next one."""
    if request.method == "POST":
        require(request, permissions.RUN_VAT)
    offered = tax_pages.months_to_run(business_date.current())
    form = MonthForm(request.POST or None, months=offered)
    if request.method == "POST" and form.is_valid():
        try:
            run = run_vat(as_of=form.cleaned_data["as_of"], by=request.actor)
        except BusinessError as refusal:
            form.refuse(refusal)
        else:
            return redirect("servicing:vat", run.number)
    return render(request, "servicing/vats.html", {
        "form": form, "rows": tax_pages.statuses(VatRun.objects.visible_to(request.actor).order_by("-as_of", "-id")[:HISTORY_SHOWN]),
        "can_run": bool(offered) and request.actor.can(permissions.RUN_VAT.code), "breadcrumbs": [*pages.TRAIL, (_("增值税"), "")],
    }, status=422 if form.errors else 200)


@require_GET
@needs(permissions.VIEW_VAT)
def vat(request: HttpRequest, number: str) -> HttpResponse:
    """One run: what is taxed, the proof against the income accounts, and what it books."""
    return _shown(request, _fetch(request, number), ReasonForm())


@require_GET
@needs(permissions.VIEW_VAT)
def progress(request: HttpRequest, number: str) -> HttpResponse:
    """The part of the page that asks again every second until the worker is done."""
    run = _fetch(request, number)
    return render(request, "servicing/vat_progress.html", {"run": run, "job": tax_pages.job_of(run)})


@require_POST
@needs(permissions.POST_VAT)
def post(request: HttpRequest, number: str) -> HttpResponse:
    """A second person books it."""
    _fetch(request, number)
    try:
        run = post_vat(vat_number=number, by=request.actor)
    except BusinessError as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("已入账，记账日 %(on)s。") % {"on": run.posted_on})
    return redirect("servicing:vat", number)


@require_POST
@needs(permissions.RUN_VAT)
def discard(request: HttpRequest, number: str) -> HttpResponse:
    """Put a run aside that was not posted."""
    return _with_reason(request, number, discard_vat, _("已作废，可重新发起。"))


@require_POST
@needs(permissions.REVERSE_VAT)
def reverse_one(request: HttpRequest, number: str) -> HttpResponse:
    """Take a posted run back."""
    return _with_reason(request, number, reverse_vat, _("已冲回，该月可重新计提。"))


@require_GET
@needs(permissions.VIEW_VAT)
def sheet(request: HttpRequest, number: str) -> HttpResponse:
    """The figures of the return as a spreadsheet."""
    run = _fetch(request, number)
    body, rows = tax_pages.sheet(run, request.actor)
    return hand_out(body, "xlsx", file_name=f"vat-{run.as_of}", rows_count=rows, actor=request.actor)


@require_GET
@needs(permissions.VIEW_VAT)
def lines(request: HttpRequest, number: str) -> HttpResponse:
    """What a run taxes, loan by loan."""
    run = _fetch(request, number)
    return ListPage(
        title=_("逐笔应税"), subtitle=f"{run.number} · {run.as_of}",
        queryset=VatLine.objects.visible_to(request.actor).filter(run=run).select_related("loan", "product", "branch"),
        columns=[
            Column("loan.number", _("贷款"), kind="link", sortable=True,
                   url=lambda line: f"{reverse('servicing:loan', args=[line.loan.number])}?tab=journal"),
            Column("items", _("项目"), value=tax_pages.said_items),
            Column("base", _("含税"), kind="money", sortable=True),
            Column("net", _("不含税"), kind="money", value=lambda line: line.base - line.tax, phone=False),
            Column("tax", _("税额"), kind="money", sortable=True),
            Column("product", _("产品"), value=lambda line: line.product.label, phone=False),
            Column("branch.name", _("门店"), phone=False),
        ],
        filters=[
            ScopeFilter(owner="loan__owner_id", branch="branch_id"),
            TextFilter(name="product", label=_("产品"), field="product__code"),
        ],
        search=("loan__number__icontains",), search_hint=_("贷款编号"), default_sort="-tax",
        breadcrumbs=[*pages.TRAIL, (_("增值税"), reverse("servicing:vats")), (run.number, reverse("servicing:vat", args=[number]))],
        file_name=f"vat-lines-{run.as_of}", empty_title=_("没有应税收入"), empty_hint=_("计算完成后列出每笔有应税收入的贷款。"),
    ).respond(request)


def _fetch(request: HttpRequest, number: str) -> VatRun:
    return VatRun.objects.visible_to(request.actor).select_related("previous").fetch(number)


def _with_reason(request: HttpRequest, number: str, act: Callable[..., Any], said: str) -> HttpResponse:
    run, form = _fetch(request, number), ReasonForm(request.POST)
    if form.carries_out(lambda: act(vat_number=number, reason=form.cleaned_data["reason"], by=request.actor)):
        messages.success(request, said)
        return redirect("servicing:vat", number)
    return _shown(request, run, form)


def _shown(request: HttpRequest, run: VatRun, form: Any) -> HttpResponse:
    can, allows, is_there = request.actor.can, VAT.allows, run.status != "computing"
    proof, difference = tax_pages.proof_of(run) if is_there else ([], 0)
    return render(request, "servicing/vat.html", {
        "run": run, "form": form, "status": tax_pages.RUN_STATUSES[run.status], "job": tax_pages.job_of(run),
        "tables": tax_pages.tables_of(run), "proof": proof, "difference": difference, "rate": tax_pages.percent(run.rate),
        "rounding": tax_pages.rounding_of(run), "journals": tax_pages.journals_of(run) if is_there else [], "net": run.base - run.tax,
        "track": tax_pages.track_of(run),
        "can_post": allows(run.status, "post") and can(permissions.POST_VAT.code) and run.started_by_id not in request.actor.user_ids,
        "can_discard": allows(run.status, "discard") and can(permissions.RUN_VAT.code),
        "can_reverse": allows(run.status, "reverse") and can(permissions.REVERSE_VAT.code),
        "breadcrumbs": [*pages.TRAIL, (_("增值税"), reverse("servicing:vats")), (run.number, "")],
    }, status=422 if form.errors else 200)
