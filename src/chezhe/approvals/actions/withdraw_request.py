"""Take one's own request back."""

from __future__ import annotations

from chezhe.approvals import kinds, permissions, steps
from chezhe.approvals.errors import DecidedElsewhere
from chezhe.approvals.models import ApprovalRequest
from chezhe.kernel.action import action
from chezhe.kernel.actor import Actor


@action(permissions.WITHDRAW)
def withdraw_request(*, request_number: str, by: Actor) -> ApprovalRequest:
    """Withdraw a request that nobody needs to decide any more."""
    request = ApprovalRequest.objects.visible_to(by).lock(request_number)
    kind = kinds.find(request.kind)
    if not kind.is_decidable:
        raise DecidedElsewhere(kind=kind.label)
    return steps.withdraw(request_number=request_number, by=by)
