"""The inbox, one request with its opinions, voting and taking back."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext
from django.views.decorators.http import require_POST

from chezhe.approvals import kinds, permissions, queries, rules
from chezhe.approvals.actions.cast_vote import cast_vote
from chezhe.approvals.actions.withdraw_request import withdraw_request
from chezhe.approvals.forms import VoteForm
from chezhe.approvals.models import ApprovalRequest
from chezhe.approvals.states import REQUEST, VERDICTS
from chezhe.kernel import clock, roles
from chezhe.kernel.actor import Actor
from chezhe.kernel.doors import needs
from chezhe.kernel.errors import BusinessError
from chezhe.ui import panels
from chezhe.ui.filters import Input
from chezhe.ui.lists import ChoiceFilter, Column, DateRangeFilter, ListPage
from chezhe.ui.parts import Happening, Sla, Step, span
from chezhe.ui.status import Status

STATUSES = {
    status: Status(REQUEST.labels[status], tone)
    for status, tone in {
        "open": "progress", "approved": "good", "rejected": "danger", "returned": "warning", "withdrawn": "neutral"}.items()
}
BOXES = {
    "waiting": gettext_lazy("我的待办"), "done": gettext_lazy("我的已办"), "mine": gettext_lazy("我提交的"), "all": gettext_lazy("全部"),
}
_VERDICT_TONES = {"agree": ("good", "check"), "return": ("warning", "arrow-back-up"), "reject": ("danger", "x")}


class BoxFilter(ChoiceFilter):
    """Which box is open. The view has chosen the rows already; the first box needs no chip."""

    def read(self, params: Mapping[str, str]) -> str | None:
        chosen = ChoiceFilter.read(self, params)
        return None if chosen == "waiting" else chosen

    def apply(self, queryset: QuerySet[Any], value: Any, actor: Any) -> QuerySet[Any]:
        return queryset

    def inputs(self, params: Mapping[str, str], error: str, actor: Any) -> list[Input]:
        return [Input(self.name, self.label, "segments", params.get(self.name) or "waiting", self.options(), error)]


def _box(actor: Actor, box: str) -> QuerySet[ApprovalRequest]:
    rows = {
        "waiting": queries.waiting_for, "done": queries.decided_by, "mine": queries.opened_by,
        "all": ApprovalRequest.objects.visible_to,
    }[box](actor)
    return rows.select_related("branch")


@needs(permissions.VIEW)
def inbox(request: HttpRequest) -> HttpResponse:
    """What waits for me, most urgent first; the other boxes are one click away."""
    box = request.GET.get("box", "waiting")
    box = box if box in BOXES else "waiting"
    at = clock.now()
    rows = _box(request.actor, box)
    status_choices = [(status, shown.label) for status, shown in STATUSES.items()]
    return ListPage(
        title=_("审批收件箱"), queryset=rows, columns=_columns(at, is_open_only=box == "waiting"),
        filters=[
            BoxFilter(name="box", label=_("收件箱"), choices=list(BOXES.items())),
            ChoiceFilter(name="kind", label=_("类型"), choices=kinds.choices),
            *([] if box == "waiting" else [ChoiceFilter(name="status", label=_("状态"), choices=status_choices)]),
            DateRangeFilter(name="opened", label=_("提交日期"), field="opened_at", moments=True),
        ],
        search=("number__icontains", "title__icontains", "subject_text__icontains"), search_hint=_("编号、事项、对象"),
        default_sort="left" if box == "waiting" else "-number", breadcrumbs=[(_("进件与审批"), "")], file_name="approvals",
        subtitle=_subtitle(rows, box, at),
        empty_title=_("没有等待您审批的事项") if box == "waiting" else "",
        empty_hint=_("有新的事项时会出现在这里和顶部的铃铛里。") if box == "waiting" else "",
    ).respond(request)


def _columns(at: datetime, *, is_open_only: bool) -> list[Column]:
    columns = [
        Column("number", _("编号"), kind="link", url=lambda row: kinds.place_of(row.number, row.kind, row.subject_text), sortable=True),
        Column("left", _("剩余时间"), value=lambda row: sla_html(row, at), sortable=True, sort="due_at", export=False),
        Column("title", _("事项")),
        Column("kind", _("类型"), value=lambda row: str(kinds.find(row.kind).label), sortable=True),
        Column("subject_text", _("对象"), value=lambda row: row.subject_text.partition(":")[2], kind="identifier"),
        Column("amount", _("金额"), kind="money", sortable=True, total=False),
        Column("branch", _("门店"), value=lambda row: row.branch.name if row.branch else _("总部")),
        Column("opened_by_name", _("提交人")),
        Column("age", _("已等待"), value=lambda row: age(row, at), sortable=True, sort="opened_at"),
        Column("stage_role", _("当前环节"), value=lambda row: row.role_label if row.status == "open" else "—"),
    ]
    # In the box of what waits every status is the same.
    return columns if is_open_only else [*columns, Column("status", _("状态"), kind="status", statuses=STATUSES, sortable=True)]


def _subtitle(rows: QuerySet[ApprovalRequest], box: str, at: datetime) -> str:
    if box != "waiting":
        return ""
    late = queries.overdue(rows, at).count()
    return _("其中 %(late)s 项已超时") % {"late": late} if late else ""


def sla_of(row: ApprovalRequest, at: datetime) -> Sla | None:
    """Time left of the time given; None when the request has no time limit or is decided."""
    if row.due_at is None or row.status != "open":
        return None
    return Sla(row.due_at - at, row.due_at - row.opened_at)


def sla_html(row: ApprovalRequest, at: datetime) -> Any:
    """The ring with its words, for a list cell."""
    sla = sla_of(row, at)
    return render_to_string("approvals/sla.html", {"sla": sla}) if sla else ""


def age(row: ApprovalRequest, at: datetime) -> str:
    """How long it waited: until it was decided, or until now."""
    return span((row.decided_at or at) - row.opened_at)


@needs(permissions.VIEW)
def request_page(request: HttpRequest, number: str) -> HttpResponse:
    """One request: what it is about, who said what, and the verdict if it is mine to give."""
    row = ApprovalRequest.objects.visible_to(request.actor).select_related("branch").prefetch_related("votes").fetch(number)
    return _show(request, row, VoteForm(), 200)


def _show(request: HttpRequest, row: ApprovalRequest, form: VoteForm, status: int) -> HttpResponse:
    at, kind = clock.now(), kinds.find(row.kind)
    votes = list(row.votes.all())
    return render(request, "approvals/request.html", {
        "row": row, "kind": kind, "status": STATUSES[row.status], "sla": sla_of(row, at), "age": age(row, at),
        "subject_number": row.subject_text.partition(":")[2], "subject_url": kinds.subject_url(row.kind, row.subject_text),
        "stages": _stages(row, votes), "opinions": _opinions(row, votes), "form": form,
        "deciding": panels.deciding_for(row.subject_text, request.actor),
        "refusal": _why_not(row, votes, request.actor), "is_decidable": kind.is_decidable,
        "may_withdraw": row.status == "open" and kind.is_decidable and rules.is_maker(request.actor.user_ids, row.maker_ids),
    }, status=status)


def _stages(row: ApprovalRequest, votes: list[Any]) -> list[Step]:
    """The stages as a stepper: passed, here, to come."""
    ended = {"rejected": "failed", "returned": "failed", "withdrawn": "skipped", "approved": "done"}.get(row.status, "current")
    steps = []
    for index, stage in enumerate(row.stage_list):
        agreed = sum(v.verdict == "agree" and v.counts for v in votes if v.stage == index)
        state = "done" if index < row.stage else ended if index == row.stage else "todo"
        hint = _("%(agreed)s / %(needed)s 票同意") % {"agreed": agreed, "needed": stage.votes}
        steps.append(Step(roles.LABELS.get(stage.role, stage.role), state, hint))
    return steps


def _opinions(row: ApprovalRequest, votes: list[Any]) -> list[Happening]:
    """Who said what, newest first; the opening stands at the foot."""
    said = [
        Happening(v.voted_at, f"{v.get_role_display()} · {VERDICTS[v.verdict]}", v.voter_name, v.opinion, *_VERDICT_TONES[v.verdict])
        for v in reversed(votes)
    ]
    if row.status == "withdrawn":
        said.insert(0, Happening(row.decided_at, _("撤回"), row.opened_by_name, "", "neutral", "arrow-back-up"))
    return [*said, Happening(row.opened_at, pgettext("track", "提交审批"), row.opened_by_name, "", "info", "send")]


def _why_not(row: ApprovalRequest, votes: list[Any], actor: Actor) -> str:
    """Why this actor has no verdict to give, as a sentence; empty when there is one."""
    if row.status != "open":
        return _("这一笔已有结论。")
    if rules.is_maker(actor.user_ids, row.maker_ids):
        return _("您是经办人，须由另一位同事审批。")
    if rules.has_voted(actor.user_ids, [v.people for v in votes]):
        return _("您已经发表过意见，正在等待其他人。")
    if not row.current_stage.may_vote(actor.roles):
        return _("当前环节由“%(role)s”审批。") % {"role": row.role_label}
    if not actor.can(permissions.VOTE.code):
        return _("您没有在收件箱审批的权限，可请管理员授予。")
    return ""


@needs(permissions.VOTE)
@require_POST
def vote(request: HttpRequest, number: str) -> HttpResponse:
    """Agree, return or reject."""
    form = VoteForm(request.POST)
    if form.is_valid():
        try:
            row = cast_vote(request_number=number, **form.cleaned_data, by=request.actor)
        except BusinessError as refusal:
            form.refuse(refusal)
        else:
            said = {"verdict": VERDICTS[form.cleaned_data["verdict"]], "number": row.number}
            messages.success(request, _("%(number)s：您的意见为“%(verdict)s”。") % said)
            return redirect("approvals:inbox")
    row = ApprovalRequest.objects.visible_to(request.actor).select_related("branch").prefetch_related("votes").fetch(number)
    return _show(request, row, form, 422)


@needs(permissions.WITHDRAW)
@require_POST
def withdraw(request: HttpRequest, number: str) -> HttpResponse:
    """Take one's own request back."""
    withdraw_request(request_number=number, by=request.actor)
    messages.success(request, _("%(number)s 已撤回。") % {"number": number})
    return redirect("approvals:request", number)
