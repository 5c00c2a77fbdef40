from __future__ import annotations

from chezhe.kernel.action import action
from chezhe.kernel.actor import Actor
from chezhe.risk.registry import permissions, watching
from chezhe.risk.registry.models import ModelWatch


@action(permissions.ANSWER_DRIFT)
def answer_drift(*, scoring_model_number: str, reason: str, by: Actor) -> ModelWatch:
    """Say what is done about the open alert of a model."""
    alert = watching.lock_alert(scoring_model_number)
    watching.answer_with(alert, reason, by)
    return alert
