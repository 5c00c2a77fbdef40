"""A file of the book was wrong."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from chezhe.kernel.action import action
from chezhe.kernel.actor import Actor
from chezhe.kernel.scope import require_whole_house
from chezhe.takeover import books, permissions
from chezhe.takeover.models import Takeover, TakeoverFile


@action(permissions.PREPARE, label=_("移除迁入文件"))
def drop_book_file(*, takeover_number: str, key: str, by: Actor) -> TakeoverFile:
    """Leave a file out from now on; it stays kept. Raises WrongState (409) or Invalid (422)."""
    require_whole_house(by)
    book = Takeover.objects.visible_to(by).lock(takeover_number)
    return books.drop_file(book, key, by=by)
