"""A book of another system is to be taken over."""

from __future__ import annotations

from datetime import date

from django.utils.translation import gettext_lazy as _

from chezhe.kernel.action import action
from chezhe.kernel.actor import Actor
from chezhe.kernel.scope import require_whole_house
from chezhe.takeover import books, permissions
from chezhe.takeover.models import Takeover


@action(permissions.PREPARE, label=_("发起存量迁入"))
def begin_book(*, as_of: date, title: str, by: Actor) -> Takeover:
    """Begin a takeover for the balances of the evening of `as_of`; its files come next. Raises Invalid or DayNotPossible (422)."""
    require_whole_house(by)
    return books.begin(as_of=as_of, title=title, by=by)
