"""The worker has taken the last chunk."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from chezhe.kernel.action import action
from chezhe.kernel.actor import Actor
from chezhe.takeover import permissions, taking
from chezhe.takeover.models import Takeover


@action(permissions.CARRY_OUT, label=_("完成存量迁入"))
def finish_book(*, takeover_number: str, by: Actor) -> Takeover:
    """Close a takeover whose chunks are all done; before that it changes nothing."""
    return taking.finish(Takeover.objects.visible_to(by).lock(takeover_number), by=by)
