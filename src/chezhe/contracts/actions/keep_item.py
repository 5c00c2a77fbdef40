"""A paper or a key comes into the vault."""

from __future__ import annotations

from datetime import date

from django.utils.translation import gettext_lazy as _

from chezhe.contracts import permissions, steps
from chezhe.contracts.collateral import custody
from chezhe.contracts.collateral.custody import Kept
from chezhe.contracts.models import Contract, CustodyItem
from chezhe.kernel.action import action
from chezhe.kernel.actor import Actor


@action(permissions.KEEP_CUSTODY, label=_("权证入库"))
def keep_item(*, contract_number: str, kept: Kept, vehicle_number: str = "", business_date: date, by: Actor) -> CustodyItem:
    """Keep a registration certificate, a key or another paper of a contract's car under a barcode of its own; `vehicle_number` names a
    further car. Raises NotFound (404), CertificateKept (409) or Invalid (422)."""
    contract = Contract.objects.visible_to(by).lock(contract_number)
    vehicle = steps.mortgage_of(contract, vehicle_number).vehicle
    return custody.keep(contract, vehicle, kept, business_date, by=by)
