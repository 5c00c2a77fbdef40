"""A provision that was computed wrongly is put aside."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from chezhe.kernel import moves
from chezhe.kernel.action import action
from chezhe.kernel.actor import Actor
from chezhe.kernel.scope import require_whole_house
from chezhe.servicing import permissions
from chezhe.servicing.models import ProvisionRun
from chezhe.servicing.quality.downgrades import require_reason
from chezhe.servicing.states import PROVISION


@action(permissions.RUN_PROVISION, label=_("作废拨备计提"))
def discard_provision(*, provision_number: str, reason: str, by: Actor) -> ProvisionRun:
    """Put a run aside that was not posted, so that the month can be computed again with other figures."""
    require_whole_house(by)
    run = ProvisionRun.objects.visible_to(by).lock(provision_number)
    PROVISION.require(run.status, "discard")
    moves.move(run, PROVISION, "discard", by=by, reason=require_reason(reason))
    return run
