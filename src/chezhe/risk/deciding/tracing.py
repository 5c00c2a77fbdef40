"""What an application leaves behind: its car, the device it was filed from, who stands surety for it, and the dealer it came through."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from chezhe.channels.models import Dealer
from chezhe.customers.models import Customer
from chezhe.risk.deciding.asking import GUARANTOR, Asking
from chezhe.risk.guarantees import queries as guarantee_queries
from chezhe.risk.guarantees.states import LIVE
from chezhe.risk.relations import steps as relation_steps
from chezhe.vehicles.models import Vehicle

DEVICE_FACTS: Final = ("same_device_people",)


def cars_of(asking: Asking) -> list[Vehicle]:
    """The cars of an application with their owners, the first one first; one that is not on file is left out."""
    numbers = [subject.partition(":")[2] for subject in (asking.vehicle, *asking.further) if subject]
    found = {car.number: car for car in Vehicle.objects.filter(number__in=numbers).select_related("owner")} if numbers else {}
    return [found[number] for number in numbers if number in found]


def trace(asking: Asking, cars: Sequence[Vehicle], at: datetime) -> tuple[str, ...]:
    """Keep everything that the application and its cars share with others; returns who stands in it: the borrower, and the dealer if there
    is one."""
    borrower, dealer = asking.customer.subject, _dealer(asking.dealer)
    relation_steps.trace_customer(asking.customer, at)
    sureties = _sureties(asking)
    for one in sureties:
        relation_steps.trace_customer(one, at)
    of_car = {"vin": [car.vin for car in cars], "plate": [car.plate for car in cars if car.plate]}
    left = {**of_car, "device": asking.device, "guarantor": [one.id_number or one.uscc for one in sureties]}
    relation_steps.trace(asking.subject, left, at, party=borrower)
    if dealer is None:
        return (borrower,)
    relation_steps.trace_dealer(dealer, at)
    relation_steps.trace(asking.subject, of_car, at, party=dealer.subject)
    return borrower, dealer.subject


def _sureties(asking: Asking) -> list[Customer]:
    """Guarantors named in the application, and those of securities that are offered or held."""
    named = [subject.partition(":")[2] for role, subject in asking.parties if role == GUARANTOR]
    return [*Customer.objects.filter(number__in=named), *guarantee_queries.guarantors_of(asking.subject, standing=LIVE)]


def _dealer(subject: str) -> Dealer | None:
    return Dealer.objects.filter(number=subject.partition(":")[2]).first() if subject else None
