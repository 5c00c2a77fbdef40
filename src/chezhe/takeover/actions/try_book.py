"""The worker has read and judged the files."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from chezhe.kernel.action import action
from chezhe.kernel.actor import Actor
from chezhe.takeover import permissions, trying
from chezhe.takeover.models import Takeover
from chezhe.takeover.trying import Trial


@action(permissions.CARRY_OUT, label=_("执行迁入试算"))
def try_book(*, takeover_number: str, trial: Trial, by: Actor) -> Takeover:
    """Keep what is wrong row by row, or the loans that could come; nothing of the business is written."""
    return trying.keep(Takeover.objects.visible_to(by).lock(takeover_number), trial, by=by)
