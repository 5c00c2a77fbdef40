from __future__ import annotations

from datetime import date

from chezhe.kernel.action import action
from chezhe.kernel.actor import Actor
from chezhe.risk.registry import permissions, steps, watching
from chezhe.risk.registry.models import ModelWatch


@action(permissions.WATCH_MODELS)
def watch_model(*, scoring_model_number: str, business_date: date, by: Actor) -> ModelWatch:
    """Judge now whether a model has drifted: who applies, and whether its probabilities came true."""
    return watching.watch(steps.lock(scoring_model_number), business_date, by)
