"""Vehicles for the tests of this room and of those above it."""

from __future__ import annotations

from datetime import date

from chezhe.customers.models import Customer
from chezhe.finmath.money import Money
from chezhe.kernel.actor import Actor
from chezhe.vehicles import steps
from chezhe.vehicles.models import Vehicle
from chezhe.vehicles.values import VehicleFacts

TODAY = date(2026, 3, 16)
USED = VehicleFacts(
    vin="LSVNV2182N2000002", brand="大众", series="帕萨特", model="2022款 330TSI", condition="used", energy_type="petrol",
    plate="沪A12345", engine_no="EA888-77", first_registered_on=date(2022, 5, 20), mileage_km=56_000, colour="白",
    invoice_price=Money(98_000_00),
)
ELECTRIC = VehicleFacts(
    vin="LRWYGCEK2RC000004", brand="特斯拉", series="Model Y", model="2024款 后驱版", condition="new", energy_type="pure_electric",
    invoice_price=Money(240_000_00), guide_price=Money(249_900_00),
)
IMPORTED_VIN = "WP0ZZZ99ZTS392124"


def vehicle(facts: VehicleFacts, owner: Customer, by: Actor) -> Vehicle:
    return steps.register(facts, owner=owner, on=TODAY, by=by)
