"""日终中心: close the day, watch it, pause it, try again, see how earlier ones went, and have one computed again."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from chezhe.kernel import business_date, calendar
from chezhe.kernel.doors import needs
from chezhe.kernel.errors import BusinessError
from chezhe.ledger import queries as ledger_queries
from chezhe.servicing import pages, permissions, queries
from chezhe.servicing.actions.begin_end_of_day import begin_end_of_day
from chezhe.servicing.actions.pause_end_of_day import pause_end_of_day
from chezhe.servicing.actions.recompute_day import recompute_day
from chezhe.servicing.actions.resume_end_of_day import resume_end_of_day
from chezhe.servicing.endofday import carry, faults, proving, runs
from chezhe.servicing.endofday import pages as day_pages
from chezhe.servicing.forms import EndOfDayForm
from chezhe.servicing.models import AccrualBook, EndOfDay, NightProof
from chezhe.servicing.states import END_OF_DAY
from chezhe.ui.lists import ChoiceFilter, Column, DateRangeFilter, ListPage, TextFilter

NEWEST, FAILURES_SHOWN, FAILURES_PAGE = 10, 10, 50


@require_http_methods(["GET", "POST"])
@needs(permissions.END_OF_DAY)
def center(request: HttpRequest) -> HttpResponse:
    """The day the books are in, the run under way, and the newest of the history; a POST begins."""
    today = business_date.current()
    form = EndOfDayForm(request.POST or None, initial={"until": today})
    if request.method == "POST" and form.is_valid():
        try:
            run = begin_end_of_day(until=form.cleaned_data["until"], calendar_day=business_date.horizon(), by=request.actor)
        except BusinessError as refusal:
            form.refuse(refusal)
        else:
            return _begun(request, run)
    following, history = today + timedelta(days=1), list(EndOfDay.objects.all()[:NEWEST])
    nights, failures = proving.nights_of(history), runs.failures_of(request.actor)
    rows = day_pages.rows(history, nights)
    return render(request, "servicing/day.html", {
        "form": form, "today": today, "following": following, "is_working_day": calendar.is_working_day(following),
        "waiting": queries.falling_due(today, following).count(), "overdue": queries.overdue(request.actor, today).count(),
        "difference": ledger_queries.trial_balance(today).difference, "running": _running(history), "rows": rows,
        "can_begin": not history or history[0].status == "closed",
        "chart": day_pages.chart(rows), "carried": day_pages.carried(carry.of_books()),
        "failures": failures[:FAILURES_SHOWN], "failures_count": failures.count(),
        "differing": _differing(history, nights), "breadcrumbs": [*pages.TRAIL, (_("日终中心"), "")],
    }, status=422 if form.errors else 200)


def _begun(request: HttpRequest, run: EndOfDay) -> HttpResponse:
    if run.status == "closed":
        messages.info(request, _("%(day)s 的日终早已完成，没有重复处理。") % {"day": run.day})
        return redirect("servicing:day_run", run.day)
    return redirect("servicing:day")


@require_GET
@needs(permissions.END_OF_DAY)
def progress(request: HttpRequest) -> HttpResponse:
    """The part of the page that asks again every second until the run is over."""
    run = runs.unfinished() or EndOfDay.objects.first()
    return render(request, "servicing/day_progress.html", {"running": run and day_pages.card(run)})


@require_GET
@needs(permissions.END_OF_DAY)
def days(request: HttpRequest) -> HttpResponse:
    """Every close there was."""
    return ListPage(
        title=_("日终历史"), queryset=EndOfDay.objects.all(), columns=[
            Column("day", _("业务日"), kind="link", url=lambda run: reverse("servicing:day_run", args=[run.day]), sortable=True),
            Column("status", _("状态"), kind="status", statuses=day_pages.STATUSES),
            Column("loans_expected", _("预计处理贷款"), kind="number", sortable=True),
            Column("accruals", _("计提分录"), kind="number", sortable=True, phone=False),
            Column("started_at", _("开始时间"), kind="moment"), Column("finished_at", _("完成时间"), kind="moment"),
            Column("snapshot_at", _("快照时间"), kind="moment", phone=False), Column("started_by_name", _("发起人")),
        ],
        filters=[DateRangeFilter(name="day", label=_("业务日"), field="day"),
                 ChoiceFilter(name="status", label=_("状态"), choices=END_OF_DAY.choices())],
        default_sort="-day", breadcrumbs=_trail(), file_name="end-of-days", empty_title=_("还没有日终记录"),
    ).respond(request)


@require_GET
@needs(permissions.END_OF_DAY)
def carried(request: HttpRequest) -> HttpResponse:
    """What the accrual of every product and branch carries beside what is posted, by the last close."""
    found = {row.book_id: row for row in carry.of_books()}
    books = AccrualBook.objects.filter(pk__in=found).select_related("product", "branch")
    return ListPage(
        title=_("利息计提结转"), subtitle=day_pages.why_carried(), queryset=books, columns=[
            Column("product.code", _("产品"), sortable=True), Column("branch.name", _("门店"), sortable=True),
            Column("closed_on", _("截至"), kind="date", sortable=True),
            Column("earned", _("精确合计（元）"), kind="number", total=False, value=lambda book: carry.in_yuan(found[book.pk].earned)),
            Column("posted", _("已入账"), kind="money", total=False, value=lambda book: found[book.pk].posted),
            Column("carried", _("结转（分）"), kind="number", total=False, value=lambda book: carry.in_fen(found[book.pk].carried)),
            Column("is_rounding", _("仅为尾差"), kind="yes_no", value=lambda book: found[book.pk].is_rounding, phone=False),
        ],
        filters=[TextFilter(name="product", label=_("产品"), field="product__code"),
                 TextFilter(name="branch", label=_("门店"), field="branch__name")],
        default_sort="product.code", breadcrumbs=_trail(), file_name="accrual-carry", empty_title=_("还没有计提"),
        empty_hint=_("第一次日终之后，这里按产品与门店列出计提的尾差。"),
    ).respond(request)


@require_GET
@needs(permissions.END_OF_DAY)
def one_day(request: HttpRequest, day: date) -> HttpResponse:
    """One close: its steps, what failed, what the night proved, and what computing it again found."""
    run = _run(day)
    running, failures = day_pages.card(run), runs.failures_of(request.actor).filter(run=run)
    return render(request, "servicing/day_run.html", {
        "run": run, "running": running, "turned": day_pages.turned(run), "night": running["night"],
        "failures": failures[:FAILURES_SHOWN],
        "failures_count": failures.count(), **_recomputed(request, run), "breadcrumbs": [*_trail(), (run.day.isoformat(), "")],
    })


@require_GET
@needs(permissions.END_OF_DAY)
def failures(request: HttpRequest) -> HttpResponse:
    """Every loan that is not where the books are, page by page."""
    page = Paginator(runs.failures_of(request.actor), FAILURES_PAGE).get_page(request.GET.get("page"))
    return render(request, "servicing/day_failures.html", {
        "page": page, "failures": page.object_list, "breadcrumbs": [*_trail(), (_("未能处理的贷款"), "")]})


@require_POST
@needs(permissions.END_OF_DAY)
def pause(request: HttpRequest, day: date) -> HttpResponse:
    """Let no further shard begin."""
    _run(day)
    try:
        pause_end_of_day(day=day, reason=request.POST.get("reason", ""), by=request.actor)
    except BusinessError as refusal:  # it may have come to its end in the meantime
        messages.error(request, str(refusal))
    else:
        messages.info(request, _("日终已暂停：进行中的批次会做完，之后不再开始新的批次。"))
    return redirect("servicing:day")


@require_POST
@needs(permissions.END_OF_DAY)
def resume(request: HttpRequest, day: date) -> HttpResponse:
    """Go on, or try what failed once more."""
    run = resume_end_of_day(day=_run(day).day, by=request.actor)
    left = runs.totals(run)["failures"]
    said = _("已继续。仍有 %(count)s 笔贷款未能处理，原因见下表。") % {"count": left} if left else _("已继续。")
    messages.info(request, said)
    return redirect("servicing:day")


@require_POST
@needs(permissions.END_OF_DAY)
def recompute(request: HttpRequest, day: date) -> HttpResponse:
    """Have the worker fold the day again, or one loan of it."""
    _run(day)
    try:
        recompute_day(day=day, loan_number=request.POST.get("loan_number", ""), by=request.actor)
    except BusinessError as refusal:
        messages.error(request, str(refusal))
    return redirect("servicing:day_run", day)


@require_GET
@needs(permissions.END_OF_DAY)
def recomputed(request: HttpRequest, day: date) -> HttpResponse:
    """The part that asks again every second until the worker has answered."""
    run = _run(day)
    return render(request, "servicing/day_recomputed.html", {"run": run, **_recomputed(request, run)})


def _recomputed(request: HttpRequest, run: EndOfDay) -> dict[str, Any]:
    """Differences name loans of every branch: for who sees all of them."""
    if not request.actor.sees_whole_house:
        return {"recomputed": None, "can_recompute": False}
    return {"recomputed": day_pages.recomputed(run.recomputations.first()), "can_recompute": run.status == "closed"}


def _trail() -> list[tuple[Any, str]]:
    return [*pages.TRAIL, (_("日终中心"), reverse("servicing:day"))]


def _run(day: date) -> EndOfDay:
    run = runs.standing(day)
    if run is None:
        raise Http404
    return run


def _running(history: list[EndOfDay]) -> dict[str, Any] | None:
    """The newest run, while it is not closed or something of it could not be done."""
    is_shown = bool(history) and (history[0].status != "closed" or bool(faults.standing_of(history[0])))
    return day_pages.card(history[0]) if is_shown else None


def _differing(history: list[EndOfDay], nights: dict[int, proving.Night]) -> list[NightProof]:
    """What the latest night that was proved found; asked only when it found something."""
    latest = next((nights[run.pk] for run in history if run.pk in nights), None)
    return list(proving.standing()) if latest is not None and latest.differing else []
