"""An outside source has answered, refused, failed or stayed silent."""

from __future__ import annotations

from chezhe.kernel import clock
from chezhe.kernel.action import action
from chezhe.kernel.actor import Actor
from chezhe.risk import permissions
from chezhe.risk.facts import asking
from chezhe.risk.facts.gathering import Outcome
from chezhe.risk.facts.models import Enquiry


@action(permissions.TAKE_ANSWERS)
def take_answer(*, outcome: Outcome, by: Actor) -> Enquiry:
    """Keep the answer and its facts, once; a source that failed leaves its facts unknown, with the reason."""
    return asking.take(outcome, at=clock.now())
