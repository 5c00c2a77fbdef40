"""Somebody stops the close of a day for a while."""

from __future__ import annotations

from datetime import date

from django.utils.translation import gettext_lazy as _

from chezhe.kernel import moves
from chezhe.kernel.action import action
from chezhe.kernel.actor import Actor
from chezhe.kernel.scope import require_whole_house
from chezhe.servicing import permissions
from chezhe.servicing.endofday import runs
from chezhe.servicing.models import EndOfDay
from chezhe.servicing.states import END_OF_DAY


@action(permissions.END_OF_DAY, label=_("暂停日终"))
def pause_end_of_day(*, day: date, reason: str, by: Actor) -> EndOfDay:
    """Let no further shard begin; those under way are done to their end."""
    require_whole_house(by)
    run = runs.locked(day)
    moves.move(run, END_OF_DAY, "pause", by=by, reason=reason.strip())
    return run
