"""A second person agrees to a limit, or does not."""

from __future__ import annotations

from chezhe.contracts import permissions
from chezhe.contracts.models import PayoutLimit
from chezhe.contracts.paying import steps
from chezhe.contracts.paying.states import LIMIT
from chezhe.kernel import events
from chezhe.kernel.action import action
from chezhe.kernel.actor import Actor
from chezhe.kernel.errors import NotFound


@action(permissions.DECIDE_LIMIT)
def decide_payout_limit(*, limit_number: str, agrees: bool, opinion: str = "", by: Actor) -> PayoutLimit:
    """Let a proposed limit count from its day on; whoever proposed it cannot, and the house's is agreed to by whoever sees the whole
    house. Raises SamePersonDecides or WrongState (409), or NotFound (404)."""
    limit = PayoutLimit.objects.visible_to(by).lock(limit_number)
    verb = "agree" if agrees else "refuse"
    LIMIT.require(limit.status, verb)
    if limit.branch_id is None and not by.sees_whole_house:
        raise NotFound(what=limit_number)
    steps.decide(limit, LIMIT, verb, opinion, by=by)
    events.publish("payout_limit.decided", limit.subject, {"number": limit.number, "outcome": limit.status})
    return limit
