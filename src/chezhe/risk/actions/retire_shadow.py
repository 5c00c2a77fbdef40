from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from chezhe.kernel.action import action
from chezhe.kernel.actor import Actor
from chezhe.kernel.errors import require_reason
from chezhe.kernel.moves import move
from chezhe.kernel.scope import require_whole_house
from chezhe.risk.registry import permissions, steps
from chezhe.risk.registry.models import ScoringModel
from chezhe.risk.registry.states import MODEL


@action(permissions.MAINTAIN_MODELS, label=_("停止影子运行"))
def retire_shadow(*, scoring_model_number: str, reason: str, by: Actor) -> ScoringModel:
    """Let a challenger score no longer; what it said stays."""
    require_whole_house(by)
    kept = require_reason(reason, most=steps.NOTE_MAX)
    model = steps.lock(scoring_model_number)
    move(model, MODEL, "retire_shadow", by=by, reason=kept)
    steps.turn(model.purpose, "shadow", None, "retire_shadow", by=by)
    return model
