from __future__ import annotations

from chezhe.kernel import clock
from chezhe.kernel.action import action
from chezhe.kernel.actor import Actor
from chezhe.risk import permissions
from chezhe.risk.deciding import queries, steps
from chezhe.risk.deciding.models import Decision, DecisionRound


@action(permissions.DECIDE_BY_MACHINE)
def decide_application(*, round_id: int, by: Actor) -> Decision | None:
    """Answer what was asked once all facts are there, or when the time to wait for them is over; None while it is neither."""
    waiting = DecisionRound.objects.select_for_update(no_key=True).filter(pk=round_id, status="gathering").first()
    if waiting is None or not (queries.is_gathered(waiting) or waiting.due_at <= clock.now()):
        return None
    return steps.settle(waiting)
