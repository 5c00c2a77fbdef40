from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from chezhe.kernel.action import action
from chezhe.kernel.actor import Actor
from chezhe.kernel.scope import require_whole_house
from chezhe.risk.registry import permissions, steps
from chezhe.risk.registry.models import ScoringModel


@action(permissions.MAINTAIN_MODELS, label=_("提交评分模型审批"))
def submit_model(*, scoring_model_number: str, wish: str, reason: str, by: Actor) -> ScoringModel:
    """Ask another person to let a model score (`active`) or compete in the shadow (`shadow`)."""
    require_whole_house(by)
    model = steps.lock(scoring_model_number)
    steps.submit(model, wish, reason, by)
    return model
