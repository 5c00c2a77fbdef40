"""Follow what the team has changed."""

from __future__ import annotations

from chezhe.approvals import handling, permissions
from chezhe.approvals.models import ApprovalRequest
from chezhe.kernel.action import action
from chezhe.kernel.actor import Actor


@action(permissions.WATCH)
def check_request_people(*, request_number: str, by: Actor) -> ApprovalRequest:
    """Free what is claimed by somebody who has gone, and say aloud what nobody can decide any more."""
    request, votes = handling.lock_open(request_number, by, "stuck")
    handling.check_people(request, votes)
    return request
