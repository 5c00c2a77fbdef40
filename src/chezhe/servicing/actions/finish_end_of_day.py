"""All shards are done: the day's interest is posted."""

from __future__ import annotations

from datetime import date, timedelta

from django.utils.translation import gettext_lazy as _

from chezhe.kernel import jobs
from chezhe.kernel.action import action
from chezhe.kernel.actor import Actor
from chezhe.servicing import permissions
from chezhe.servicing.endofday import proving, runs
from chezhe.servicing.models import EndOfDay


@action(permissions.CLOSE_SHARD, label=_("完成日终"))
def finish_end_of_day(*, day: date, by: Actor, is_kept_later: bool = True) -> EndOfDay:
    """Post what the day earned once every shard is done, and go on with the next day when more were asked for. The worker keeps
    the snapshot, unless the caller will (or will not have it)."""
    before = EndOfDay.objects.get(day=day).status
    run = runs.finish(day)
    if before == "closed" or run.status != "closed":
        return run
    if is_kept_later:
        jobs.enqueue("servicing.keep_snapshot", day=day.isoformat())
    if run.until > day:
        following = runs.begin(day + timedelta(days=1), until=run.until, by=by)
        runs.ask_for_shards(following)
    proving.ask(run)
    return run
