from __future__ import annotations

from chezhe.kernel.action import action
from chezhe.kernel.actor import Actor
from chezhe.risk import permissions
from chezhe.risk.valuing import answering
from chezhe.risk.valuing.models import Valuing
from chezhe.risk.valuing.told import Answers


@action(permissions.CARRY_OUT_VALUING)
def blend_estimates(*, valuing_number: str, answers: Answers, by: Actor) -> Valuing:
    """Make one value of what every source said; who was set aside is named with the distance."""
    valuing = Valuing.objects.visible_to(by).lock(valuing_number)
    return answering.record_answers(valuing, answers, by=by)
