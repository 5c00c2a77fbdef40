"""Let the time limit of a request stand."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from chezhe.approvals import handling, permissions
from chezhe.approvals.models import ApprovalRequest
from chezhe.kernel.action import action
from chezhe.kernel.actor import Actor


@action(permissions.HANDLE, label=_("暂停审批计时"))
def pause_request(*, request_number: str, why: str, reason: str, by: Actor) -> ApprovalRequest:
    """Stop the clock while something is waited for that none of us can do, saying what."""
    request, votes = handling.lock_open(request_number, by, "pause")
    handling.pause(request, votes, why, reason, by)
    return request
