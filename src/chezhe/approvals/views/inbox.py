"""The inbox: what waits, what is mine, what was copied to me; and the same to many requests at once."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from chezhe.approvals import figures, kinds, permissions, queries
from chezhe.approvals.models import ApprovalRequest
from chezhe.approvals.views import authority, bulk, undoing
from chezhe.approvals.views.shown import STATUSES, age, sla_html
from chezhe.kernel import clock
from chezhe.kernel.actor import Actor
from chezhe.kernel.doors import needs
from chezhe.ui.filters import Input
from chezhe.ui.lists import ChoiceFilter, Column, DateRangeFilter, ListPage

Rows = Callable[[Actor], QuerySet[ApprovalRequest]]
BOXES: dict[str, tuple[Any, Rows]] = {
    "waiting": (gettext_lazy("我的待办"), queries.waiting_for), "claimed": (gettext_lazy("已领取"), queries.claimed_by),
    "free": (gettext_lazy("待领取"), queries.claimable), "done": (gettext_lazy("我的已办"), queries.decided_by),
    "mine": (gettext_lazy("我提交的"), queries.opened_by), "copied": (gettext_lazy("抄送我的"), queries.copied_to),
    "stuck": (gettext_lazy("无人可审"), queries.stuck), "all": (gettext_lazy("全部"), ApprovalRequest.objects.visible_to),
}
# What waits for me, all of it or a part: every status is the same, and the most urgent stands first.
_MINE = ("waiting", "claimed", "free")
_OPEN = (*_MINE, "stuck")


class BoxFilter(ChoiceFilter):
    """Which box is open. The view has chosen the rows already; the first box needs no chip."""

    def read(self, params: Mapping[str, str]) -> str | None:
        chosen = ChoiceFilter.read(self, params)
        return None if chosen == "waiting" else chosen

    def apply(self, queryset: QuerySet[Any], value: Any, actor: Any) -> QuerySet[Any]:
        return queryset

    def inputs(self, params: Mapping[str, str], error: str, actor: Any) -> list[Input]:
        return [Input(self.name, self.label, "segments", params.get(self.name) or "waiting", self.options(), error)]


@needs(permissions.VIEW)
def inbox(request: HttpRequest) -> HttpResponse:
    """What waits for me, most urgent first; the other boxes are one click away."""
    box = request.GET.get("box", "waiting")
    box = box if box in BOXES else "waiting"
    at = clock.now()
    rows = figures.annotated(BOXES[box][1](request.actor).select_related("branch", "assigned_to"))
    status_choices = [(status, shown.label) for status, shown in STATUSES.items()]
    return ListPage(
        title=_("审批收件箱"), queryset=rows, columns=_columns(at, is_open_only=box in _OPEN, is_mine=box in _MINE),
        filters=[
            BoxFilter(name="box", label=_("收件箱"), choices=[(key, label) for key, (label, _rows) in BOXES.items()]),
            ChoiceFilter(name="kind", label=_("类型"), choices=kinds.choices),
            *([] if box in _OPEN else [ChoiceFilter(name="status", label=_("状态"), choices=status_choices)]),
            *figures.filters(),
            DateRangeFilter(name="opened", label=_("提交日期"), field="opened_at", moments=True),
        ],
        search=("number__icontains", "title__icontains", "subject_text__icontains"), search_hint=_("编号、事项、对象"),
        default_sort="left" if box in _OPEN else "-number", breadcrumbs=[(_("进件与审批"), "")], file_name="approvals",
        subtitle=_subtitle(rows, box, at, request.actor),
        empty_title=_("没有等待您审批的事项") if box == "waiting" else "",
        empty_hint=_("有新的事项时会出现在这里和顶部的铃铛里。") if box == "waiting" else "",
        bulk=bulk.offered(request.actor, box), template="approvals/inbox.html",
        extra=undoing.context(request.actor, at), actions=authority.links_for(request.actor),
    ).respond(request)


def _columns(at: datetime, *, is_open_only: bool, is_mine: bool) -> list[Column]:
    columns = [
        Column("number", _("编号"), kind="link", url=lambda row: kinds.place_of(row.number, row.kind, row.subject_text), sortable=True),
        Column("left", _("剩余时间"), value=lambda row: sla_html(row, at, is_mine=is_mine), sortable=True, sort="due_at", export=False),
        Column("title", _("事项")),
        Column("kind", _("类型"), value=lambda row: str(kinds.find(row.kind).label), sortable=True),
        Column("subject_text", _("对象"), value=lambda row: row.subject_text.partition(":")[2], kind="identifier"),
        Column("amount", _("金额"), kind="money", sortable=True, total=False),
        *figures.columns(),
        Column("branch", _("门店"), value=lambda row: row.branch.name if row.branch else _("总部")),
        Column("opened_by_name", _("提交人")),
        Column("age", _("已等待"), value=lambda row: age(row, at), sortable=True, sort="opened_at"),
        Column("stage_role", _("当前环节"), value=_stage),
        Column("assigned_to", pgettext_lazy("approval", "领取人"), value=lambda row: row.assigned_to.name if row.assigned_to else "—"),
        Column("urged_count", _("催办次数"), kind="number", sortable=True, total=False, shown=False),
    ]
    return columns if is_open_only else [*columns, Column("status", _("状态"), kind="status", statuses=STATUSES, sortable=True)]


def _stage(row: ApprovalRequest) -> str:
    if row.status != "open":
        return "—"
    urged = [_("已催办：%(count)s") % {"count": row.urged_count}] if row.urged_count else []
    return " · ".join([_("无人可审") if row.stuck_at else row.role_label, *urged])


def _subtitle(rows: QuerySet[ApprovalRequest], box: str, at: datetime, actor: Actor) -> str:
    if box != "waiting":
        return ""
    late = queries.overdue(rows, at).count()
    said = [_("其中 %(late)s 项已超时") % {"late": late}] if late else []
    said += [_("您正在受托办理：%(name)s") % {"name": actor.name}] if actor.on_behalf_of_id is not None else []
    return " · ".join(said)
