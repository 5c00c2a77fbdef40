"""Let a colleague know of a request."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from chezhe.approvals import handling, permissions
from chezhe.approvals.models import ApprovalRequest
from chezhe.kernel.action import action
from chezhe.kernel.actor import Actor


@action(permissions.COPY, label=_("抄送"))
def copy_request(*, request_number: str, username: str, words: str = "", by: Actor) -> ApprovalRequest:
    """Let a colleague who can see the branch know of it; it stands in their box until they have read it."""
    request = ApprovalRequest.objects.visible_to(by).lock(request_number)
    handling.copy_to(request, handling.reader(request, username), words, by)
    return request
