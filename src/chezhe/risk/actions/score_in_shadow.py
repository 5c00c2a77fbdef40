from __future__ import annotations

from chezhe.kernel.action import action
from chezhe.kernel.actor import Actor
from chezhe.kernel.errors import NotFound
from chezhe.risk.deciding.models import Decision
from chezhe.risk.registry import permissions, shadowing
from chezhe.risk.registry.models import ModelScore


@action(permissions.SCORE_IN_SHADOW)
def score_in_shadow(*, decision_number: str, by: Actor) -> ModelScore | None:
    """What the challenger would have said of a live decision; None where there is none to ask."""
    live = Decision.objects.filter(number=decision_number, kind="live").first()
    if live is None:
        raise NotFound(what=decision_number)
    return shadowing.score(live)
