"""What loans leave, and what their money costs: a loan's statement, products and branches by month, a month's booking."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from chezhe.kernel import business_date
from chezhe.kernel.action import require_step_up
from chezhe.kernel.doors import needs, require
from chezhe.kernel.errors import BusinessError
from chezhe.servicing import pages
from chezhe.servicing.actions.post_funding import post_funding
from chezhe.servicing.actions.reverse_funding import reverse_funding
from chezhe.servicing.forms import ReasonForm
from chezhe.servicing.models import FundingLine, FundingRun
from chezhe.servicing.profit import months, permissions, runs, statements
from chezhe.servicing.profit import pages as profit_pages
from chezhe.servicing.profit.forms import FundingForm, PeriodForm
from chezhe.servicing.profit.states import FUNDING
from chezhe.servicing.views.loans import fetch
from chezhe.ui.list_files import hand_out
from chezhe.ui.lists import Column, ListPage, ScopeFilter, TextFilter

HISTORY_SHOWN = 36


@require_GET
@needs(permissions.VIEW_PROFIT)
def profit(request: HttpRequest) -> HttpResponse:
    """Products and branches by month, within the reader's reach."""
    today = business_date.current()
    first, last = profit_pages.last_months(today)
    given = {name: request.GET[name] for name in ("first", "last") if request.GET.get(name)}
    form = PeriodForm({"first": first, "last": last, **given})
    found = []
    if form.is_valid():
        first, last = form.cleaned_data["first"], form.cleaned_data["last"]
        try:
            found = profit_pages.visible(months.months_between(first, last, today), request.actor)
        except BusinessError as refusal:
            form.refuse(refusal)
    if request.GET.get("export") == "xlsx":
        body, rows = profit_pages.sheet(found, request.actor)
        return hand_out(body, "xlsx", file_name=f"profit-{last:%Y-%m}", rows_count=rows, actor=request.actor)
    return render(request, "servicing/profit.html", {
        "form": form, "tables": profit_pages.tables_of(found) if found else [], "chart": profit_pages.chart_of(found),
        "export": f"?first={first}&last={last}&export=xlsx", "breadcrumbs": [*pages.TRAIL, (_("盈利分析"), "")],
    }, status=422 if form.errors else 200)


@require_GET
@needs(permissions.VIEW_PROFIT)
def profit_of(request: HttpRequest) -> HttpResponse:
    """Panel of a loan: its statement to date and for the last month that is over, and what booked months said."""
    loan, today = fetch(request, request.GET.get("subject", "").removeprefix("loan:")), business_date.current()
    first, last = profit_pages.last_months(today, 1)
    try:
        to_date, month = statements.profit_of(loan, loan.begun_on, today), statements.profit_of(loan, first, last)
    except BusinessError as refusal:
        return render(request, "servicing/profit_of.html", {"loan": loan, "refusal": refusal})
    rows = list(zip(profit_pages.statement_rows(to_date.rows), profit_pages.statement_rows(month.rows), strict=True))
    return render(request, "servicing/profit_of.html", {
        "loan": loan, "rows": [(line, *line.values, *other.values) for line, other in rows], "to_date": to_date, "month": month,
        "lines": statements.funding_lines(loan),
    })


