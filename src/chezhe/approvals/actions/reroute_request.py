"""Name somebody who may vote where nobody is left."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from chezhe.approvals import handling, permissions
from chezhe.approvals.models import ApprovalRequest
from chezhe.kernel.action import action
from chezhe.kernel.actor import Actor


@action(permissions.REROUTE, label=_("改派审批人"))
def reroute_request(*, request_number: str, username: str, reason: str, by: Actor) -> ApprovalRequest:
    """Let a request go on that too few people are left to decide: one more is named, by somebody who did not make it."""
    request, votes = handling.lock_open(request_number, by, "reroute")
    handling.reroute(request, votes, username, reason, by)
    return request
