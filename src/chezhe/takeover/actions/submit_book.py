"""The totals agree: a second person may look."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from chezhe.kernel.action import action
from chezhe.kernel.actor import Actor
from chezhe.kernel.scope import require_whole_house
from chezhe.takeover import books, permissions
from chezhe.takeover.models import Takeover


@action(permissions.PREPARE, label=_("提交迁入复核"))
def submit_book(*, takeover_number: str, by: Actor) -> Takeover:
    """Hand the takeover to somebody who prepared nothing of it. Raises TotalsDiffer or WrongState (409)."""
    require_whole_house(by)
    book = Takeover.objects.visible_to(by).lock(takeover_number)
    return books.submit(book, by=by)
