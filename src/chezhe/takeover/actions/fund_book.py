"""It is said where the money behind the book came from."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from chezhe.finmath.money import Money
from chezhe.kernel.action import action
from chezhe.kernel.actor import Actor
from chezhe.kernel.scope import require_whole_house
from chezhe.takeover import permissions, reconciling
from chezhe.takeover.models import Takeover


@action(permissions.FUND, label=_("登记迁入资金来源"))
def fund_book(*, takeover_number: str, account: str, amount: Money, by: Actor) -> Takeover:
    """Book (part of) the clearing of the migration against its source; at the end it is nought.

    Raises Invalid, MoreThanCleared (422) or NothingToClear (409).
    """
    require_whole_house(by)
    book = Takeover.objects.visible_to(by).lock(takeover_number)
    reconciling.fund(book, account, amount, by=by)
    return book
