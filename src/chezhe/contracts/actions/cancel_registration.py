"""The unified registry has taken a record out."""

from __future__ import annotations

from datetime import date

from django.utils.translation import gettext_lazy as _

from chezhe.contracts import permissions, steps
from chezhe.contracts.collateral import registering, releasing
from chezhe.contracts.collateral.states import REGISTRATION
from chezhe.contracts.models import RegistrationOrder
from chezhe.documents.steps import Upload
from chezhe.kernel.action import action
from chezhe.kernel.actor import Actor
from chezhe.kernel.errors import Invalid


@action(permissions.MORTGAGE, label=_("注销中登网登记"))
def cancel_registration(
    *, order_number: str, receipt_number: str, cancelled_on: date, evidence: Upload | None, business_date: date, by: Actor
) -> RegistrationOrder:
    """Record the cancellation with its receipt while the mortgage is being released; the vehicle office's own is the release itself.

    Raises NotFound (404), NotReleasing or WrongState (409), Invalid, DayImpossible, EvidenceMissing or a FileRefused (422).
    """
    order = registering.held(order_number, by)
    REGISTRATION.require(order.status, "cancel")
    if not receipt_number.strip() or len(receipt_number) > 40:
        raise Invalid(field="receipt_number", code="receipt_number_invalid", sentence=_("请按回执填写。"))
    assert order.accepted_on is not None
    steps.require_day("cancelled_on", cancelled_on, first=order.accepted_on, last=business_date)
    file = steps.keep_evidence(order.contract, evidence, "mortgage_release", by=by)
    releasing.unified_done(order, cancelled_on, receipt_number.strip(), file, by=by)
    order.refresh_from_db()
    return order
