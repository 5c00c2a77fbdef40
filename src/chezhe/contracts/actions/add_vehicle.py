"""A further car is to stand for a loan."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from chezhe.contracts import casework, permissions, steps
from chezhe.contracts.models import Contract, Mortgage
from chezhe.contracts.states import CONTRACT
from chezhe.documents.steps import Upload
from chezhe.kernel import events, locks
from chezhe.kernel.action import action
from chezhe.kernel.actor import Actor
from chezhe.risk.screening import freezing
from chezhe.vehicles.models import Vehicle


@action(permissions.MORTGAGE, label=_("追加抵押车辆"))
def add_vehicle(*, contract_number: str, vehicle_number: str, evidence: Upload | None, by: Actor) -> Mortgage:
    """Let a further car secure a contract: `evidence` is the mortgage contract that its owner signed; registration follows.

    Raises NotFound (404), BusinessHeld, VehicleMortgaged or WrongState (409), EvidenceMissing (422).
    """
    contract = Contract.objects.visible_to(by).lock(contract_number)
    CONTRACT.require(contract.status, "secure")
    vehicle = Vehicle.objects.visible_to(by).select_related("owner").fetch(vehicle_number.strip().upper())
    freezing.require_free({one.pk: one for one in (*casework.people_of(contract), vehicle.owner)}.values(), by=by)
    locks.hold(f"mortgage:{vehicle.pk}")
    steps.require_unpledged(vehicle)
    steps.keep_evidence(contract, evidence, "mortgage_contract", by=by)
    secured = steps.secure(contract, vehicle, by=by)
    events.publish("contract.vehicle_added", contract.subject, {"contract": contract.number, "vehicle": vehicle.number})
    return secured
