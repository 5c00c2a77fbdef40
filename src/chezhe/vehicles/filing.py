"""Many cars registered at once; those we know already keep their file (a book that is taken over)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from chezhe.customers.models import Customer
from chezhe.kernel import bulk, clock, numbers
from chezhe.kernel.actor import Actor
from chezhe.ui.fields import refuse
from chezhe.vehicles import errors, rules, steps
from chezhe.vehicles.models import PREFIX, Vehicle
from chezhe.vehicles.values import VehicleFacts


def known(vins: Iterable[str]) -> dict[str, Vehicle]:
    """Cars of the whole house by VIN, with their owners."""
    return {one.vin: one for one in Vehicle.objects.filter(vin__in=set(vins)).select_related("owner")}


def known_plates(plates: Iterable[str]) -> dict[str, Vehicle]:
    """Cars of the whole house by plate."""
    return {one.plate: one for one in Vehicle.objects.filter(plate__in={plate for plate in plates if plate})}


def register_all(arrivals: Sequence[tuple[VehicleFacts, Customer]], *, on: date, by: Actor) -> dict[str, Vehicle]:
    """The cars by VIN; `VehicleFacts` are tidy. Raises Invalid (422), or VinExists (409) when a car belongs to somebody else."""
    found = known(facts.vin for facts, _owner in arrivals)
    fresh: dict[str, Vehicle] = {}
    given = iter(numbers.next_numbers(PREFIX, on, max(1, len(arrivals) - len(found))))
    for facts, owner in arrivals:
        standing = found.get(facts.vin)
        if standing is not None:
            if standing.owner_id != owner.pk:
                raise errors.VinExists(number=standing.number, owner=standing.owner.masked_name)
        elif facts.vin not in fresh:
            refuse(rules.faults(facts, on))
            fresh[facts.vin] = _vehicle(facts, owner, next(given), by)
    bulk.insert(list(fresh.values()))
    return found | fresh


def _vehicle(facts: VehicleFacts, owner: Customer, number: str, by: Actor) -> Vehicle:
    vehicle = Vehicle(number=number, owner=owner, created_at=clock.now())
    steps.put(vehicle, facts)
    vehicle.stamp(by)
    return vehicle
