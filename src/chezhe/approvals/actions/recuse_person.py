"""Step back from a case, or let a colleague step back."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from chezhe.approvals import handling, permissions
from chezhe.approvals.models import ApprovalRequest
from chezhe.kernel.action import action
from chezhe.kernel.actor import Actor


@action(permissions.HANDLE, label=_("回避"))
def recuse_person(
    *, request_number: str, username: str = "", reason: str, replacement: str = "", by: Actor
) -> ApprovalRequest:
    """Take oneself out of a case for good, with the reason; whoever answers for the routing may take out a colleague. A
    replacement is named at once, or found among the others."""
    request, votes = handling.lock_open(request_number, by, "recuse")
    handling.recuse(request, votes, handling.who_steps_back(request, username, by), reason, replacement, by)
    return request
