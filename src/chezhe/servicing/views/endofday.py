"""日终中心: close the day, watch it, pause it, try again, and see how earlier ones went."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from chezhe.kernel import business_date, calendar, clock
from chezhe.kernel.doors import needs
from chezhe.kernel.errors import BusinessError
from chezhe.ledger import queries as ledger_queries
from chezhe.servicing import pages, permissions, queries
from chezhe.servicing.actions.begin_end_of_day import begin_end_of_day
from chezhe.servicing.actions.pause_end_of_day import pause_end_of_day
from chezhe.servicing.actions.resume_end_of_day import resume_end_of_day
from chezhe.servicing.endofday import proving, runs
from chezhe.servicing.forms import EndOfDayForm
from chezhe.servicing.models import EndOfDay, EndOfDayFailure, NightProof
from chezhe.servicing.states import END_OF_DAY
from chezhe.ui.charts import Chart, Series
from chezhe.ui.parts import Job
from chezhe.ui.status import Status

HISTORY_SHOWN, FAILURES_SHOWN = 30, 20
STATUSES = {
    "running": Status(gettext_lazy("进行中"), "progress"), "paused": Status(pgettext_lazy("run", "已暂停"), "warning"),
    "closed": Status(gettext_lazy("已完成"), "good"),
}


@require_http_methods(["GET", "POST"])
@needs(permissions.END_OF_DAY)
def center(request: HttpRequest) -> HttpResponse:
    """The day the books are in, the run under way, and the history; a POST begins."""
    today = business_date.current()
    form = EndOfDayForm(request.POST or None, initial={"until": today})
    if request.method == "POST" and form.is_valid():
        try:
            begin_end_of_day(until=form.cleaned_data["until"], calendar_day=business_date.horizon(), by=request.actor)
        except BusinessError as refusal:
            form.refuse(refusal)
        else:
            return redirect("servicing:day")
    following = today + timedelta(days=1)
    history = list(EndOfDay.objects.all()[:HISTORY_SHOWN])
    totals, nights = runs.totals_of(history), proving.nights_of(history)
    difference = ledger_queries.trial_balance(today).difference
    return render(request, "servicing/day.html", {
        "form": form, "today": today, "following": following, "is_working_day": calendar.is_working_day(following),
        "waiting": queries.falling_due(today, following).count(), "overdue": queries.overdue(request.actor, today).count(),
        "difference": difference, "running": _running(),
        "rows": [{**_row(run, totals[run.pk]), "night": _proved(nights.get(run.pk))} for run in history],
        "chart": _chart(history, totals), "failures": _failures(), "differing": _differing(history, nights),
        "breadcrumbs": [*pages.TRAIL, (_("日终中心"), "")],
    }, status=422 if form.errors else 200)


@require_GET
@needs(permissions.END_OF_DAY)
def progress(request: HttpRequest) -> HttpResponse:
    """The part of the page that asks again every second until the run is over."""
    return render(request, "servicing/day_progress.html", {"running": _running() or _job(EndOfDay.objects.first())})


@require_POST
@needs(permissions.END_OF_DAY)
def pause(request: HttpRequest, day: date) -> HttpResponse:
    """Let no further shard begin."""
    _run(day)
    pause_end_of_day(day=day, reason=request.POST.get("reason", ""), by=request.actor)
    messages.info(request, _("日终已暂停：进行中的批次会做完，之后不再开始新的批次。"))
    return redirect("servicing:day")


@require_POST
@needs(permissions.END_OF_DAY)
def resume(request: HttpRequest, day: date) -> HttpResponse:
    """Go on, or try the failed loans once more."""
    run = resume_end_of_day(day=_run(day).day, by=request.actor)
    left = runs.totals(run)["failures"]
    said = _("已继续。仍有 %(count)s 笔贷款未能处理，原因见下表。") % {"count": left} if left else _("已继续。")
    messages.info(request, said)
    return redirect("servicing:day")


def _run(day: date) -> EndOfDay:
    run = EndOfDay.objects.filter(day=day).first()
    if run is None:
        raise Http404
    return run


def _running() -> dict[str, Any] | None:
    run = EndOfDay.objects.exclude(status="closed").first()
    return _job(run) if run else None


def _job(run: EndOfDay | None) -> dict[str, Any] | None:
    """The run as a progress card, with loans a second and what is left."""
    if run is None:
        return None
    totals = runs.totals(run)
    elapsed = ((run.finished_at or clock.now()) - run.started_at).total_seconds()
    speed = round(totals["loans"] / elapsed) if elapsed >= 1 else totals["loans"]
    left = totals["shards"] - totals["shards_done"]
    eta = timedelta(seconds=round(elapsed / totals["shards_done"] * left)) if totals["shards_done"] and left else None
    state = {"running": "running", "paused": "waiting", "closed": "done"}[run.status]
    job = Job(
        title=_("%(day)s 日终") % {"day": run.day}, state=state, done=totals["shards_done"], total=totals["shards"], eta=eta,
        stage=_("批次"), message=_("已处理 %(loans)s 笔，每秒 %(speed)s 笔，逐笔处理 %(single)s 笔，失败 %(failed)s 笔") % {
            "loans": totals["loans"], "speed": speed, "single": totals["one_by_one"], "failed": totals["failures"]},
    )
    return {
        "job": job, "run": run, "url": reverse("servicing:day_progress"), "failures": totals["failures"],
        "can_pause": END_OF_DAY.allows(run.status, "pause"), "can_resume": run.status == "paused" or bool(totals["failures"]),
    }


def _seconds(run: EndOfDay) -> Decimal | None:
    return Decimal(str(round((run.finished_at - run.started_at).total_seconds(), 1))) if run.finished_at else None


def _row(run: EndOfDay, totals: dict[str, Any]) -> dict[str, Any]:
    return {"run": run, "status": STATUSES[run.status], "seconds": _seconds(run), **totals}


def _differing(history: list[EndOfDay], nights: dict[int, proving.Night]) -> list[NightProof]:
    """What the latest night that was proved found; asked only when it found something."""
    latest = next((nights[run.pk] for run in history if run.pk in nights), None)
    return list(proving.standing()) if latest is not None and latest.differing else []


def _proved(night: proving.Night | None) -> Status | None:
    """What the proof of the night found, in the history."""
    if night is None:
        return None
    if night.differing:
        return Status(_("%(count)s 处不一致") % {"count": night.differing}, "danger")
    return Status(_("%(count)s 笔一致") % {"count": night.checked}, "good" if night.is_whole else "progress")


def _failures() -> list[EndOfDayFailure]:
    rows = EndOfDayFailure.objects.filter(mended_at=None).select_related("loan", "run").order_by("-failed_at")
    return list(rows[:FAILURES_SHOWN])


def _chart(history: list[EndOfDay], totals: dict[int, dict[str, Any]]) -> Chart | None:
    done = [run for run in reversed(history) if run.finished_at]
    if len(done) < 2:
        return None
    return Chart(
        id="end-of-day", kind="bar", title=_("每日日终处理的贷款"), measure="count", categories=[run.day for run in done],
        series=[Series(_("贷款笔数"), [totals[run.pk]["loans"] for run in done])], category_label=_("业务日"), source=_("日终记录"),
        refreshed_at=clock.now(),
    )
