"""Let one more colleague sign."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from chezhe.approvals import handling, permissions
from chezhe.approvals.models import ApprovalRequest
from chezhe.kernel.action import action
from chezhe.kernel.actor import Actor


@action(permissions.HANDLE, label=_("加签"))
def add_signer(*, request_number: str, username: str, place: str, reason: str, by: Actor) -> ApprovalRequest:
    """Ask one more colleague to agree, `before` the others of this stage or `after` them."""
    request, votes = handling.lock_open(request_number, by, "sign_after")
    handling.add_signer(request, votes, username, place, reason, by)
    return request
