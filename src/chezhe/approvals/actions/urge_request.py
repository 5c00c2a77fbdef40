"""Tell whoever is to vote that somebody waits."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from chezhe.approvals import handling, permissions
from chezhe.approvals.models import ApprovalRequest
from chezhe.kernel.action import action
from chezhe.kernel.actor import Actor


@action(permissions.URGE, label=_("催办"))
def urge_request(*, request_number: str, by: Actor) -> ApprovalRequest:
    """Urge whoever is to vote; not again before some time has passed."""
    request, _votes = handling.lock_open(request_number, by, "urge")
    handling.urge(request, by)
    return request
