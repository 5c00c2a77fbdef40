"""The vehicle office has noted the mortgage."""

from __future__ import annotations

from datetime import date

from django.utils.translation import gettext_lazy as _

from chezhe.contracts import permissions, steps
from chezhe.contracts.collateral import registering
from chezhe.contracts.collateral.errors import NotSigned
from chezhe.contracts.collateral.registering import Registration
from chezhe.contracts.models import Contract, Mortgage
from chezhe.contracts.states import MORTGAGE
from chezhe.documents.steps import Upload
from chezhe.kernel.action import action
from chezhe.kernel.actor import Actor

__all__ = ["NotSigned", "Registration", "register_mortgage"]


@action(permissions.MORTGAGE, label=_("登记抵押"))
def register_mortgage(
    *, contract_number: str, registration: Registration, evidence: Upload | None, business_date: date, vehicle_number: str = "", by: Actor
) -> Mortgage:
    """Record the registration with its receipt: only now is the car safe against others (民法典 §403). `vehicle_number` names a further
    car of the contract.

    Raises NotSigned or WrongState (409), Invalid, DayImpossible or EvidenceMissing (422).
    """
    contract = Contract.objects.visible_to(by).lock(contract_number)
    secured = steps.mortgage_of(contract, vehicle_number)
    MORTGAGE.require(secured.status, "register")
    if contract.signed_on is None:
        raise NotSigned()
    registering.require_receipt(registration)
    steps.require_day("registered_on", registration.registered_on, first=contract.signed_on, last=business_date)
    receipt = steps.keep_evidence(contract, evidence, "mortgage_receipt", by=by)
    registering.note_registered(contract, secured, registration, by=by)
    registering.record_at_office(secured, registration, receipt, by=by)
    return secured
