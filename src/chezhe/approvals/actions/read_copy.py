"""Say that one has read what was copied."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from chezhe.approvals import handling, permissions
from chezhe.approvals.models import ApprovalRequest
from chezhe.kernel.action import action
from chezhe.kernel.actor import Actor


@action(permissions.COPY, label=_("已阅抄送"))
def read_copy(*, request_number: str, by: Actor) -> ApprovalRequest:
    """Take it out of one's box of copies."""
    request = ApprovalRequest.objects.visible_to(by).lock(request_number)
    handling.read_copy(request, by)
    return request
