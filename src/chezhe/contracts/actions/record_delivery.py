"""The buyer has the car."""

from __future__ import annotations

from datetime import date

from django.utils.translation import gettext_lazy as _

from chezhe.contracts import permissions, steps
from chezhe.contracts.collateral import errors, registering
from chezhe.contracts.models import Contract, Mortgage
from chezhe.contracts.states import MORTGAGE
from chezhe.kernel import moves
from chezhe.kernel.action import action
from chezhe.kernel.actor import Actor

# A car may have been handed over before the loan was asked for, not years before.
DELIVERED_BEFORE_DAYS_MAX = 365


@action(permissions.MORTGAGE, label=_("登记交车日期"))
def record_delivery(*, contract_number: str, delivered_on: date, vehicle_number: str = "", business_date: date, by: Actor) -> Mortgage:
    """Write down when a car bought with the loan was delivered: from then on the days run in which its mortgage keeps its rank (民法典
    §416). Raises NotFound (404), NotPurchaseMoney or WrongState (409) or DayImpossible (422)."""
    contract = Contract.objects.visible_to(by).lock(contract_number)
    secured = steps.mortgage_of(contract, vehicle_number)
    MORTGAGE.require(secured.status, "deliver")
    if not registering.is_purchase(contract):
        raise errors.NotPurchaseMoney(contract=contract.number)
    first = date.fromordinal(contract.prepared_on.toordinal() - DELIVERED_BEFORE_DAYS_MAX)
    steps.require_day("delivered_on", delivered_on, first=first, last=business_date)
    secured.delivered_on = delivered_on
    secured.save(update_fields=["delivered_on"])
    moves.move(secured, MORTGAGE, "deliver", by=by, reason=delivered_on.isoformat())
    if secured.status == "proposed" and contract.signed_on is not None and contract.status in ("signed", "effective"):
        registering.ensure(contract, business_date, by=by)
    return secured
