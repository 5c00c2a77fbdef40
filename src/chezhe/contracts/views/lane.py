"""The clock of applications: who waits how long, where the time goes, and letting it stand."""

from __future__ import annotations

from datetime import timedelta

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST

from chezhe.contracts import permissions
from chezhe.contracts.actions.pause_lane import pause_lane
from chezhe.contracts.actions.resume_lane import resume_lane
from chezhe.contracts.forms import LanePauseForm, LanePeriodForm
from chezhe.contracts.lane import pages, queries
from chezhe.contracts.lane.choices import STAGES, STATUSES
from chezhe.contracts.lane.models import LaneRun
from chezhe.kernel import business_date, clock, subjects
from chezhe.kernel.doors import needs
from chezhe.kernel.errors import BusinessError
from chezhe.origination.models import Application
from chezhe.ui.lists import ChoiceFilter, Column, CustomFilter, ListPage

TRAIL = [(gettext_lazy("合同与放款"), "")]
DAYS_SHOWN = 90


def _url(run: LaneRun) -> str:
    return reverse("origination:application", args=[run.application.number])


@needs(permissions.VIEW)
def lane(request: HttpRequest) -> HttpResponse:
    """What is on its way, the most urgent first; what is over once a status or a number asks for it."""
    at = clock.now()
    rows = queries.runs(request.actor) if _asks_for_more(request) else queries.on_the_way(request.actor)
    rows = rows.select_related("application__customer", "application__branch", "application__owner")
    return ListPage(
        title=_("办理时限"), subtitle=_("自客户提交起按自然时间计，只因客户原因暂停。已放款和已离开的按状态或编号查。"), queryset=rows,
        columns=[
            Column("application.number", _("进件编号"), kind="link", url=_url, sortable=True, sort="application__number"),
            Column("left", _("剩余时间"), value=lambda run: pages.ring_html(run, at), sortable=True, sort="due_at", export=False),
            Column("is_prime", _("优质客户"), value=lambda run: _("是") if run.is_prime else "—"),
            Column("application.customer.masked_name", _("借款人")), Column("application.amount", _("金额"), kind="money", phone=False),
            Column("stage", _("环节"), value=lambda run: pages.STAGE_LABELS[run.stage], sortable=True),
            Column("status", _("状态"), kind="status", statuses=pages.SHOWN, sortable=True),
            Column("took", _("已用时"), value=lambda run: pages.took(run, at)),
            Column("began_at", _("提交时间"), kind="moment", sortable=True, phone=False),
            Column("application.owner.name", _("客户经理"), phone=False), Column("application.branch.name", _("门店"), phone=False),
        ],
        filters=[
            ChoiceFilter(name="status", label=_("状态"), choices=STATUSES), ChoiceFilter(name="stage", label=_("环节"), choices=STAGES),
            ChoiceFilter(name="is_prime", label=_("优质客户"), choices=[("True", _("是")), ("False", _("否"))]),
            CustomFilter(name="told", label=_("主管"), choices=[("yes", _("已升级到主管"))],
                         narrow=lambda rows, _told: queries.of_manager(rows)),
        ],
        search=("application__number__icontains",), search_hint=_("进件编号"), default_sort="left", breadcrumbs=TRAIL, file_name="lane",
        actions=[(_("用时分析"), reverse("contracts:lane_figures"), "chart-bar")],
        empty_title=_("没有在计时的进件"),
    ).respond(request)


def _asks_for_more(request: HttpRequest) -> bool:
    """Whether somebody looks for a certain case or for a status, and not for what is to be done."""
    return any(request.GET.get(name) for name in ("status", "q"))


@require_GET
@needs(permissions.VIEW)
def lane_figures(request: HttpRequest) -> HttpResponse:
    """How long it took to send the money, and where the time went."""
    today = business_date.current()
    given = {name: request.GET[name] for name in ("first", "last", "who") if request.GET.get(name)}
    form = LanePeriodForm({"first": today - timedelta(days=DAYS_SHOWN), "last": today, "who": "prime", **given})
    found = None
    if form.is_valid():
        said = form.cleaned_data
        found = queries.figures(request.actor, said["first"], said["last"], prime_only=said["who"] == "prime")
    return render(request, "contracts/lane_figures.html", {
        "form": form, "found": found, "charts": pages.charts(found) if found and found.count else [],
        "breadcrumbs": [*TRAIL, (_("办理时限"), reverse("contracts:lane"))],
    }, status=422 if form.errors else 200)


@require_GET
@needs(permissions.VIEW)
def lane_of(request: HttpRequest) -> HttpResponse:
    """Panel of an application: its clock and its stages."""
    subject = subjects.open_subject(request.GET.get("subject", ""), request.actor)
    application = Application.objects.visible_to(request.actor).fetch(subject.number)
    run = queries.newest(application)
    return render(request, "contracts/lane_of.html", {
        "application": application, "standing": pages.standing(run) if run else None,
        "may_pause": request.actor.can(permissions.PAUSE_LANE.code),
    })


@needs(permissions.PAUSE_LANE)
def pause(request: HttpRequest, number: str) -> HttpResponse:
    """Let the clock stand for a reason of the customer's."""
    application = Application.objects.visible_to(request.actor).select_related("customer").fetch(number)
    form = LanePauseForm(request.POST or None)
    if request.method == "POST" and form.carries_out(
        lambda: pause_lane(application_number=number, by=request.actor, **form.cleaned_data)
    ):
        messages.success(request, _("时限已暂停，客户有动作时自动恢复。"))
        return redirect("origination:application", number)
    return render(request, "contracts/lane_pause.html", {
        "form": form, "application": application, "breadcrumbs": [*TRAIL, (_("办理时限"), reverse("contracts:lane"))],
    }, status=422 if form.errors else 200)


@require_POST
@needs(permissions.PAUSE_LANE)
def resume(request: HttpRequest, number: str) -> HttpResponse:
    """Let it go on."""
    try:
        resume_lane(application_number=number, by=request.actor)
    except BusinessError as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("时限已恢复计时。"))
    return redirect("origination:application", number)
