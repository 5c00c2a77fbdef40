from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from chezhe.kernel.action import action
from chezhe.kernel.actor import Actor
from chezhe.risk.screening import hits, permissions
from chezhe.risk.screening.models import Hit


@action(permissions.JUDGE, label=_("提议解除名单命中"))
def propose_hit_release(*, screening_number: str, reason: str, by: Actor) -> Hit:
    """What was held to be true shall no longer count; it counts until a second person agrees."""
    hit = hits.lock(screening_number, by)
    hits.propose_release(hit, reason, by)
    return hit
