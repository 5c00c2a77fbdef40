"""The strategy lab: trying a draft on past applications, and what came of it."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from chezhe.kernel import business_date
from chezhe.kernel.doors import needs
from chezhe.kernel.errors import BusinessError
from chezhe.risk import permissions
from chezhe.risk.actions.cancel_backtest import cancel_backtest
from chezhe.risk.actions.start_backtest import start_backtest
from chezhe.risk.deciding import labels
from chezhe.risk.deciding.models import OUTCOMES
from chezhe.risk.lab import books, pages, queries
from chezhe.risk.lab.forms import BacktestForm
from chezhe.risk.lab.models import BOOKS, INVENTED, PAST, Backtest
from chezhe.risk.lab.states import BACKTEST
from chezhe.ui.lists import ChoiceFilter, Column, ListPage, ScopeFilter

_ROOM = gettext_lazy("风控")
# Fewer decisions say little; the page then offers invented applications first.
FEW = 500


@require_GET
@needs(permissions.VIEW_BACKTEST)
def backtests(request: HttpRequest) -> HttpResponse:
    """Every backtest in reach."""
    can_start = request.actor.can(permissions.START_BACKTEST.code) and request.actor.sees_whole_house
    return ListPage(
        title=_("策略回测"), subtitle=_("用过去的申请检验草稿决策表或模型：只按当时已知的资料，不影响任何决策。"),
        queryset=queries.visible(request.actor),
        columns=[
            Column("number", _("编号"), kind="link", url=lambda row: reverse("risk:backtest", args=[row.number]), sortable=True),
            Column("title", _("说明")), Column("status", _("状态"), kind="status", statuses=pages.STATUSES),
            Column("get_book_display", _("用哪些申请"), phone=False),
            Column("applications", _("申请笔数"), kind="number", sortable=True, total=False),
            Column("changed", _("结论改变"), kind="number", sortable=True, total=False),
            Column("asked_at", _("发起时间"), kind="moment", sortable=True, phone=False),
        ],
        filters=[
            ScopeFilter(owner="owner_id", branch="branch_id"),
            ChoiceFilter(name="status", label=_("状态"), choices=BACKTEST.choices()),
            ChoiceFilter(name="book", label=_("用哪些申请"), choices=BOOKS),
        ],
        search=("number__icontains", "title__icontains"), search_hint=_("编号或说明"), default_sort="-number",
        breadcrumbs=[(str(_ROOM), ""), (_("策略回测"), "")], file_name="backtests", empty_title=_("还没有回测"),
        empty_hint=_("起草一个决策表版本，再看它会改变哪些过去的决策。"),
        actions=[(_("发起回测"), reverse("risk:start_backtest"), "plus")] if can_start else [],
    ).respond(request)


@require_http_methods(["GET", "POST"])
@needs(permissions.START_BACKTEST)
def start(request: HttpRequest) -> HttpResponse:
    """Choose what to try, and over what."""
    today, past = business_date.current(), queries.past_count()
    usual = {
        "book": PAST if past >= FEW else INVENTED, "from_on": today.replace(year=today.year - 1, day=1), "to_on": today, "engine": "duckdb",
    }
    like = request.GET.get("like", "")
    form = BacktestForm(request.POST or None, initial=BacktestForm.like(queries.fetch(like, request.actor)) if like else usual)
    made: list[Backtest] = []
    if request.method == "POST" and form.carries_out(
            lambda: made.append(start_backtest(question=form.question, business_date=today, by=request.actor))):
        return redirect("risk:backtest", made[0].number)
    context = {
        "form": form, "past": past, "is_few": past < FEW, "invented": books.INVENTED_ROWS,
        "breadcrumbs": [(str(_ROOM), ""), (_("策略回测"), reverse("risk:backtests")), (_("发起回测"), "")],
    }
    return render(request, "risk/lab_start.html", context, status=422 if form.errors else 200)


@require_GET
@needs(permissions.VIEW_BACKTEST)
def backtest(request: HttpRequest, number: str) -> HttpResponse:
    """One backtest: both sides of it, and what would have been decided otherwise."""
    test = queries.fetch(number, request.actor)
    context: dict[str, Any] = {
        "test": test, "job": pages.job_of(test), "status": pages.STATUSES[test.status], "strategy": pages.strategy_rows(test),
        "can_cancel": request.actor.can(permissions.START_BACKTEST.code) and BACKTEST.allows(test.status, "cancel"),
        "can_ask_again": request.actor.can(permissions.START_BACKTEST.code) and test.status in ("failed", "cancelled"),
        "is_invented": test.book == INVENTED, "outcomes": list(labels.OUTCOMES.values()),
        "breadcrumbs": [(str(_ROOM), ""), (_("策略回测"), reverse("risk:backtests")), (number, "")],
    }
    if test.status == "done":
        context |= {
            "figures": pages.figure_rows(test.result), "charts": pages.charts(test.result), "moves": pages.move_rows(test.result),
            "unscored": test.result["challenger"]["unscored"], "parameters": test.parameters,
        }
    return render(request, "risk/lab_backtest.html", context)


@require_GET
@needs(permissions.VIEW_BACKTEST)
def progress(request: HttpRequest, number: str) -> HttpResponse:
    """The part that asks again every second; when all is done the page is opened anew."""
    test = queries.fetch(number, request.actor)
    answer = render(request, "risk/lab_progress.html", {"test": test, "job": pages.job_of(test)})
    if test.is_over:
        answer["HX-Refresh"] = "true"
    return answer


@require_GET
@needs(permissions.VIEW_BACKTEST)
def changes(request: HttpRequest, number: str) -> HttpResponse:
    """The applications that the draft would have decided otherwise, with the reasons of both sides."""
    test = queries.fetch(number, request.actor)
    return ListPage(
        title=_("结论改变的申请"), subtitle=test.title, queryset=queries.changes(test, request.actor),
        columns=[
            Column("place", _("序号"), kind="number", sortable=True, total=False, value=lambda row: row.place + 1),
            Column("decision.number", _("决策"), kind="link", url=pages.decision_url),
            Column("outcome", _("现行结论"), kind="status", statuses=labels.OUTCOMES),
            Column("outcome_new", _("试用结论"), kind="status", statuses=labels.OUTCOMES),
            Column("get_route_display", _("现行去向"), phone=False), Column("get_route_new_display", _("试用去向"), phone=False),
            Column("tier", _("现行层级"), phone=False), Column("tier_new", _("试用层级"), phone=False),
            Column("reasons", _("现行原因"), value=lambda row: pages.reasons_of(row.reasons, request.actor)),
            Column("reasons_new", _("试用原因"), value=lambda row: pages.reasons_of(row.reasons_new, request.actor)),
        ],
        filters=[
            ChoiceFilter(name="outcome", label=_("现行结论"), choices=OUTCOMES),
            ChoiceFilter(name="outcome_new", label=_("试用结论"), choices=OUTCOMES),
        ],
        default_sort="place", file_name=f"backtest-{number}", empty_title=_("没有结论改变"),
        breadcrumbs=[(str(_ROOM), ""), (_("策略回测"), reverse("risk:backtests")), (number, reverse("risk:backtest", args=[number])),
                     (pgettext_lazy("backtest", "结论改变"), "")],
    ).respond(request)


@require_POST
@needs(permissions.START_BACKTEST)
def cancel(request: HttpRequest, number: str) -> HttpResponse:
    """Stop it."""
    try:
        cancel_backtest(backtest_number=number, by=request.actor)
    except BusinessError as refusal:
        messages.error(request, str(refusal))
    return redirect("risk:backtest", number)
