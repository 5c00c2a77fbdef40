"""A second person does not let the book come."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from chezhe.kernel.action import action
from chezhe.kernel.actor import Actor
from chezhe.kernel.scope import require_whole_house
from chezhe.takeover import books, permissions
from chezhe.takeover.models import Takeover


@action(permissions.APPROVE, label=_("退回存量迁入"))
def return_book(*, takeover_number: str, reason: str, by: Actor) -> Takeover:
    """Give it back to who prepared it, for a reason. Raises SamePerson, WrongState (409) or ReasonRequired (422)."""
    require_whole_house(by)
    book = Takeover.objects.visible_to(by).lock(takeover_number)
    return books.give_back(book, reason, by=by)
