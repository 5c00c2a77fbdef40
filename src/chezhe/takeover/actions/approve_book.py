"""A second person lets the book come."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from chezhe.kernel.action import action
from chezhe.kernel.actor import Actor
from chezhe.kernel.scope import require_whole_house
from chezhe.takeover import books, permissions, taking
from chezhe.takeover.models import Takeover


@action(permissions.APPROVE, label=_("复核存量迁入"))
def approve_book(*, takeover_number: str, by: Actor) -> Takeover:
    """The worker takes the loans from now on, chunk by chunk. Raises SamePerson, TotalsDiffer or WrongState (409)."""
    require_whole_house(by)
    book = Takeover.objects.visible_to(by).lock(takeover_number)
    books.approve(book, by=by)
    taking.ask_for_chunks(book)
    return book
