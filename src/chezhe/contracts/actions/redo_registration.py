"""A mortgage that a registry refused is tried once more."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from chezhe.contracts import permissions
from chezhe.contracts.collateral import registering
from chezhe.contracts.collateral.states import REGISTRATION
from chezhe.contracts.models import RegistrationOrder
from chezhe.kernel import moves
from chezhe.kernel.action import action
from chezhe.kernel.actor import Actor


@action(permissions.MORTGAGE, label=_("重新办理抵押登记"))
def redo_registration(*, order_number: str, by: Actor) -> RegistrationOrder:
    """Make the papers ready again after a refusal; its last day stays. Raises NotFound (404) or WrongState (409)."""
    order = registering.held(order_number, by)
    REGISTRATION.require(order.status, "redo")
    order.attempt, order.submitted_on = order.attempt + 1, None
    order.save(update_fields=["attempt", "submitted_on"])
    moves.move(order, REGISTRATION, "redo", by=by, reason=order.refusal)
    return order
