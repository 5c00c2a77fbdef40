from __future__ import annotations

from datetime import date

from chezhe.finmath.money import Money
from chezhe.kernel.action import action
from chezhe.kernel.actor import Actor
from chezhe.vehicles import permissions, steps
from chezhe.vehicles.models import Valuation, Vehicle


@action(permissions.VALUE)
def record_valuation(
    *, vehicle_number: str, kind: str, amount: Money, valued_on: date, mileage_km: int | None = None, note: str = "",
    business_date: date, by: Actor,
) -> Valuation:
    """Say what a car is worth and who says so (`kind` is the source); the latest valuation counts for the loan-to-value."""
    vehicle = Vehicle.objects.visible_to(by).lock(vehicle_number)
    return steps.value(
        vehicle, source=kind, amount=amount, valued_on=valued_on, mileage_km=mileage_km, note=note, business_date=business_date, by=by
    )
