"""A record in the unified registry was made to last longer."""

from __future__ import annotations

from datetime import date

from django.utils.translation import gettext_lazy as _

from chezhe.contracts import permissions, steps
from chezhe.contracts.collateral import lasting, registering
from chezhe.contracts.collateral.errors import NotUnified
from chezhe.contracts.collateral.models import UNIFIED
from chezhe.contracts.collateral.registering import Registration
from chezhe.contracts.collateral.states import REGISTRATION
from chezhe.contracts.models import RegistrationOrder
from chezhe.documents.steps import Upload
from chezhe.kernel.action import action
from chezhe.kernel.actor import Actor


@action(permissions.MORTGAGE, label=_("中登网登记展期"))
def extend_registration(
    *, order_number: str, registration: Registration, valid_until: date, evidence: Upload | None, business_date: date, by: Actor,
) -> RegistrationOrder:
    """Record the receipt of an extension with its scan and the new last day, before the old one or after it (a new record then).

    Raises NotFound (404), NotUnified or WrongState (409), Invalid, ReceiptOfAnother, DayImpossible, EvidenceMissing or a FileRefused
    (422).
    """
    order = registering.held(order_number, by)
    if order.registry != UNIFIED:
        raise NotUnified(number=order.number)
    REGISTRATION.require(order.status, "extend")
    registering.require_receipt(registration)
    registering.require_unused(registration, order)
    assert order.accepted_on is not None
    steps.require_day("registered_on", registration.registered_on, first=order.accepted_on, last=business_date)
    lasting.require_longer(order, registration, valid_until)
    receipt = steps.keep_evidence(order.contract, evidence, "mortgage_receipt", by=by)
    lasting.extend(order, registration, receipt, valid_until, by=by)
    return order
