from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from chezhe.kernel.action import action
from chezhe.kernel.actor import Actor
from chezhe.kernel.scope import require_whole_house
from chezhe.risk.registry import permissions, purposes, steps, verifying
from chezhe.risk.registry.models import ScoringModel


@action(permissions.MAINTAIN_MODELS, label=_("登记评分模型"))
def upload_model(*, data: bytes, name: str, purpose: str, note: str = "", by: Actor) -> ScoringModel:
    """Register the model in a zip, verified whole; it scores nobody until two people have agreed to it."""
    require_whole_house(by)
    return steps.keep(verifying.verify(data, purposes.called(purpose)), name=name, purpose=purpose, note=note, verb="upload_model", by=by)
