from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from chezhe.approvals import steps as approvals
from chezhe.kernel.action import action
from chezhe.kernel.actor import Actor
from chezhe.risk.registry import permissions, queries, steps
from chezhe.risk.registry.models import ScoringModel
from chezhe.risk.registry.states import MODEL


@action(permissions.MAINTAIN_MODELS, label=_("撤回评分模型审批"))
def withdraw_model(*, scoring_model_number: str, by: Actor) -> ScoringModel:
    """Take back what was asked for, by who asked; the model stands where it stood."""
    model = steps.lock(scoring_model_number)
    MODEL.require(model.status, "withdraw_model")
    approvals.withdraw(request_number=model.request_number, by=by)
    return queries.called(scoring_model_number)
