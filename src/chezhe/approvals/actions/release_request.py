"""Let go of a request that one has claimed."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from chezhe.approvals import handling, permissions
from chezhe.approvals.models import ApprovalRequest
from chezhe.kernel.action import action
from chezhe.kernel.actor import Actor


@action(permissions.HANDLE, label=_("放回待领取"))
def release_request(*, request_number: str, by: Actor) -> ApprovalRequest:
    """Give it back to whoever may take it."""
    request, _votes = handling.lock_open(request_number, by, "release")
    handling.release(request, by)
    return request
