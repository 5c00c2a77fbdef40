"""How a request is shown, in a list as on its page: its status, its clock, its age."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.template.loader import render_to_string
from django.urls import reverse

from chezhe.approvals import kinds
from chezhe.approvals.choices import PAUSES
from chezhe.approvals.models import ApprovalRequest
from chezhe.approvals.states import REQUEST
from chezhe.ui.parts import Sla, span
from chezhe.ui.status import Status

STATUSES = {
    status: Status(REQUEST.labels[status], tone)
    for status, tone in {
        "open": "progress", "approved": "good", "rejected": "danger", "returned": "warning", "withdrawn": "neutral"}.items()
}


def sla_of(row: ApprovalRequest, at: datetime) -> Sla | None:
    """Time left of the time given, standing still in a pause; None when the request has no time limit or is decided."""
    if row.due_at is None or row.status != "open":
        return None
    return Sla(row.due_at - (row.paused_at or at), row.due_at - row.opened_at, PAUSES[row.pause_reason] if row.paused_at else "")


def sla_html(row: ApprovalRequest, at: datetime, *, is_mine: bool) -> Any:
    """The ring with its words, for a list cell; and for a key where to agree, if that needs nothing but the verdict."""
    is_here = is_mine and kinds.find(row.kind).is_decidable
    votes_at = reverse("approvals:vote", args=[row.number]) if is_here else ""
    return render_to_string("approvals/sla.html", {"sla": sla_of(row, at), "votes_at": votes_at})


def age(row: ApprovalRequest, at: datetime) -> str:
    """How long it waited: until it was decided, or until now."""
    return span((row.decided_at or at) - row.opened_at)
