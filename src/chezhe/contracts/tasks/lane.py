"""What waits too long is handed up."""

from __future__ import annotations

from datetime import timedelta

from chezhe.contracts.actions.escalate_lanes import escalate_lanes
from chezhe.kernel import clock
from chezhe.kernel.actor import SYSTEM
from chezhe.kernel.jobs import job


@job("contracts.escalate_lanes", queue="upkeep", every=timedelta(minutes=5))
def escalate_late_lanes() -> int:
    """Returns how many managers hear of one more."""
    return escalate_lanes(at=clock.now(), by=SYSTEM)
