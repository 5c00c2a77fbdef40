"""Where the inbox stands in the rail, and what of it waits on the home page."""

from __future__ import annotations

from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from chezhe.approvals import kinds, queries
from chezhe.approvals.models import ApprovalRequest
from chezhe.kernel import worklist
from chezhe.kernel.actor import Actor
from chezhe.ui.navigation import NavItem
from chezhe.ui.navigation import register as register_item


def register() -> None:
    register_item(NavItem("approvals.inbox", "origination", _("审批收件箱"), "approvals:inbox", "approvals.view", "inbox", 10))
    worklist.register(worklist.Pile(
        "approvals", _("待我审批"), "approvals:inbox", "approvals.view", worklist.Counted(queries.waiting_for), _first, icon="inbox",
        order=10, verb=pgettext_lazy("verb", "审批"), late=_late,
    ))
    worklist.register(worklist.Pile(
        "approvals_stuck", _("无人可审的请求"), "approvals:inbox", "approvals.reroute", worklist.Counted(queries.stuck), _stuck,
        icon="users", order=11, verb=_("改派"), query="box=stuck",
    ))
    worklist.register(worklist.Pile(
        "approvals_copies", _("抄送我的"), "approvals:inbox", "approvals.view", worklist.Counted(queries.unread_by), _unread,
        icon="send", order=12, verb=_("查看"), query="box=copied",
    ))


def _late(actor: Actor, at: datetime) -> int:
    return queries.overdue(queries.waiting_for(actor), at).count()


def _first(actor: Actor, limit: int) -> list[worklist.Waiting]:
    rows = queries.waiting_for(actor).order_by("due_at", "id")[:limit]
    return [_line(row, kinds.place_of(row.number, row.kind, row.subject_text)) for row in rows]


def _stuck(actor: Actor, limit: int) -> list[worklist.Waiting]:
    return [_line(row) for row in queries.stuck(actor).order_by("stuck_at", "id")[:limit]]


def _unread(actor: Actor, limit: int) -> list[worklist.Waiting]:
    return [_line(row) for row in queries.unread_by(actor).order_by("id")[:limit]]


def _line(row: ApprovalRequest, url: str = "") -> worklist.Waiting:
    """One of a pile: where it is decided, or its own page."""
    place = url or reverse("approvals:request", args=[row.number])
    return worklist.Waiting(row.title, place, row.due_at, _detail(row), row.amount, row.opened_at)


def _detail(row: ApprovalRequest) -> str:
    """What kind of request, and the number of what it is about where that has a page."""
    kind = kinds.find(row.kind)
    return f"{kind.label} · {row.subject_text.partition(':')[2]}" if kind.url else str(kind.label)
