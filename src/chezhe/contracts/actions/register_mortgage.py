"""The vehicle office has noted the mortgage."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext_lazy as _

from chezhe.contracts import permissions, rules, steps
from chezhe.contracts.conditions import steps as condition_steps
from chezhe.contracts.models import Contract, Mortgage
from chezhe.contracts.states import MORTGAGE
from chezhe.documents.steps import Upload
from chezhe.kernel import events, moves
from chezhe.kernel.action import action
from chezhe.kernel.actor import Actor
from chezhe.kernel.errors import BusinessError, Invalid


class NotSigned(BusinessError):
    code = "contract_not_signed"
    sentence = _("合同签署后才能登记抵押。")


@dataclass(frozen=True, slots=True, kw_only=True)
class Registration:
    """What the vehicle office's receipt says."""

    office: str
    receipt_number: str
    registered_on: date


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
    for field, value, limit in (("receipt_number", registration.receipt_number, 40), ("office", registration.office, 60)):
        if not value.strip() or len(value) > limit:
            raise Invalid(field=field, code=f"{field}_invalid", sentence=_("请按回执填写。"))
    steps.require_day("registered_on", registration.registered_on, first=contract.signed_on, last=business_date)
    steps.keep_evidence(contract, evidence, "mortgage_receipt", by=by)
    secured.office, secured.receipt_number = registration.office.strip(), registration.receipt_number.strip()
    secured.registered_on = registration.registered_on
    secured.save(update_fields=["office", "receipt_number", "registered_on"])
    moves.move(secured, MORTGAGE, "register", by=by)
    condition_steps.satisfy(contract, rules.MORTGAGE, proof=secured.receipt_number, by=by)
    events.publish("mortgage.registered", secured.subject, {"contract": contract.number, "on": registration.registered_on.isoformat()})
    return secured
