from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from chezhe.kernel.action import action
from chezhe.kernel.actor import Actor
from chezhe.risk.screening import hits, permissions
from chezhe.risk.screening.models import Hit


@action(permissions.JUDGE, label=_("确认名单命中"))
def confirm_hit(*, screening_number: str, reason: str, by: Actor) -> Hit:
    """The same person: two people together may release it later."""
    hit = hits.lock(screening_number, by)
    hits.confirm(hit, reason, by)
    return hit
