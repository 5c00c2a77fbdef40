"""Take one's own verdict back."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from chezhe.approvals import holding, permissions
from chezhe.approvals.models import HeldVerdict
from chezhe.kernel.action import action
from chezhe.kernel.actor import Actor


@action(permissions.HANDLE, label=_("撤销刚提交的意见"))
def undo_verdict(*, request_number: str, by: Actor) -> HeldVerdict:
    """Take back what one has just said, while nothing has followed from it."""
    return holding.undo(request_number, by)
