"""The worker has computed a closed day again."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from chezhe.kernel.action import action
from chezhe.kernel.actor import Actor
from chezhe.servicing import permissions
from chezhe.servicing.endofday import recomputing
from chezhe.servicing.models import Recomputation


@action(permissions.CLOSE_SHARD, label=_("记录重算结果"))
def answer_recomputation(*, recomputation_id: int, found: recomputing.Recomputed, by: Actor) -> Recomputation:
    """Keep what was found, once."""
    recomputation = Recomputation.objects.select_related("run").select_for_update(of=("self",)).get(pk=recomputation_id)
    if recomputation.done_at is None:
        recomputing.keep(recomputation, found)
    return recomputation
