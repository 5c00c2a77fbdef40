from __future__ import annotations

from datetime import date

from django.utils.translation import gettext_lazy as _

from chezhe.kernel.action import action
from chezhe.kernel.actor import Actor
from chezhe.kernel.scope import require_whole_house
from chezhe.risk.registry import permissions, recalibrating, steps
from chezhe.risk.registry.models import ScoringModel


@action(permissions.MAINTAIN_MODELS, label=_("重新校准评分模型"))
def recalibrate_model(*, scoring_model_number: str, business_date: date, by: Actor) -> ScoringModel:
    """Make a new version whose probabilities fit the loans that have matured; it scores nobody until two people have agreed to it."""
    require_whole_house(by)
    return recalibrating.recalibrate(steps.lock(scoring_model_number), business_date, by)
