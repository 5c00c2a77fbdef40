"""A signed mortgage is to be noted in both registries."""

from __future__ import annotations

from datetime import date

from django.utils.translation import gettext_lazy as _

from chezhe.contracts import permissions
from chezhe.contracts.collateral import registering
from chezhe.contracts.models import Contract, RegistrationOrder
from chezhe.kernel.action import action
from chezhe.kernel.actor import Actor


@action(permissions.MORTGAGE, label=_("开立抵押登记单"))
def order_registrations(*, contract_number: str, business_date: date, by: Actor) -> list[RegistrationOrder]:
    """Make an order at the vehicle office and one at the unified registry for every mortgage that waits; what is there already stays, and
    is told its last day anew. Raises NotFound (404), NotSigned or NothingToRegister (409)."""
    contract = Contract.objects.visible_to(by).lock(contract_number)
    return registering.ensure(contract, business_date, by=by)
