from __future__ import annotations

from datetime import date

from chezhe.kernel.action import action
from chezhe.kernel.actor import Actor
from chezhe.risk.relations import blacklist, permissions
from chezhe.risk.relations.models import BlacklistEntry


@action(permissions.REVIEW_BLACKLIST)
def review_blacklist_entry(*, blacklist_number: str, business_date: date, by: Actor) -> BlacklistEntry:
    """Somebody has looked again whether an entry still holds, and it does."""
    entry = blacklist.lock(blacklist_number)
    blacklist.review(entry, business_date, by)
    return entry
