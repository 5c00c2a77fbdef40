"""Give a verdict that may still be taken back."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.translation import gettext_lazy as _

from chezhe.approvals import holding, permissions
from chezhe.approvals.models import ApprovalRequest, HeldVerdict
from chezhe.kernel.action import action
from chezhe.kernel.actor import Actor


@action(permissions.HANDLE, label=_("提交可撤销的意见"))
def hold_verdict(*, request_number: str, verdict: str, opinion: str = "", more: Mapping[str, str] | None = None, by: Actor) -> HeldVerdict:
    """Try a verdict at once, and let it count only after some seconds in which it can be taken back. `more` is what the page of its kind
    asks beside the opinion, as it was typed there."""
    request = ApprovalRequest.objects.visible_to(by).fetch(request_number)
    holding.require_right(request, by)
    return holding.hold(request, verdict, opinion, by, more)
