"""Where a field of a paper belongs: to which file and under which name, or only to be held against something."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from chezhe.customers.models import Customer
from chezhe.documents.models import PaperReading
from chezhe.documents.reading.catalogue import SEXES
from chezhe.finmath.money import Money
from chezhe.origination.models import Application
from chezhe.vehicles.models import Vehicle

_OF_CARS = {
    "plate": "plate", "vin": "vin", "engine_no": "engine_no", "registered_on": "first_registered_on", "brand": "brand", "model": "model",
    "colour": "colour",
}
# The brand and the model in one: nothing on file is written so.
_NO_TARGET = {("vehicle_licence", "model"), ("used_car_invoice", "model")}
_COMPANY_NAMES = {"legal_representative_id": "legal_representative", "controller_id": "actual_controller"}


@dataclass(frozen=True, slots=True)
class Target:
    """`where` is customer, vehicle, application or account; `standing` is what is there now, as text. One that `is_checked_only` is not
    written from this paper."""

    where: str
    name: str
    standing: str
    is_checked_only: bool = False
    customer: Customer | None = None
    vehicle: Vehicle | None = None


def target_of(application: Application, reading: PaperReading, name: str, value: str) -> Target | None:
    """Where a read field belongs; None where nothing is on file that it could be held against."""
    if reading.kind == "id_front":
        return _of_person(application, reading, name)
    if reading.kind in ("vehicle_licence", "registration_certificate"):
        return _of_car(_which(application, reading), reading.kind, name)
    if reading.kind == "bank_card" and name == "card_number":
        known = {account.card_number for account in application.customer.accounts.all() if account.closed_at is None}
        return Target("account", name, value if value in known else "", customer=application.customer)
    return _of_invoice(application, name) if reading.kind == "used_car_invoice" else None


def _of_person(application: Application, reading: PaperReading, name: str) -> Target | None:
    category, borrower = reading.file.category, application.customer
    if category in _COMPANY_NAMES:
        attribute = _COMPANY_NAMES[category]
        return Target("customer", attribute, getattr(borrower, attribute), customer=borrower) if name == "name" else None
    person = _whose(application, reading)
    if person is None or not person.is_person:
        return None
    if name in ("name", "id_number", "address"):
        return Target("customer", name, getattr(person, name), customer=person)
    if name == "sex":
        return Target("customer", name, SEXES.get(person.sex, ""), is_checked_only=True, customer=person)
    if name == "born_on":
        return Target("customer", name, text_of(person.birth_date), is_checked_only=True, customer=person)
    return None


def _whose(application: Application, reading: PaperReading) -> Customer | None:
    """Whose identity card it is: of whom it was filed, the spouse, else the borrower."""
    beside = list(application.parties.all())
    if reading.file.category == "spouse_id":
        return next((party.customer for party in beside if party.role == "spouse"), None)
    people = [application.customer, *(party.customer for party in beside)]
    return next((one for one in people if one.subject == reading.file.subject), application.customer)


def _which(application: Application, reading: PaperReading) -> Vehicle | None:
    """Of which car a paper is: of the further one on whose file it lies, else of the first."""
    further = (row.vehicle for row in application.further_vehicles.all())
    return next((car for car in further if car.subject == reading.file.subject), application.vehicle)


def _of_car(car: Vehicle | None, kind: str, name: str) -> Target | None:
    if car is None or (kind, name) in _NO_TARGET:
        return None
    if name in _OF_CARS:
        return Target("vehicle", _OF_CARS[name], text_of(getattr(car, _OF_CARS[name])), vehicle=car)
    if name == "owner":
        return Target("customer", "name", car.owner.name, is_checked_only=True, customer=car.owner)
    if name == "owner_id_number":
        return Target("customer", "id_number", car.owner.id_number or car.owner.uscc, is_checked_only=True, customer=car.owner)
    return None


def _of_invoice(application: Application, name: str) -> Target | None:
    """A sale's invoice tells the price; of people and cars it is only held against what is known."""
    buyer, car = application.customer, application.vehicle
    if name == "price":
        return Target("application", "price", text_of(application.price))
    if name in ("buyer", "buyer_id_number"):
        attribute = "name" if name == "buyer" else "id_number" if buyer.is_person else "uscc"
        return Target("customer", attribute, getattr(buyer, attribute), is_checked_only=True, customer=buyer)
    if name in ("plate", "vin") and car is not None:
        return Target("vehicle", name, getattr(car, name), is_checked_only=True, vehicle=car)
    return None


def text_of(value: Any) -> str:
    """A stored value as papers are read: days in ISO, money in yuan with two decimals."""
    if isinstance(value, Money):
        return f"{value.fen // 100}.{value.fen % 100:02d}"
    return value.isoformat() if isinstance(value, date) else str(value or "")
