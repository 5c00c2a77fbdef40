"""The close of a day goes on, or tries again what failed."""

from __future__ import annotations

from datetime import date

from django.utils.translation import gettext_lazy as _

from chezhe.kernel import jobs, moves
from chezhe.kernel.action import action
from chezhe.kernel.actor import Actor
from chezhe.kernel.scope import require_whole_house
from chezhe.servicing import permissions
from chezhe.servicing.endofday import faults, runs
from chezhe.servicing.models import EndOfDay
from chezhe.servicing.states import END_OF_DAY


@action(permissions.END_OF_DAY, label=_("继续日终"))
def resume_end_of_day(*, day: date, by: Actor) -> EndOfDay:
    """Go on where the run stands: shards without a mark are asked for again, loans that failed are tried once more, and a snapshot
    that could not be kept is."""
    require_whole_house(by)
    known = runs.standing(day)
    if known is not None:
        runs.try_again(known)  # before the run is held: a shard that holds loans may be waiting for it
    run = runs.locked(day)
    if run.status == "paused":
        moves.move(run, END_OF_DAY, "resume", by=by)
    if run.status == "running":
        runs.ask_for_shards(run)
    elif any(fault.part == faults.SNAPSHOT for fault in faults.standing_of(run)):
        jobs.enqueue("servicing.keep_snapshot", day=day.isoformat())
    return run
