"""Somebody reads the control totals off the old system."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from chezhe.kernel.action import action
from chezhe.kernel.actor import Actor
from chezhe.kernel.scope import require_whole_house
from chezhe.takeover import books, permissions
from chezhe.takeover.models import Takeover
from chezhe.takeover.totals import Stated


@action(permissions.PREPARE, label=_("登记控制总数"))
def state_totals(*, takeover_number: str, stated: Stated, by: Actor) -> Takeover:
    """Keep figures by branch and product, to be compared with the files to the fen. Raises WrongState (409)."""
    require_whole_house(by)
    book = Takeover.objects.visible_to(by).lock(takeover_number)
    return books.state_totals(book, stated.totals, by=by)
