"""Writing vehicles: shared by this room's actions and by rooms above (the application wizard, the simulation)."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import fields, replace
from datetime import date
from typing import Any

from django.db import IntegrityError, transaction

from chezhe.customers.models import Customer
from chezhe.finmath.money import Money
from chezhe.identifiers import plate, vin
from chezhe.identifiers.text import clean_code
from chezhe.kernel import clock, events, numbers
from chezhe.kernel.actor import Actor
from chezhe.kernel.editing import text_of
from chezhe.kernel.errors import BusinessError, NotFound
from chezhe.ui.fields import refuse
from chezhe.vehicles import choices, errors, rules
from chezhe.vehicles.models import PREFIX, Valuation, Vehicle, VehicleChange, VehiclePaper
from chezhe.vehicles.values import VehicleFacts

FACT_NAMES = tuple(field.name for field in fields(VehicleFacts))


def register(facts: VehicleFacts, *, owner: Customer, on: date, by: Actor) -> Vehicle:
    """A new vehicle of a customer. Raises Invalid (422) with the field, or VinExists, PlateExists … (409)."""
    facts = tidy(facts)
    refuse(rules.faults(facts, on))
    vehicle = Vehicle(number=numbers.next_number(PREFIX, on), owner=owner, created_at=clock.now())
    put(vehicle, facts)
    vehicle.stamp(by)
    save_once(vehicle, by)
    events.publish("vehicle.registered", vehicle.subject, {"owner": owner.number})
    return vehicle


def tidy(facts: VehicleFacts) -> VehicleFacts:
    """VIN, plate and engine number as papers print them."""
    return replace(facts, vin=vin.normalise(facts.vin), plate=plate.normalise(facts.plate), engine_no=clean_code(facts.engine_no))


def put(vehicle: Vehicle, facts: VehicleFacts) -> None:
    """Copy the facts on the row; the caller saves."""
    for name in FACT_NAMES:
        setattr(vehicle, name, getattr(facts, name))
    vehicle.vin_tail = facts.vin[-6:]


def save_once(vehicle: Vehicle, by: Actor) -> None:
    """Save; the unique indexes decide when two clerks register one car at the same moment."""
    try:
        with transaction.atomic():
            vehicle.save()
    except IntegrityError:
        refusal = _twin_refusal(vehicle, by)
        if refusal is None:
            raise
        raise refusal from None


def _twin_refusal(vehicle: Vehicle, by: Actor) -> BusinessError | None:
    others = Vehicle.objects.exclude(pk=vehicle.pk).select_related("owner")
    twin = others.filter(vin=vehicle.vin).first()
    if twin is not None:
        if _sees(twin, by):
            return errors.VinExists(number=twin.number, owner=twin.owner.masked_name)
        return errors.VinExistsElsewhere()
    twin = others.filter(plate=vehicle.plate).first() if vehicle.plate else None
    if twin is None:
        return None
    return errors.PlateExists(number=twin.number) if _sees(twin, by) else errors.PlateExistsElsewhere()


def _sees(vehicle: Vehicle, by: Actor) -> bool:
    return Vehicle.objects.visible_to(by).filter(pk=vehicle.pk).exists()


def owner_of(number: str, by: Actor) -> Customer:
    """The customer named in a form; raises OwnerUnknown (422) beside the field."""
    try:
        return Customer.objects.visible_to(by).fetch(number.strip().upper())
    except NotFound:
        raise errors.OwnerUnknown() from None


def apply(vehicle: Vehicle, changes: Mapping[str, Any], on: date, by: Actor) -> dict[str, tuple[Any, Any]]:
    """Put the changed facts (and `owner_number`) on the locked vehicle; gives field → (before, after). The caller saves."""
    before = vehicle.facts
    after = tidy(replace(before, **{name: changes[name] for name in FACT_NAMES if name in changes}))
    refuse(rules.faults(after, on))
    differing = {n: (getattr(before, n), getattr(after, n)) for n in FACT_NAMES if getattr(before, n) != getattr(after, n)}
    put(vehicle, after)
    owner_number = changes.get("owner_number") or vehicle.owner.number
    if owner_number != vehicle.owner.number:
        owner = owner_of(owner_number, by)
        differing["owner"] = (vehicle.owner.number, owner.number)
        vehicle.owner = owner
    return differing


def keep_changes(vehicle: Vehicle, changes: Mapping[str, tuple[Any, Any]], by: Actor) -> None:
    """Write the history of one edit."""
    VehicleChange.objects.bulk_create([
        VehicleChange(
            vehicle=vehicle, version=vehicle.version, field=name, before=text_of(before), after=text_of(after),
            changed_at=vehicle.changed_at, changed_by_name=by.name,
        )
        for name, (before, after) in changes.items()
    ])


def value(
    vehicle: Vehicle, *, source: str, amount: Money, valued_on: date, business_date: date, by: Actor,
    mileage_km: int | None = None, note: str = "",
) -> Valuation:
    """Keep what the car is worth. Raises ValuedLater or AmountNotPositive (422)."""
    if valued_on > business_date:
        raise errors.ValuedLater(today=business_date)
    if amount.fen <= 0:
        raise errors.AmountNotPositive()
    valuation = Valuation.objects.create(
        vehicle=vehicle, source=source, amount=amount, valued_on=valued_on, mileage_km=mileage_km, note=note,
        recorded_at=clock.now(), recorded_by_id=by.user_id, recorded_by_name=by.name,
    )
    events.publish("vehicle.valued", vehicle.subject, {"amount_fen": amount.fen, "valued_on": valued_on.isoformat(), "source": source})
    return valuation


def record_paper(vehicle: Vehicle, kind: str, content: Mapping[str, Any], by: Actor) -> VehiclePaper:
    """Keep what a paper says. Raises PaperEmpty or PaperFieldUnknown (422)."""
    known = choices.PAPER_FIELDS[kind]
    for name, given in content.items():
        if name not in known or not _fits(known[name][1], given):
            raise errors.PaperFieldUnknown(field=name[:40])
    said = {name: given for name, given in content.items() if given not in ("", None)}
    if not said:
        raise errors.PaperEmpty()
    return VehiclePaper.objects.create(
        vehicle=vehicle, kind=kind, content_text=json.dumps(said, ensure_ascii=False, default=str), recorded_at=clock.now(),
        recorded_by_name=by.name,
    )


def _fits(shape: str, given: Any) -> bool:
    if given in ("", None):
        return True
    if shape == "day":
        return isinstance(given, date)
    if shape == "whole":
        return isinstance(given, int) and not isinstance(given, bool) and 0 <= given < 10_000_000
    if shape == "usage":
        return given in dict(choices.USAGE_NATURES)
    if shape == "origin":
        return given in dict(choices.ORIGINS)
    return isinstance(given, str) and len(given) <= (2000 if shape == "long" else 120)
