"""The papers of a mortgage are handed in at a registry."""

from __future__ import annotations

from datetime import date

from django.utils.translation import gettext_lazy as _

from chezhe.contracts import permissions, steps
from chezhe.contracts.collateral import registering
from chezhe.contracts.collateral.states import REGISTRATION
from chezhe.contracts.models import RegistrationOrder
from chezhe.kernel import moves
from chezhe.kernel.action import action
from chezhe.kernel.actor import Actor


@action(permissions.MORTGAGE, label=_("报送抵押登记"))
def submit_registration(*, order_number: str, submitted_on: date, business_date: date, by: Actor) -> RegistrationOrder:
    """Write down the day on which a registry got the papers. Raises NotFound (404), WrongState (409) or DayImpossible (422)."""
    order = registering.held(order_number, by)
    REGISTRATION.require(order.status, "submit")
    assert order.contract.signed_on is not None
    steps.require_day("submitted_on", submitted_on, first=order.contract.signed_on, last=business_date)
    order.submitted_on = submitted_on
    order.save(update_fields=["submitted_on"])
    moves.move(order, REGISTRATION, "submit", by=by)
    return order
