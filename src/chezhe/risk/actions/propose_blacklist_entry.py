from __future__ import annotations

from datetime import date

from django.utils.translation import gettext_lazy as _

from chezhe.kernel.action import action
from chezhe.kernel.actor import Actor
from chezhe.risk.relations import blacklist, permissions
from chezhe.risk.relations.models import BlacklistEntry


@action(permissions.PROPOSE_BLACKLIST, label=_("提议列入黑名单"))
def propose_blacklist_entry(*, proposal: blacklist.Proposal, business_date: date, by: Actor) -> BlacklistEntry:
    """A value the lender shall not deal with; it counts once a second person agrees."""
    return blacklist.propose(proposal, business_date, by)
