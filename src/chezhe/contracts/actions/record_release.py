"""The vehicle office has taken the mortgage off the car."""

from __future__ import annotations

from datetime import date

from django.utils.translation import gettext_lazy as _

from chezhe.contracts import permissions, steps
from chezhe.contracts.collateral import releasing
from chezhe.contracts.models import Contract, Mortgage
from chezhe.contracts.states import MORTGAGE
from chezhe.documents.steps import Upload
from chezhe.kernel import events, moves
from chezhe.kernel.action import action
from chezhe.kernel.actor import Actor
from chezhe.kernel.errors import Invalid


@action(permissions.MORTGAGE, label=_("登记解押"))
def record_release(
    *, contract_number: str, receipt_number: str, released_on: date, evidence: Upload | None, business_date: date,
    vehicle_number: str = "", by: Actor,
) -> Mortgage:
    """Record the release with its receipt; the car is free for another loan. `vehicle_number` names a further car of the contract.

    Raises WrongState (409), Invalid, DayImpossible or EvidenceMissing (422).
    """
    contract = Contract.objects.visible_to(by).lock(contract_number)
    secured = steps.mortgage_of(contract, vehicle_number)
    MORTGAGE.require(secured.status, "release")
    assert secured.registered_on is not None
    if not receipt_number.strip() or len(receipt_number) > 40:
        raise Invalid(field="receipt_number", code="receipt_number_invalid", sentence=_("请按回执填写。"))
    steps.require_day("released_on", released_on, first=secured.registered_on, last=business_date)
    file = steps.keep_evidence(contract, evidence, "mortgage_release", by=by)
    secured.release_receipt_number, secured.released_on = receipt_number.strip(), released_on
    secured.save(update_fields=["release_receipt_number", "released_on"])
    moves.move(secured, MORTGAGE, "release", by=by)
    releasing.office_done(secured, released_on, secured.release_receipt_number, file, by=by)
    events.publish("mortgage.released", secured.subject, {"contract": contract.number, "on": released_on.isoformat()})
    return secured
