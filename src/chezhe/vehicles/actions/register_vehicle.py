from __future__ import annotations

from datetime import date

from chezhe.kernel.action import action
from chezhe.kernel.actor import Actor
from chezhe.vehicles import permissions, steps
from chezhe.vehicles.models import Vehicle
from chezhe.vehicles.values import VehicleFacts


@action(permissions.REGISTER)
def register_vehicle(*, owner_number: str, facts: VehicleFacts, business_date: date, by: Actor) -> Vehicle:
    """Put a customer's car on file; one car is filed once in the whole house."""
    return steps.register(facts, owner=steps.owner_of(owner_number, by), on=business_date, by=by)
