"""What comes near its time, or stays too long in a stage, goes to the manager."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from chezhe.contracts import permissions
from chezhe.contracts.lane import queries
from chezhe.kernel import events
from chezhe.kernel.action import action
from chezhe.kernel.actor import Actor


@action(permissions.FOLLOW_LANE, label=_("升级到主管"))
def escalate_lanes(*, at: datetime, by: Actor) -> int:
    """Hand every prime run to its manager that has used three quarters of its time or more than its stage was given; each once.
    Returns how many."""
    found = queries.to_escalate(at)
    for run in found:
        run.escalated_at = at
        run.save(update_fields=["escalated_at"])
        events.publish("lane.escalated", run.subject, {"application": run.application.number, "stage": run.stage})
    return len(found)
