from __future__ import annotations

from chezhe.kernel.action import action
from chezhe.kernel.actor import Actor
from chezhe.risk import permissions
from chezhe.risk.valuing import steps
from chezhe.risk.valuing.models import Valuing


@action(permissions.CONFIRM_VALUE)
def confirm_value(*, valuing_number: str, reason: str, by: Actor) -> Valuing:
    """After a second look at the car, stand by a value whose sources differ. Another person than asked for it and reported on it."""
    valuing = Valuing.objects.visible_to(by).lock(valuing_number)
    return steps.confirm(valuing, reason=reason, by=by)
