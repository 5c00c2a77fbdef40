"""The worker brings one shard's loans to the next morning."""

from __future__ import annotations

from datetime import date

from django.utils.translation import gettext_lazy as _

from chezhe.kernel import jobs
from chezhe.kernel.action import action
from chezhe.kernel.actor import Actor
from chezhe.servicing import permissions
from chezhe.servicing.endofday import runs
from chezhe.servicing.models import EndOfDay


@action(permissions.CLOSE_SHARD, label=_("分批日终结算"))
def close_shard(*, day: date, shard: int, by: Actor) -> EndOfDay:
    """Bring one shard's loans to the morning after `day`, once; while the run is paused nothing happens."""
    run = EndOfDay.objects.get(day=day)
    if run.status == "running" and runs.close_shard(run, shard) is not None:
        jobs.enqueue("servicing.finish_day", day=day.isoformat())
    return run
