"""A decision's page, its proof, and the panels that say what the machine thinks of an application."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.decorators.http import require_GET, require_POST

from chezhe.kernel import business_date
from chezhe.kernel.actor import Actor
from chezhe.kernel.doors import needs
from chezhe.kernel.errors import BusinessError, NotFound
from chezhe.risk import permissions
from chezhe.risk.actions.issue_notice import issue_notice
from chezhe.risk.deciding import changing, conditions, consents, hushing, labels, pages, queries, reasons, replaying, rules, similar
from chezhe.risk.deciding.models import ARMS, KINDS, OUTCOMES, ROUTES, Decision
from chezhe.risk.trials.permissions import VIEW_TRIALS
from chezhe.ui.lists import ChoiceFilter, Column, DateRangeFilter, ListPage, ScopeFilter
from chezhe.ui.navigation import url_or_none

_ROOM = gettext_lazy("风控")
_TRIAL_COLUMNS = (
    Column("trial", gettext_lazy("分流试验"), phone=False), Column("get_arm_display", pgettext_lazy("trial", "组别"), phone=False),
)


@require_GET
@needs(permissions.VIEW_DECISION)
def decisions(request: HttpRequest) -> HttpResponse:
    """Every decision in the actor's reach; the arm of a trial only for those who see trials."""
    sees_trials = request.actor.can(VIEW_TRIALS.code)
    return ListPage(
        title=_("自动决策"), subtitle=_("系统对每笔申请的结论、理由和依据；每一笔都可以按当时的资料与版本重算。"),
        queryset=queries.visible(request.actor),
        columns=[
            Column("number", _("编号"), kind="link", url=lambda row: reverse("risk:decision", args=[row.number]), sortable=True),
            Column("customer.masked_name", _("客户")),
            Column("outcome", _("结论"), kind="status", statuses=labels.OUTCOMES),
            Column("tier", _("层级")), Column("score", _("评分"), kind="number", sortable=True, phone=False),
            Column("amount", _("申请金额"), kind="money", sortable=True), Column("route_label", _("去向"), phone=False),
            *(_TRIAL_COLUMNS if sees_trials else ()),
            Column("decided_at", _("决策时间"), kind="moment", sortable=True, phone=False),
        ],
        filters=[
            ScopeFilter(owner="owner_id", branch="branch_id"),
            ChoiceFilter(name="outcome", label=_("结论"), choices=OUTCOMES), ChoiceFilter(name="route", label=_("去向"), choices=ROUTES),
            ChoiceFilter(name="kind", label=_("类别"), choices=[kind for kind in KINDS if kind[0] != "shadow"]),
            *([ChoiceFilter(name="arm", label=pgettext_lazy("trial", "组别"), choices=ARMS)] if sees_trials else ()),
            DateRangeFilter(name="decided", label=_("决策日"), field="business_date"),
        ],
        search=("number__icontains", "subject__icontains", *(("trial__iexact",) if sees_trials else ())),
        search_hint=_("决策、进件或试验编号") if sees_trials else _("决策或进件编号"), default_sort="-number",
        breadcrumbs=[(str(_ROOM), ""), (_("自动决策"), "")], file_name="decisions", empty_title=_("还没有自动决策"),
        empty_hint=_("进件送审后，资料核验完成即自动决策。"),
    ).respond(request)


