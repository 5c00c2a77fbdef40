"""Take a request into one's own hands."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from chezhe.approvals import handling, permissions
from chezhe.approvals.models import ApprovalRequest
from chezhe.kernel.action import action
from chezhe.kernel.actor import Actor


@action(permissions.HANDLE, label=_("领取审批"))
def claim_request(*, request_number: str, by: Actor) -> ApprovalRequest:
    """Take what waits for several colleagues, so that none of the others begins with it, too."""
    request, votes = handling.lock_open(request_number, by, "claim")
    handling.claim(request, votes, by)
    return request
