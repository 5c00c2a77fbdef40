"""A registry would not note a mortgage."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from chezhe.contracts import permissions, rules
from chezhe.contracts.collateral import registering
from chezhe.contracts.collateral.models import VEHICLE_OFFICE
from chezhe.contracts.collateral.states import REGISTRATION
from chezhe.contracts.conditions import steps as condition_steps
from chezhe.contracts.models import RegistrationOrder
from chezhe.kernel import events, moves
from chezhe.kernel.action import action
from chezhe.kernel.actor import Actor
from chezhe.kernel.errors import require_reason


@action(permissions.MORTGAGE, label=_("登记抵押不予办理"))
def refuse_registration(*, order_number: str, reason: str, by: Actor) -> RegistrationOrder:
    """Write down why a registry sent the papers back; they can be handed in again. Until then the money waits, and whoever had agreed to
    register after the payout is asked anew. Raises NotFound (404), WrongState (409) or ReasonRequired (422)."""
    order = registering.held(order_number, by)
    REGISTRATION.require(order.status, "refuse")
    order.refusal = require_reason(reason, most=200)
    order.save(update_fields=["refusal"])
    moves.move(order, REGISTRATION, "refuse", by=by, reason=order.refusal)
    if order.registry == VEHICLE_OFFICE and order.contract.effective_on is None:
        condition_steps.take_back_waiver(order.contract, rules.MORTGAGE, order.refusal, by=by)
    events.publish("registration.refused", order.subject, {"contract": order.contract.number, "registry": order.registry})
    return order
