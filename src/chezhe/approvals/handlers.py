"""What other rooms' news means here."""

from __future__ import annotations

from chezhe.kernel import events, jobs
from chezhe.kernel.models import Event


@events.handles("user.disabled")
def look_who_is_missing(_event: Event) -> None:
    """Somebody has gone: what waited for them alone is found at once, not when the upkeep comes by."""
    jobs.enqueue("approvals.find_stuck")
