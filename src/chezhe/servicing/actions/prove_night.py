"""After the close of a day the worker proves what the day did."""

from __future__ import annotations

from datetime import date

from django.utils.translation import gettext_lazy as _

from chezhe.kernel import events
from chezhe.kernel.action import action
from chezhe.kernel.actor import Actor
from chezhe.servicing import permissions
from chezhe.servicing.endofday import proving
from chezhe.servicing.models import EndOfDay, NightProof


@action(permissions.CLOSE_SHARD, label=_("夜间账实核对"))
def prove_night(*, day: date, shard: int | None, by: Actor) -> NightProof:
    """Compare row, fold and ledger of a shard's loans whose turn it is, or (`shard` None) the books as a whole."""
    run = EndOfDay.objects.get(day=day)
    found = proving.prove(run, shard)
    if found.differing:
        events.publish("books.differ", run.subject, {"day": day.isoformat(), "shard": shard, "differing": found.differing})
    return found
