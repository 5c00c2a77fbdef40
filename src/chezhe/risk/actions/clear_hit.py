from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from chezhe.kernel.action import action
from chezhe.kernel.actor import Actor
from chezhe.risk.screening import hits, permissions
from chezhe.risk.screening.models import Hit


@action(permissions.JUDGE, label=_("排除名单命中"))
def clear_hit(*, screening_number: str, reason: str, by: Actor) -> Hit:
    """Not the same person."""
    hit = hits.lock(screening_number, by)
    hits.clear(hit, reason, by)
    return hit
