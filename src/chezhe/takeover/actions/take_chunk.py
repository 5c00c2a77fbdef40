"""The worker takes some of the loans."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from chezhe.kernel.action import action
from chezhe.kernel.actor import Actor
from chezhe.takeover import permissions, taking
from chezhe.takeover.models import Takeover


@action(permissions.CARRY_OUT, label=_("迁入一批贷款"))
def take_chunk(*, takeover_number: str, attempt: int, chunk: int, by: Actor) -> Takeover:
    """Take the loans of one chunk, once, whatever the queue repeats; those that are refused say why."""
    book = Takeover.objects.visible_to(by).fetch(takeover_number)
    taking.take_chunk(book, attempt, chunk, by=by)
    return book
