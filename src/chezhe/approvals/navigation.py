"""Where the inbox stands in the rail, and what of it waits on the home page."""

from __future__ import annotations

from datetime import datetime

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


def _late(actor: Actor, at: datetime) -> int:
    return queries.overdue(queries.waiting_for(actor), at).count()


def _first(actor: Actor, limit: int) -> list[worklist.Waiting]:
    rows = queries.waiting_for(actor).order_by("due_at", "id")[:limit]
    return [
        worklist.Waiting(r.title, kinds.place_of(r.number, r.kind, r.subject_text), r.due_at, _detail(r), r.amount, r.opened_at)
        for r in rows
    ]


def _detail(row: ApprovalRequest) -> str:
    """What kind of request, and the number of what it is about where that has a page."""
    kind = kinds.find(row.kind)
    return f"{kind.label} · {row.subject_text.partition(':')[2]}" if kind.url else str(kind.label)
