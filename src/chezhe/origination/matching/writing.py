"""Taking one field over from a paper into the file where it belongs."""

from __future__ import annotations

from datetime import date
from typing import Any

from chezhe.customers import permissions as customer_permissions
from chezhe.customers import steps as customer_steps
from chezhe.customers.models import Customer
from chezhe.documents.models import PaperReading, ReadField
from chezhe.documents.reading import judging
from chezhe.kernel import roles
from chezhe.kernel.actor import Actor
from chezhe.kernel.errors import NotPermitted
from chezhe.kernel.permission import Permission
from chezhe.origination import steps
from chezhe.origination.matching import comparing, errors
from chezhe.origination.matching.comparing import Match
from chezhe.origination.matching.targets import Target
from chezhe.origination.models import Application
from chezhe.vehicles import permissions as vehicle_permissions
from chezhe.vehicles import steps as vehicle_steps
from chezhe.vehicles.models import Vehicle


def held(application: Application, document_number: str, name: str, seen: str, by: Actor) -> Match:
    """A read field, locked, beside what is on file. Raises NotFound or FieldUnread (404), PaperNotRead or StandsOtherwise (409)."""
    reading = comparing.reading_of(application, document_number, by)
    field = ReadField.objects.select_for_update(of=("self",), no_key=True).filter(reading=reading, name=name[:40]).first()
    if field is None:
        raise errors.FieldUnread(field=name[:40])
    match = comparing.match(application, reading, field)
    if match.seen != seen:
        raise errors.StandsOtherwise(field=match.label)
    return match


def put(application: Application, match: Match, *, on: date, by: Actor) -> None:
    """Write the field. Raises NotPermitted (403) for somebody who may not correct that file, Invalid (422) and refusals of its own room."""
    target = match.target
    assert target is not None
    if target.where == "application":
        steps.keep(application, "vehicle", {target.name: judging.yuan_of(match.value)}, {}, on=on, by=by)
    elif target.where == "vehicle":
        _put_on_car(target, match.value, on, by)
    elif target.where == "account":
        _add_account(target, match, by)
    else:
        _put_on_customer(target, match.value, on, by)


def _put_on_customer(target: Target, value: str, on: date, by: Actor) -> None:
    _require(customer_permissions.EDIT, by)
    assert target.customer is not None
    customer = Customer.objects.visible_to(by).lock(target.customer.number)
    differing = customer_steps.apply(customer, {target.name: value}, on)
    customer.touch(by)
    customer_steps.save_once(customer, by)
    customer_steps.keep_changes(customer, differing, by)


def _put_on_car(target: Target, value: str, on: date, by: Actor) -> None:
    _require(vehicle_permissions.EDIT, by)
    assert target.vehicle is not None
    car = Vehicle.objects.visible_to(by).lock(target.vehicle.number)
    wanted: Any = judging.day_of(value) if target.name == "first_registered_on" else value
    differing = vehicle_steps.apply(car, {target.name: wanted}, on, by)
    car.touch(by)
    vehicle_steps.save_once(car, by)
    vehicle_steps.keep_changes(car, differing, by)


def _add_account(target: Target, match: Match, by: Actor) -> None:
    """The card becomes one more account; it is the main one only where there was none."""
    _require(customer_permissions.ADD_ACCOUNT, by)
    assert target.customer is not None
    customer = Customer.objects.visible_to(by).lock(target.customer.number)
    is_first = not customer.accounts.filter(closed_at__isnull=True).exists()
    customer_steps.add_account(
        customer, kind="card", card_number=match.value, bank_name=_bank_of(match.field.reading), is_main=is_first)


def _bank_of(reading: PaperReading) -> str:
    named = next((field.value for field in reading.read_fields.all() if field.name == "bank_name"), "")
    return named[:40] or "—"


def _require(permission: Permission, by: Actor) -> None:
    if not by.can(permission.code):
        raise NotPermitted(permission=permission.label, grantors=roles.LABELS[roles.ADMIN], code=permission.code)
