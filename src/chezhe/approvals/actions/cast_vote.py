"""Vote in the generic inbox."""

from __future__ import annotations

from chezhe.approvals import kinds, permissions, steps
from chezhe.approvals.errors import DecidedElsewhere
from chezhe.approvals.models import ApprovalRequest
from chezhe.kernel.action import action
from chezhe.kernel.actor import Actor


@action(permissions.VOTE)
def cast_vote(*, request_number: str, verdict: str, opinion: str = "", by: Actor) -> ApprovalRequest:
    """Agree to, return or reject a request of a kind that needs nothing but the verdict."""
    request = ApprovalRequest.objects.visible_to(by).lock(request_number)
    kind = kinds.find(request.kind)
    if not kind.is_decidable:
        raise DecidedElsewhere(kind=kind.label)
    return steps.cast_vote(request_number=request_number, verdict=verdict, opinion=opinion, by=by)
