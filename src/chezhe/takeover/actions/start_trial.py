"""The files are complete: try them."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from chezhe.kernel.action import action
from chezhe.kernel.actor import Actor
from chezhe.kernel.scope import require_whole_house
from chezhe.takeover import books, permissions
from chezhe.takeover.models import Takeover


@action(permissions.PREPARE, label=_("开始迁入试算"))
def start_trial(*, takeover_number: str, by: Actor) -> Takeover:
    """Ask the worker to read and judge every row. Raises NoFiles or WrongState (409)."""
    require_whole_house(by)
    book = Takeover.objects.visible_to(by).lock(takeover_number)
    return books.ask_for_trial(book, by=by)