@require_GET
@needs(permissions.VIEW_DECISION)
def decision(request: HttpRequest, number: str) -> HttpResponse:
    """One decision: the answer, and for those who may see facts what it stands on and what would change it."""
    row, actor = queries.fetch(number, request.actor), request.actor
    sees_trials = actor.can(VIEW_TRIALS.code)
    context: dict[str, Any] = pages.summary(row, actor) | {
        "title": row.customer.masked_name, "kind": row.get_kind_display(), "subject_url": _page_of(row),
        "may_issue": row.outcome == "declined" and row.kind != "shadow" and actor.can(permissions.ISSUE_NOTICE.code),
        "trial_url": reverse("risk:live_trial", args=[row.trial]) if row.trial and sees_trials else "",
        "later": row.later.defer("record").first(),
        "wishes": list(row.wishes.all()), "told": reasons.told(row.reasons),
        "breadcrumbs": [(str(_ROOM), ""), (_("自动决策"), reverse("risk:decisions")), (row.number, "")],
    }
    try:
        kept = hushing.heard(replaying.told(row), actor)
    except (replaying.Altered, ValueError):
        return render(request, "risk/deciding_decision.html", context | {"is_altered": True})
    if not actor.can(permissions.VIEW_FACTS.code):
        return render(request, "risk/deciding_decision.html", context)
    context |= {
        "kept": kept, "conditions": conditions.in_record(kept).words,
        "chart": pages.waterfall(kept, "score-parts"), "stages": pages.stage_rows(kept, sees_trials=sees_trials),
        "cars": pages.car_rows(kept),
        "facts": pages.fact_rows(kept, consents.of(row, kept)),
        "troubles": [(pages.stage_title(stage), labels.trouble(stage["trouble"])) for stage in kept["verdict"]["stages"]
                     if stage["trouble"]],
        "differences": _differences(row, kept, actor),
    }
    return render(request, "risk/deciding_decision.html", context)


def _page_of(row: Decision) -> str:
    kind, _colon, number = row.subject.partition(":")
    return (url_or_none("origination:application", number) or "") if kind == "application" else ""


def _differences(row: Decision, kept: dict[str, Any], by: Actor) -> list[pages.Difference]:
    """What an appeal found different; empty for a first decision."""
    if row.kind != "appeal" or row.earlier is None:
        return []
    try:
        return pages.differences(hushing.heard(replaying.told(row.earlier), by), kept)
    except (replaying.Altered, ValueError):
        return []


@require_GET
@needs(permissions.VIEW_DECISION)
def replay(request: HttpRequest, number: str) -> HttpResponse:
    """Part: the decision made once more by what was known and in force then, byte for byte."""
    return render(request, "risk/deciding_replay.html", {"replay": replaying.replay(queries.fetch(number, request.actor))})


@require_GET
@needs(permissions.VIEW_FACTS)
def changes(request: HttpRequest, number: str) -> HttpResponse:
    """Part: the nearest change that the strategy of then would have approved."""
    row = queries.fetch(number, request.actor)
    try:
        case = replaying.case_of(replaying.told(row))
    except (replaying.Altered, ValueError, NotFound):
        return render(request, "risk/deciding_changes.html", {"is_gone": True})
    found = changing.proposals(case, rules.decide(case))
    return render(request, "risk/deciding_changes.html", {"proposals": pages.proposal_rows(found), "decision": row})


@require_GET
@needs(permissions.VIEW_FACTS)
def alike(request: HttpRequest, number: str) -> HttpResponse:
    """Part: past cases in reach that look like this one, with what became of them."""
    row = queries.fetch(number, request.actor)
    found = [
        (one, labels.OUTCOMES[one.decision.outcome], labels.BECAME[one.became.kind] if one.became else None, f"{one.distance:.2f}")
        for one in similar.nearest(row, request.actor)
    ]
    return render(request, "risk/deciding_similar.html", {"rows": found})


@require_POST
@needs(permissions.ISSUE_NOTICE)
def issue(request: HttpRequest, number: str) -> HttpResponse:
    """Print the notice of a rejection and show it with the application's papers."""
    row = queries.fetch(number, request.actor)
    try:
        kept = issue_notice(decision_number=number, business_date=business_date.current(), by=request.actor)
    except BusinessError as refusal:
        messages.error(request, str(refusal))
        return redirect("risk:decision", number)
    messages.success(request, _("已出具“%(name)s”，存于进件资料。") % {"name": kept.original_name})
    return redirect(f"{_page_of(row)}?tab=documents")


@require_GET
@needs(permissions.VIEW_DECISION)
def of_application(request: HttpRequest) -> HttpResponse:
    """Panel of an application: what the machine says of it now, and what it said before."""
    subject, actor = request.GET.get("subject", ""), request.actor
    rows = list(queries.of_subject(subject, actor).exclude(kind="shadow")[:20])
    return render(request, "risk/deciding_panel.html", {
        "current": pages.summary(rows[0], actor) | {"conditions": pages.conditions_of(rows[0])} if rows else None,
        "earlier": [pages.summary(row, actor) for row in rows[1:]],
        "waiting": queries.gathering(subject) if actor.can(permissions.VIEW_DECISION.code) and not rows else None,
    })