@require_http_methods(["GET", "POST"])
@needs(permissions.VIEW_PROFIT)
def fundings(request: HttpRequest) -> HttpResponse:
    """Every booked month, and the form that shows the next one and books it."""
    if request.method == "POST":
        require(request, permissions.POST_FUNDING)
        require_step_up(permissions.POST_FUNDING, request.actor)
    offered = profit_pages.months_to_post(business_date.current())
    form, worked = FundingForm(request.POST or None, months=offered), None
    if request.method == "POST" and form.is_valid():
        try:
            if request.POST.get("seen") == request.POST.get("as_of"):
                return redirect("servicing:funding", post_funding(as_of=form.cleaned_data["as_of"], by=request.actor).number)
            worked = runs.work(form.cleaned_data["as_of"])
        except BusinessError as refusal:
            form.refuse(refusal)
    rows = [(run, profit_pages.STATUSES[run.status]) for run in
            FundingRun.objects.visible_to(request.actor).order_by("-as_of", "-id")[:HISTORY_SHOWN]]
    return render(request, "servicing/fundings.html", {
        "form": form, "rows": rows, "can_post": bool(offered) and request.actor.can(permissions.POST_FUNDING.code), "worked": worked,
        "totals": profit_pages.totals_rows(worked.totals()) if worked else [],
        "journals": profit_pages.preview_journals(worked) if worked else [], "breadcrumbs": [*pages.TRAIL, (_("内部资金成本"), "")],
    }, status=422 if form.errors else 200)


@require_GET
@needs(permissions.VIEW_PROFIT)
def funding(request: HttpRequest, number: str) -> HttpResponse:
    """One month with what it booked."""
    return _shown(request, _fetch(request, number), ReasonForm())


@require_POST
@needs(permissions.REVERSE_FUNDING)
def reverse_one(request: HttpRequest, number: str) -> HttpResponse:
    """Take a month back."""
    run, form = _fetch(request, number), ReasonForm(request.POST)
    if form.carries_out(lambda: reverse_funding(funding_number=number, reason=form.cleaned_data["reason"], by=request.actor)):
        messages.success(request, _("已冲回，该月可重新入账。"))
        return redirect("servicing:funding", number)
    return _shown(request, run, form)


@require_GET
@needs(permissions.VIEW_PROFIT)
def lines(request: HttpRequest, number: str) -> HttpResponse:
    """What each loan's money cost."""
    run = _fetch(request, number)
    return ListPage(
        title=_("逐笔资金成本"), subtitle=f"{run.number} · {run.as_of}",
        queryset=FundingLine.objects.visible_to(request.actor).filter(run=run).select_related("loan", "product", "branch"),
        columns=[
            Column("loan.number", _("贷款"), kind="link", sortable=True,
                   url=lambda line: f"{reverse('servicing:loan', args=[line.loan.number])}?tab=profit"),
            Column("rate", _("内部资金价格"), kind="rate"), Column("cost", _("本月成本"), kind="money", sortable=True),
            Column("to_date", _("累计成本"), kind="money", sortable=True, phone=False),
            Column("fen_days", _("累计本金×天（分）"), kind="number", phone=False, shown=False),
            Column("product", _("产品"), value=lambda line: line.product.label, phone=False), Column("branch.name", _("门店"), phone=False),
        ],
        filters=[
            ScopeFilter(owner="loan__owner_id", branch="branch_id"),
            TextFilter(name="product", label=_("产品"), field="product__code"),
        ],
        search=("loan__number__icontains",), search_hint=_("贷款编号"), default_sort="-cost",
        breadcrumbs=[*pages.TRAIL, (_("内部资金成本"), reverse("servicing:fundings")),
                     (run.number, reverse("servicing:funding", args=[number]))],
        file_name=f"funding-{run.as_of}", empty_title=_("没有贷款"), empty_hint=_("该月没有占用资金的贷款。"),
    ).respond(request)


def _fetch(request: HttpRequest, number: str) -> FundingRun:
    return FundingRun.objects.visible_to(request.actor).fetch(number)


def _shown(request: HttpRequest, run: FundingRun, form: Any) -> HttpResponse:
    return render(request, "servicing/funding.html", {
        "run": run, "form": form, "status": profit_pages.STATUSES[run.status], "totals": profit_pages.booked_totals(run),
        "journals": profit_pages.journals_of(run), "track": profit_pages.track_of(run),
        "can_reverse": FUNDING.allows(run.status, "reverse") and request.actor.can(permissions.REVERSE_FUNDING.code),
        "breadcrumbs": [*pages.TRAIL, (_("内部资金成本"), reverse("servicing:fundings")), (run.number, "")],
    }, status=422 if form.errors else 200)
