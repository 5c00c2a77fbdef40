"""A takeover stands still, or some of its loans were refused."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from chezhe.kernel.action import action
from chezhe.kernel.actor import Actor
from chezhe.kernel.scope import require_whole_house
from chezhe.takeover import permissions, taking
from chezhe.takeover.models import Takeover


@action(permissions.PREPARE, label=_("继续存量迁入"))
def resume_book(*, takeover_number: str, by: Actor) -> Takeover:
    """Ask again for chunks that have no mark; when all have, for the loans that were refused. Raises WrongState (409)."""
    require_whole_house(by)
    book = Takeover.objects.visible_to(by).lock(takeover_number)
    if book.status != "taking":
        taking.take_again(book, by=by)
    taking.ask_for_chunks(book)
    return book
