"""Reading valuations: the one that counts, and what is lent on it for one deal."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

from django.db.models import QuerySet

from chezhe.finmath.money import Money
from chezhe.risk.valuing import figures, haircuts
from chezhe.risk.valuing.choices import OUTSIDE
from chezhe.risk.valuing.haircuts import LendingValue
from chezhe.risk.valuing.models import Valuing
from chezhe.vehicles import queries as vehicle_queries
from chezhe.vehicles import rules as vehicle_rules
from chezhe.vehicles.models import Vehicle


def of_vehicle(vehicle_number: str) -> QuerySet[Valuing]:
    """Every valuation of a car, newest first, for code that has opened the car."""
    return Valuing.objects.filter(vehicle__number=vehicle_number).select_related("vehicle")


def in_effect(vehicle_number: str, on: date) -> Valuing | None:
    """The valuation that counts on a day: agreed, and not older than VALUATION_VALID_DAYS."""
    since = on - timedelta(days=figures.on(on).valid_days)
    return of_vehicle(vehicle_number).filter(status="agreed", valued_on__gte=since, valued_on__lte=on).first()


def is_disputed(vehicle_number: str, on: date) -> bool:
    """Whether nobody stands by a value of the car: its sources differ and no second person has confirmed one, or they could not say, and
    nobody has valued a used car since. What was typed before, or beside it, is then no agreed value."""
    open_one = of_vehicle(vehicle_number).filter(status__in=("rechecking", "referred"), valued_on__lte=on).first()
    if open_one is None or open_one.status == "rechecking":
        return open_one is not None
    filed = vehicle_queries.latest_valuation(open_one.vehicle, on)
    since = open_one.answered_at or open_one.asked_at
    return open_one.vehicle.condition == "used" and (filed is None or filed.recorded_at < since)


def lending_value(valuing: Valuing, *, price: Money | None, tier: str, on: date) -> LendingValue:
    """What is lent on the car in one deal: its own price in place of the file's, and the haircut of the borrower's tier.

    Raises ValueError for a valuation without a value.
    """
    if valuing.value is None:
        raise ValueError(f"{valuing.number} has no value")
    usage, energy = valuing.vehicle.usage_nature, valuing.vehicle.energy_type
    cut = haircuts.haircut(
        figures.on(on).haircuts, age_months=valuing.age_months or 0, is_new_energy=vehicle_rules.is_new_energy(energy),
        is_commercial=vehicle_rules.is_commercial(usage), tier=tier,
    )
    outside = [Money(voice["amount_fen"]) for voice in valuing.voices if voice["is_kept"] and voice["source"] in OUTSIDE]
    return haircuts.lending_value(blend=valuing.value, outside=outside, invoice=price, cut=cut)


def lending_value_of_record(vehicle_number: str, *, base: Money | None, tier: str, on: date) -> LendingValue | None:
    """What is lent on a car that has no agreed valuation: its price base (the invoice of a new car, the valuation of record of a used one)
    less the haircut. None without a base, where the value is disputed, and where a used car's valuation of record is older than
    VALUATION_VALID_DAYS."""
    if base is None or is_disputed(vehicle_number, on):
        return None
    return _of_record(vehicle_number, base, tier, on)


def _of_record(vehicle_number: str, base: Money, tier: str, on: date) -> LendingValue | None:
    """The same of a value that is not disputed."""
    held, vehicle = figures.on(on), Vehicle.objects.filter(number=vehicle_number).first()
    if vehicle is None:
        return None
    filed = vehicle_queries.latest_valuation(vehicle, on)
    if vehicle.condition == "used" and (filed is None or filed.valued_on < on - timedelta(days=held.valid_days)):
        return None
    registered = vehicle.first_registered_on
    cut = haircuts.haircut(
        held.haircuts, age_months=vehicle_rules.age_months(registered, on) if registered else 0,
        is_new_energy=vehicle_rules.is_new_energy(vehicle.energy_type), is_commercial=vehicle_rules.is_commercial(vehicle.usage_nature),
        tier=tier,
    )
    return haircuts.lending_value(blend=base, outside=(), invoice=None, cut=cut)


def stands(vehicle_number: str, *, base: Money | None, on: date) -> bool:
    """Whether somebody stands by a value of a car on a day: nothing is disputed, and what is on file is not too old."""
    return lent(vehicle_number, price=None, base=base, tier="", on=on) is not None


def lent(vehicle_number: str, *, price: Money | None, base: Money | None, tier: str, on: date) -> LendingValue | None:
    """What is lent on a car whose value stands: by its agreed valuation, else by the price base it has on file; None where it does not."""
    if base is None or is_disputed(vehicle_number, on):
        return None
    valuing = in_effect(vehicle_number, on)
    if valuing is not None:
        return lending_value(valuing, price=price, tier=tier, on=on)
    return _of_record(vehicle_number, base, tier, on)


def tiers_differ(one: str, other: str, on: date) -> bool:
    """Whether less is lent on a car to a borrower of one tier than of the other."""
    held = figures.on(on).haircuts
    return haircuts.of_tier(held, one) != haircuts.of_tier(held, other)


def parts_of(valuing: Valuing) -> dict[str, Decimal]:
    """The haircut's parts as they were kept."""
    return {code: Decimal(rate) for code, rate in valuing.haircut.items()}
