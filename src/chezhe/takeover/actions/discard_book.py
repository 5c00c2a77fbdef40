"""The book does not come."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from chezhe.kernel.action import action
from chezhe.kernel.actor import Actor
from chezhe.kernel.scope import require_whole_house
from chezhe.takeover import books, permissions
from chezhe.takeover.models import Takeover


@action(permissions.PREPARE, label=_("作废存量迁入"))
def discard_book(*, takeover_number: str, reason: str, by: Actor) -> Takeover:
    """Put a takeover aside before anything of it was taken. Raises WrongState (409) or ReasonRequired (422)."""
    require_whole_house(by)
    book = Takeover.objects.visible_to(by).lock(takeover_number)
    return books.discard(book, reason, by=by)
