from __future__ import annotations

from datetime import date

from chezhe.kernel.action import action
from chezhe.kernel.actor import Actor
from chezhe.risk import permissions
from chezhe.risk.valuing import steps
from chezhe.risk.valuing.models import Valuing
from chezhe.vehicles.models import Vehicle


@action(permissions.VALUE)
def value_vehicle(*, vehicle_number: str, business_date: date, by: Actor) -> Valuing:
    """Ask every source what a car is worth; the worker gathers the answers and makes one value of them."""
    vehicle = Vehicle.objects.visible_to(by).lock(vehicle_number)
    return steps.ask(vehicle, on=business_date, by=by)
