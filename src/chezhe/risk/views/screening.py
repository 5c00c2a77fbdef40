"""Lists and their versions, and the hits that compliance judges."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from chezhe.identifiers import masks
from chezhe.kernel import moves
from chezhe.kernel.doors import needs, require
from chezhe.kernel.errors import NotFound
from chezhe.risk.actions.clear_hit import clear_hit
from chezhe.risk.actions.confirm_hit import confirm_hit
from chezhe.risk.actions.import_watch_list import import_watch_list
from chezhe.risk.actions.propose_hit_release import propose_hit_release
from chezhe.risk.screening import labels, lists, permissions, queries
from chezhe.risk.screening.forms import HitForm, ListForm
from chezhe.risk.screening.models import Hit, ListVersion
from chezhe.risk.screening.states import HIT
from chezhe.ui.lists import ChoiceFilter, Column, ListPage
from chezhe.ui.parts import Job, track_of
from chezhe.ui.status import Status

TRAIL = (gettext_lazy("风控"), "")
HIT_STATUSES = {
    "open": Status(HIT.labels["open"], "warning"), "cleared": Status(HIT.labels["cleared"], "good"),
    "confirmed": Status(HIT.labels["confirmed"], "danger"), "release_proposed": Status(HIT.labels["release_proposed"], "warning"),
    "released": Status(HIT.labels["released"], "neutral"),
}
VERSIONS_SHOWN = 50


@require_GET
@needs(permissions.VIEW_SCREENING)
def hits(request: HttpRequest) -> HttpResponse:
    """Everything that lists were found to name, the open ones first."""
    return ListPage(
        title=_("名单命中"), queryset=Hit.objects.visible_to(request.actor).select_related("customer"),
        columns=[
            Column("number", _("编号"), kind="link", url=lambda h: reverse("risk:hit", args=[h.number]), sortable=True),
            Column("customer.number", _("客户编号"), kind="identifier"),
            Column("role", _("与客户的关系"), value=lambda h: h.get_role_display(), phone=False),
            Column("list_code", _("名单")), Column("list_kind", _("名单种类"), value=lambda h: h.get_list_kind_display(), phone=False),
            Column("score", _("相似分"), kind="number", sortable=True, total=False),
            Column("found_at", _("发现时间"), kind="moment", sortable=True, phone=False),
            Column("status", _("状态"), kind="status", statuses=HIT_STATUSES),
        ],
        filters=[
            ChoiceFilter(name="status", label=_("状态"), choices=[(key, status.label) for key, status in HIT_STATUSES.items()]),
            ChoiceFilter(name="list_kind", label=_("名单种类"), choices=labels.LIST_KINDS),
        ],
        search=("number__icontains", "customer__number__icontains", "list_code__icontains"), search_hint=_("编号、客户编号或名单"),
        default_sort="-found_at", breadcrumbs=[TRAIL], file_name="watch-list-hits", empty_title=_("没有名单命中"),
        empty_hint=_("导入名单或新建客户时自动比对，相似的列在这里由合规核实。"),
    ).respond(request)


@require_GET
@needs(permissions.VIEW_SCREENING)
def hit(request: HttpRequest, number: str) -> HttpResponse:
    """One hit: the customer and the entry side by side."""
    return _page(request, number)


@require_POST
@needs(permissions.JUDGE)
def judge(request: HttpRequest, number: str) -> HttpResponse:
    """The same person or not; or that it should be released."""
    form = HitForm(request.POST)
    verbs = {"clear": clear_hit, "confirm": confirm_hit, "release": propose_hit_release}

    def act() -> None:
        verbs[form.cleaned_data["verdict"]](screening_number=number, reason=form.cleaned_data["reason"], by=request.actor)

    return redirect("risk:hit", number) if form.carries_out(act) else _page(request, number, form)


def _page(request: HttpRequest, number: str, form: HitForm | None = None) -> HttpResponse:
    rows = Hit.objects.visible_to(request.actor).select_related("customer", "entry__version")
    found = rows.fetch(number)
    can_judge = request.actor.can(permissions.JUDGE.code)
    context = {
        "hit": found, "status": HIT_STATUSES[found.status], "form": form or HitForm(), "is_listed": queries.is_still_listed(found),
        "matched": found.matched if can_judge or not found.is_of_person else masks.mask_name(found.matched),
        "can_clear": can_judge and HIT.allows(found.status, "clear"), "can_confirm": can_judge and HIT.allows(found.status, "confirm"),
        "can_release": can_judge and HIT.allows(found.status, "propose_release"),
        "request_url": reverse("approvals:request", args=[found.request_number]) if found.status == "release_proposed" else "",
        "names": _("、").join([*found.entry.names, *found.entry.aliases]),
        "track": track_of(moves.history(found.subject), HIT, begun=_("发现")),
        "breadcrumbs": [TRAIL, (_("名单命中"), reverse("risk:hits")), (number, "")],
    }
    return render(request, "risk/screening_hit.html", context, status=422 if form is not None and form.errors else 200)


@require_http_methods(["GET", "POST"])
@needs(permissions.VIEW_SCREENING)
def watch_lists(request: HttpRequest) -> HttpResponse:
    """Every version, and the form that brings in the next one."""
    if request.method == "POST":
        require(request, permissions.IMPORT_LIST)
    form = ListForm(request.POST or None, request.FILES or None)
    made: list[ListVersion] = []

    def act() -> None:
        entries = lists.read_csv(lists.whole(form.cleaned_data["file"]))
        made.append(import_watch_list(heading=form.heading(), entries=entries, by=request.actor))

    if request.method == "POST" and form.carries_out(act):
        number = made[0].number
        return redirect("risk:watch_list", number)
    versions = list(ListVersion.objects.order_by("-id")[:VERSIONS_SHOWN])
    counts = queries.hit_counts(versions)
    context = {
        "rows": [(one, counts.get(one.code, 0) if one.is_current else None) for one in versions], "form": form,
        "columns": ", ".join(lists.COLUMNS),
        "can_import": request.actor.can(permissions.IMPORT_LIST.code) and request.actor.sees_whole_house,
        "breadcrumbs": [TRAIL, (_("监控名单"), "")],
    }
    return render(request, "risk/screening_lists.html", context, status=422 if form.errors else 200)


@require_GET
@needs(permissions.VIEW_SCREENING)
def watch_list(request: HttpRequest, number: str) -> HttpResponse:
    """One version and how far the customers have been held against it."""
    found = _version(number)
    context = {
        "version": found, "job": job_of(found), "found": sum(found.done.values_list("found", flat=True)),
        "breadcrumbs": [TRAIL, (_("监控名单"), reverse("risk:watch_lists")), (number, "")],
    }
    return render(request, "risk/screening_list.html", context)


@require_GET
@needs(permissions.VIEW_SCREENING)
def progress(request: HttpRequest, number: str) -> HttpResponse:
    """The part that asks again every second until the worker is done."""
    found = _version(number)
    return render(request, "risk/screening_progress.html", {"version": found, "job": job_of(found)})


def job_of(version: ListVersion) -> Job:
    """The round of screening as a progress card."""
    is_over = version.screened_at is not None
    return Job(
        title=_("全量比对"), state="done" if is_over else "running", done=version.done.count(), total=max(1, version.chunks),
        stage=_("按批比对全部客户，中断后从未完成的批次继续"),
    )


def _version(number: str) -> ListVersion:
    found = ListVersion.objects.filter(number=number).first()
    if found is None:
        raise NotFound(what=number)
    return found
