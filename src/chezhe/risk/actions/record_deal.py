from __future__ import annotations

from datetime import date

from chezhe.kernel.action import action
from chezhe.kernel.actor import Actor
from chezhe.risk import permissions
from chezhe.risk.valuing import deals
from chezhe.risk.valuing.models import MarketDeal
from chezhe.vehicles.models import Vehicle
from chezhe.vehicles.values import VehicleFacts


@action(permissions.RECORD_DEAL)
def record_deal(
    *, car: VehicleFacts | None = None, vehicle_number: str = "", sold: deals.Sold, business_date: date, by: Actor,
) -> MarketDeal:
    """Keep what a car was offered and sold for: a car of ours by its number, another one by its description."""
    vehicle = Vehicle.objects.visible_to(by).fetch(vehicle_number) if vehicle_number else None
    return deals.record(deals.facts_of(car, vehicle), sold, on=business_date, by=by, vehicle=vehicle)
