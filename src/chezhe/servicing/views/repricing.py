"""The repricing calendar, the batches, and the loans in them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods

from chezhe.kernel import business_date
from chezhe.kernel.doors import needs
from chezhe.kernel.errors import BusinessError
from chezhe.servicing import pages, permissions
from chezhe.servicing.actions.retry_repricing import retry_repricing
from chezhe.servicing.actions.reverse_repricing import reverse_repricing
from chezhe.servicing.batch_previews import BatchPreview
from chezhe.servicing.forms import ReasonForm
from chezhe.servicing.models import FloatingRate, Repricing, RepricingLine
from chezhe.servicing.repricing import pages as repricing_pages
from chezhe.servicing.repricing import previewing
from chezhe.servicing.repricing.models import CADENCES
from chezhe.servicing.states import REPRICING
from chezhe.servicing.views.previewing import NOT_SHOWN, batch_facts, is_confirmed
from chezhe.ui import forms, navigation
from chezhe.ui.lists import ChoiceFilter, Column, DateRangeFilter, ListPage, ScopeFilter

BATCHES_SHOWN = 36
VERDICTS = {"posted": gettext_lazy("将办理"), "known": gettext_lazy("已单笔冲正"), "left": gettext_lazy("不能办理")}


def _trail(*more: tuple[Any, str]) -> list[tuple[Any, str]]:
    return [*pages.TRAIL, (_("调息日历"), reverse("servicing:repricing")), *more]


@require_GET
@needs(permissions.VIEW)
def calendar(request: HttpRequest) -> HttpResponse:
    """On which days how many loans are looked at, and the batches that were made."""
    batches = Repricing.objects.visible_to(request.actor).order_by("-day", "-id")[:BATCHES_SHOWN]
    return render(request, "servicing/repricing.html", {
        "days": repricing_pages.days_ahead(request.actor), "references": repricing_pages.references(business_date.current()),
        "rows": [(batch, repricing_pages.STATUSES[batch.status]) for batch in batches], "sees_all": request.actor.sees_whole_house,
        "breadcrumbs": [*pages.TRAIL, (_("调息日历"), "")],
    })


@require_GET
@needs(permissions.VIEW)
def loans(request: HttpRequest) -> HttpResponse:
    """The loans whose rate floats: when, and what they would bear at the reference rate of today."""
    figures = repricing_pages.figures_on(business_date.current())
    return ListPage(
        title=_("浮动利率贷款"), subtitle=_("“届时利率”按今天的 LPR 试算，以重定价日适用的 LPR 为准。"),
        queryset=FloatingRate.objects.visible_to(request.actor).filter(loan__status="active").select_related("loan"),
        columns=[
            Column("next_on", _("重定价日"), kind="date", sortable=True),
            Column("loan.number", _("贷款"), kind="link", url=lambda row: reverse("servicing:loan", args=[row.loan.number])),
            Column("base", _("参考利率"), kind="identifier"),
            Column("spread_rate", _("加减点"), value=lambda row: repricing_pages.points(row.spread_rate)),
            Column("rate_now", _("现行利率"), kind="rate", value=lambda row: row.loan.annual_rate),
            Column("rate_then", _("届时利率"), kind="rate", value=lambda row: repricing_pages.rate_then(row, figures)),
            Column("loan.principal_left", _("本金余额"), kind="money", value=lambda row: row.loan.principal_left),
            Column("cadence", _("频率"), value=lambda row: row.get_cadence_display(), phone=False),
        ],
        filters=[
            ScopeFilter(owner="loan__owner_id", branch="loan__branch_id"),
            DateRangeFilter(name="next", label=_("重定价日"), field="next_on"),
            ChoiceFilter(name="cadence", label=_("频率"), choices=CADENCES),
        ],
        search=("loan__number__icontains",), search_hint=_("贷款编号"), default_sort="next_on", breadcrumbs=_trail((_("浮动利率贷款"), "")),
        file_name="floating-loans", empty_title=_("没有浮动利率贷款"), empty_hint=_("产品条款选浮动利率，之后签的合同按 LPR 重定价。"),
    ).respond(request)


@require_GET
@needs(permissions.VIEW)
def batch(request: HttpRequest, number: str) -> HttpResponse:
    """One batch: how many loans stand where, and who agreed."""
    row = Repricing.objects.visible_to(request.actor).fetch(number)
    may = request.actor.can(permissions.REVERSE_REPRICING.code)
    failed = row.lines.filter(status__in=["failed", "stuck"]).select_related("loan").order_by("pk")[:50]
    shown = row.lines.select_related("loan").order_by("pk")[:20]
    return render(request, "servicing/repricing_batch.html", {
        "batch": row, "status": repricing_pages.STATUSES[row.status], "counts": repricing_pages.counts_of(row), "failed": failed,
        "lines": [(line, repricing_pages.LINE_STATUSES[line.status]) for line in shown],
        "job": repricing_pages.job_of(row) if row.status in ("applying", "reversing") else None,
        "approval_url": navigation.url_or_none("approvals:request", row.reverse_approval_number or row.approval_number) or "",
        "can_retry": may and REPRICING.allows(row.status, "retry") and any(line.status == "failed" for line in failed),
        "can_reverse": may and REPRICING.allows(row.status, "ask_reversal"),
        "track": repricing_pages.track_of(row), "breadcrumbs": _trail((row.number, "")),
    })


@require_GET
@needs(permissions.VIEW)
def lines(request: HttpRequest, number: str) -> HttpResponse:
    """The loans of a batch."""
    row = Repricing.objects.visible_to(request.actor).fetch(number)
    statuses = repricing_pages.LINE_STATUSES
    return ListPage(
        title=_("重定价明细"), subtitle=f"{row.number} · {row.day}",
        queryset=RepricingLine.objects.visible_to(request.actor).filter(batch=row).select_related("loan"),
        columns=[
            Column("loan.number", _("贷款"), kind="link",
                   url=lambda line: reverse("servicing:repricing_line", args=[number, line.loan.number])),
            Column("status", _("状态"), kind="status", statuses=statuses),
            Column("base", _("参考利率"), kind="identifier"), Column("base_rate", _("参考利率值"), kind="rate"),
            Column("rate_before", _("原利率"), kind="rate", sortable=True), Column("rate_after", _("新利率"), kind="rate", sortable=True),
            Column("principal", _("本金余额"), kind="money", value=lambda line: line.loan.principal_left),
            Column("failure_reason", _("未办成的原因"), phone=False),
        ],
        filters=[
            ScopeFilter(owner="loan__owner_id", branch="loan__branch_id"),
            ChoiceFilter(name="status", label=_("状态"), choices=[(code, status.label) for code, status in statuses.items()]),
        ],
        search=("loan__number__icontains",), search_hint=_("贷款编号"), default_sort="loan__number",
        breadcrumbs=_trail((number, reverse("servicing:repricing_batch", args=[number])), (_("明细"), "")),
        file_name=f"repricing-{number}", empty_title=_("没有贷款"), empty_hint=_("利率不变的贷款不在批次内。"),
    ).respond(request)


@require_GET
@needs(permissions.VIEW)
def line(request: HttpRequest, number: str, loan_number: str) -> HttpResponse:
    """One loan of a batch: its new plan, and what would be booked while it waits."""
    rows = RepricingLine.objects.visible_to(request.actor).filter(batch__number=number)
    row = rows.select_related("batch", "loan__customer", "loan__product_version").fetch(loan_number)
    today = business_date.current()
    preview = repricing_pages.preview_of(row, today) if row.status in ("waiting", "failed") else None
    plan = pages.plan_rows(preview.after if preview else pages.lives.standing(row.loan))
    facts = {"changes": pages.changes_of(preview), "journals": pages.journals_of(preview)} if preview else {}
    return render(request, "servicing/repricing_line.html", {
        "line": row, "loan": row.loan, "status": repricing_pages.LINE_STATUSES[row.status], "preview": preview, **facts,
        "rows": plan, "totals": pages.totals_of(plan),
        "breadcrumbs": _trail((number, reverse("servicing:repricing_batch", args=[number])), (loan_number, "")),
    })


@require_http_methods(["GET", "POST"])
@needs(permissions.REVERSE_REPRICING)
def retry(request: HttpRequest, number: str) -> HttpResponse:
    """Try the failed loans again; who would be repriced, and who not, is shown first."""
    form = forms.Form(request.POST if request.method == "POST" else None)
    return _confirming(
        request, number, form, lambda row: previewing.of_retry(row, business_date.current()),
        lambda: retry_repricing(batch_number=number, by=request.actor), done=_("已交后台重试。"), title=_("重试未办成的"), icon="refresh",
    )


@require_http_methods(["GET", "POST"])
@needs(permissions.REVERSE_REPRICING)
def reverse_batch(request: HttpRequest, number: str) -> HttpResponse:
    """Take a batch back as a whole; what that books, summed over its loans, is shown first."""
    form = ReasonForm(request.POST if request.method == "POST" else None)
    return _confirming(
        request, number, form, lambda row: previewing.taking_back(row, business_date.current()),
        lambda: reverse_repricing(batch_number=number, reason=form.cleaned_data["reason"], by=request.actor),
        done=_("已提交冲正申请，风险经理同意后由后台逐笔冲正。"),
        title=_("整批冲正"), icon="arrow-back-up", is_danger=True,
        note=_("风险经理同意后，每笔贷款自重定价日起恢复原利率，重算差额记在执行当天，并通知借款人。单笔可在贷款页面的“流水”中申请冲正。"),
    )


def _confirming(
    request: HttpRequest, number: str, form: Any, look: Callable[[Repricing], BatchPreview], act: Callable[[], object], *, done: str,
    title: str, **more: Any,
) -> HttpResponse:
    """The preview of a batch; the same form sent again with its mark is carried out, without it the preview is shown anew."""
    row = Repricing.objects.visible_to(request.actor).fetch(number)
    said, refused = None, ""
    try:
        said = look(row)
    except BusinessError as refusal:
        refused = str(refusal)
    if said is not None and is_confirmed(request, said.mark) and form.carries_out(act):
        messages.success(request, done)
        return redirect("servicing:repricing_batch", number)
    if form.is_bound and not form.errors:
        form.add_error(None, refused or NOT_SHOWN)
    back = reverse("servicing:repricing_batch", args=[number])
    return render(request, "servicing/confirm_batch.html", {
        "title": title, "code": row.number, "form": form, "submit": title, "back": back, "refused": refused,
        "can_confirm": said is not None, "breadcrumbs": _trail((row.number, back), (title, "")), **more,
        **batch_facts(said, VERDICTS, lambda loan: reverse("servicing:repricing_line", args=[number, loan])),
    }, status=422 if form.errors else 200)
