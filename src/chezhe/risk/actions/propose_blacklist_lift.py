from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from chezhe.kernel.action import action
from chezhe.kernel.actor import Actor
from chezhe.risk.relations import blacklist, permissions
from chezhe.risk.relations.models import BlacklistEntry


@action(permissions.PROPOSE_BLACKLIST, label=_("提议移出黑名单"))
def propose_blacklist_lift(*, blacklist_number: str, reason: str, by: Actor) -> BlacklistEntry:
    """An entry shall no longer count; it counts until a second person agrees."""
    entry = blacklist.lock(blacklist_number)
    blacklist.propose_lift(entry, reason, by)
    return entry
