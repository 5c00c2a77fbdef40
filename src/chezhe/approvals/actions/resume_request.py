"""Let the time limit go on."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from chezhe.approvals import handling, permissions
from chezhe.approvals.models import ApprovalRequest
from chezhe.kernel.action import action
from chezhe.kernel.actor import Actor


@action(permissions.HANDLE, label=_("恢复审批计时"))
def resume_request(*, request_number: str, by: Actor) -> ApprovalRequest:
    """Start the clock again; the limit is later by the pause."""
    request, votes = handling.lock_open(request_number, by, "resume")
    handling.resume(request, votes, by)
    return request
