"""Live trials: the list, writing one, its comparison, and what is done with it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from chezhe.kernel import business_date, clock
from chezhe.kernel.doors import needs, require
from chezhe.kernel.errors import BusinessError
from chezhe.risk.actions.discard_live_trial import discard_live_trial
from chezhe.risk.actions.draft_live_trial import draft_live_trial
from chezhe.risk.actions.edit_live_trial import edit_live_trial
from chezhe.risk.actions.stop_live_trial import stop_live_trial
from chezhe.risk.actions.submit_live_trial import submit_live_trial
from chezhe.risk.actions.withdraw_live_trial import withdraw_live_trial
from chezhe.risk.forms import ReasonForm
from chezhe.risk.trials import labels, pages, permissions, planning, queries
from chezhe.risk.trials.forms import LiveTrialForm, initial_of
from chezhe.risk.trials.models import LiveTrial
from chezhe.risk.trials.states import LIVE_TRIAL
from chezhe.ui import formats
from chezhe.ui.lists import ChoiceFilter, Column, ListPage

TRAIL = (gettext_lazy("风控"), "")
LASTS = timedelta(days=90)
_NEEDED = {
    "submit": permissions.WRITE_TRIALS, "withdraw": permissions.WRITE_TRIALS, "discard": permissions.WRITE_TRIALS,
    "stop": permissions.STOP_TRIAL,
}


@require_GET
@needs(permissions.VIEW_TRIALS)
def trials(request: HttpRequest) -> HttpResponse:
    """Every trial there ever was."""
    on = business_date.current()
    may_write = request.actor.can(permissions.WRITE_TRIALS.code) and request.actor.sees_whole_house
    return ListPage(
        title=_("分流试验"), subtitle=_("冠军与挑战者：把一定比例的真实申请固定分给挑战策略，两人同意才开始，越线自动停止。"),
        queryset=queries.light(),
        columns=[
            Column("number", _("编号"), kind="link", url=lambda row: reverse("risk:live_trial", args=[row.number]), sortable=True),
            Column("title", pgettext_lazy("trial", "名称")),
            Column("status", _("状态"), kind="status", value=lambda row: _standing(row, on), statuses=_STANDINGS),
            Column("share", _("挑战组比例"), kind="rate", sortable=True, value=lambda row: row.agreed_share),
            Column("begins_on", _("开始日"), kind="date", sortable=True, phone=False),
            Column("ends_on", _("截止日（不含当日）"), kind="date", sortable=True, phone=False),
            Column("over_why", pgettext_lazy("trial", "为何结束"), value=lambda row: row.get_over_why_display() or formats.MISSING,
                   phone=False),
            Column("drafted_by_name", pgettext_lazy("trial", "起草人"), phone=False),
        ],
        filters=[
            ChoiceFilter(name="status", label=_("状态"), choices=LIVE_TRIAL.choices()),
            ChoiceFilter(name="purpose", label=pgettext_lazy("trial", "对哪类借款人"), choices=labels.PURPOSES),
        ],
        search=("number__icontains", "title__icontains"), search_hint=_("编号或名称"), default_sort="-number", breadcrumbs=[TRAIL],
        file_name="live-trials", empty_title=_("还没有分流试验"), empty_hint=_("先回测草稿，再用一小部分真实申请试验。"),
        actions=[(_("起草试验"), reverse("risk:new_live_trial"), "plus")] if may_write else [],
    ).respond(request)


_STANDINGS = labels.STATUSES | {"scheduled": labels.SCHEDULED}


def _standing(row: LiveTrial, on: Any) -> str:
    return "scheduled" if pages.status_of(row, on) is labels.SCHEDULED else row.status


@require_http_methods(["GET", "POST"])
@needs(permissions.WRITE_TRIALS)
def new(request: HttpRequest) -> HttpResponse:
    """Write down what shall be tried."""
    today = business_date.current()
    form = LiveTrialForm(request.POST or None, initial={
        "purpose": "person", "begins_on": today, "ends_on": today + LASTS, "applications_min": 50, "loans_min": 30,
    })
    made: list[LiveTrial] = []
    if request.method == "POST" and form.carries_out(
            lambda: made.append(draft_live_trial(plan=form.plan, business_date=today, by=request.actor))):
        messages.success(request, _("试验已起草，还不影响任何申请；请提交另一位同事审批。"))
        return redirect("risk:live_trial", made[0].number)
    context = {"form": form, "title": _("起草试验"), "back": reverse("risk:live_trials"), "breadcrumbs": _trail((_("起草试验"), ""))}
    return render(request, "risk/trials_form.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
@needs(permissions.WRITE_TRIALS)
def edit(request: HttpRequest, number: str) -> HttpResponse:
    """Write a draft anew."""
    found = queries.called(number)
    form = LiveTrialForm(request.POST or None, initial=initial_of(planning.plan_of(found)))
    if request.method == "POST" and form.carries_out(lambda: edit_live_trial(
            live_trial_number=number, plan=form.plan, business_date=business_date.current(), by=request.actor)):
        messages.success(request, _("草稿已保存。"))
        return redirect("risk:live_trial", number)
    here = reverse("risk:live_trial", args=[number])
    context = {
        "form": form, "title": _("修改试验"), "back": here, "trial": found,
        "breadcrumbs": _trail((number, here), (pgettext_lazy("trial", "修改"), "")),
    }
    return render(request, "risk/trials_form.html", context, status=422 if form.errors else 200)


def _trail(*more: tuple[Any, str]) -> list[tuple[Any, str]]:
    return [TRAIL, (_("分流试验"), reverse("risk:live_trials")), *more]


@require_GET
@needs(permissions.VIEW_TRIALS)
def trial(request: HttpRequest, number: str) -> HttpResponse:
    """One trial: what it tries, and both arms side by side."""
    return _page(request, number)


@require_POST
@needs(permissions.VIEW_TRIALS)
def act(request: HttpRequest, number: str, verb: str) -> HttpResponse:
    """Submit, withdraw, discard or stop; each asks for its own permission."""
    if verb not in _NEEDED:
        raise Http404
    require(request, _NEEDED[verb])
    queries.called(number)
    if verb == "stop":
        form = ReasonForm(request.POST)
        done = form.carries_out(lambda: stop_live_trial(
            live_trial_number=number, reason=form.cleaned_data["reason"], by=request.actor))
        if not done:
            return _page(request, number, {"stop_form": form}, 422)
        messages.success(request, _("试验已停止，以后的申请全部按现行策略决策。"))
        return redirect("risk:live_trial", number)
    try:
        messages.success(request, _ACTS[verb](request, number))
    except BusinessError as refusal:
        return _page(request, number, {"refusal": refusal}, refusal.http_status)
    return redirect("risk:live_trial", number)


def _submit(request: HttpRequest, number: str) -> str:
    submit_live_trial(live_trial_number=number, business_date=business_date.current(), by=request.actor)
    return _("已提交，内容已留存；等待另一位同事审批。")


def _withdraw(request: HttpRequest, number: str) -> str:
    withdraw_live_trial(live_trial_number=number, by=request.actor)
    return _("已撤回。")


def _discard(request: HttpRequest, number: str) -> str:
    discard_live_trial(live_trial_number=number, by=request.actor)
    return _("草稿已作废。")


_ACTS: dict[str, Callable[[HttpRequest, str], str]] = {"submit": _submit, "withdraw": _withdraw, "discard": _discard}


def _page(request: HttpRequest, number: str, more: dict[str, Any] | None = None, status: int = 200) -> HttpResponse:
    found = queries.called(number)
    context = pages.trial_page(found, request.actor, business_date.current(), clock.now()) | {
        "stop_form": ReasonForm(), "breadcrumbs": _trail((found.number, "")),
    }
    return render(request, "risk/trials_trial.html", context | (more or {}), status=status)
