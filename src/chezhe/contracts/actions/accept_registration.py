"""A registry has noted a mortgage, and its receipt is here."""

from __future__ import annotations

from datetime import date

from django.utils.translation import gettext_lazy as _

from chezhe.contracts import permissions, steps
from chezhe.contracts.collateral import registering, rules
from chezhe.contracts.collateral.models import UNIFIED
from chezhe.contracts.collateral.registering import Registration
from chezhe.contracts.collateral.states import REGISTRATION
from chezhe.contracts.models import RegistrationOrder
from chezhe.contracts.states import MORTGAGE
from chezhe.documents.steps import Upload
from chezhe.kernel.action import action
from chezhe.kernel.actor import Actor
from chezhe.kernel.errors import Invalid


@action(permissions.MORTGAGE, label=_("登记抵押回执"))
def accept_registration(
    *, order_number: str, registration: Registration, evidence: Upload | None, valid_until: date | None = None, business_date: date,
    by: Actor,
) -> RegistrationOrder:
    """Record the receipt with its scan. One of the vehicle office makes the mortgage registered, which lets the money go; one of the
    unified registry says until when it stands (1 month to 30 years, PBOC Order 2021 No. 7).

    Raises NotFound (404), WrongState (409), Invalid, ReceiptOfAnother, DayImpossible, EvidenceMissing or a FileRefused (422).
    """
    order = registering.held(order_number, by)
    contract, is_unified = order.contract, order.registry == UNIFIED
    REGISTRATION.require(order.status, "accept")
    registering.require_receipt(registration)
    registering.require_unused(registration, order)
    assert order.submitted_on is not None
    steps.require_day("registered_on", registration.registered_on, first=order.submitted_on, last=business_date)
    if is_unified and (valid_until is None or not rules.is_term(registration.registered_on, valid_until)):
        raise Invalid(field="valid_until", code="term_invalid", sentence=_("请填写登记到期日：自登记起一个月至三十年。"))
    if not is_unified:
        MORTGAGE.require(order.mortgage.status, "register")
    receipt = steps.keep_evidence(contract, evidence, "mortgage_receipt", by=by)
    if not is_unified:
        registering.note_registered(contract, steps.mortgage_of(contract, order.mortgage.vehicle.number), registration, by=by)
    registering.accept(order, "accept", registration, receipt, valid_until=valid_until if is_unified else None, by=by)
    return order
