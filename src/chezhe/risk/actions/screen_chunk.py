from __future__ import annotations

from chezhe.kernel.action import action
from chezhe.kernel.actor import Actor
from chezhe.risk.screening import matching, permissions
from chezhe.risk.screening.models import ListVersion


@action(permissions.CARRY_OUT)
def screen_chunk(*, watchlist_number: str, chunk: int, by: Actor) -> ListVersion:
    """One chunk of the customers against a new version, once."""
    version = ListVersion.objects.get(number=watchlist_number)
    matching.screen_chunk(version, chunk)
    return version
