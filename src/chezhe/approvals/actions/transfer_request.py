"""Hand a request on to a colleague who could vote."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from chezhe.approvals import handling, permissions
from chezhe.approvals.models import ApprovalRequest
from chezhe.kernel.action import action
from chezhe.kernel.actor import Actor


@action(permissions.HANDLE, label=_("转审"))
def transfer_request(*, request_number: str, username: str, reason: str, by: Actor) -> ApprovalRequest:
    """Let a colleague decide instead: one who could vote now, with the reason on the track."""
    request, votes = handling.lock_open(request_number, by, "transfer")
    handling.transfer(request, votes, username, reason, by)
    return request
