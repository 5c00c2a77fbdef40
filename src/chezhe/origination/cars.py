"""The further cars of an application: whose they are, what each counts for, and what is still missing of them. Reads, never writes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Final

from django.db.models import Q

from chezhe.documents import catalogue
from chezhe.documents import queries as document_queries
from chezhe.finmath.money import Money
from chezhe.origination import rules
from chezhe.origination.models import Application, ApplicationVehicle
from chezhe.origination.states import UNDER_DECISION, until_paid
from chezhe.products import judging
from chezhe.products.rules import ProductTerms
from chezhe.risk.valuing import queries as valuing_queries
from chezhe.vehicles import queries as vehicle_queries
from chezhe.vehicles import rules as vehicle_rules
from chezhe.vehicles.models import Vehicle

# Every further car shows itself, a used one its papers; what else the product asks of a car, each shows as well, but for the papers of a
# purchase.
_SEEN: Final = ("photo_front_left", "photo_rear_right")
_OF_USED: Final = ("registration_certificate", "vehicle_licence")
_OF_A_PURCHASE: Final = ("purchase_invoice", "conformity_certificate", "tax_certificate")
_OF_A_CAR: Final = ("condition", "usage", "energy", "age_months", "mileage_km")
PURCHASE: Final = "purchase"


@dataclass(frozen=True, slots=True)
class Counted:
    """A further car and what the loan is measured against for it; None while nobody stands by its value."""

    vehicle: Vehicle
    base: Money | None


def of(application: Application) -> list[Vehicle]:
    """The further cars, in the order of their adding."""
    return [row.vehicle for row in application.further_vehicles.select_related("vehicle__owner")]


def counted(application: Application, on: date) -> tuple[Counted, ...]:
    """Each further car with what it counts for on a day: its valuation, as long as that stands (`valuing.queries.stands`)."""
    return tuple(Counted(car, _standing(car, on)) for car in of(application))


def _standing(car: Vehicle, on: date) -> Money | None:
    base = base_of(car, on)
    return base if valuing_queries.stands(car.number, base=base, on=on) else None


def base_of(car: Vehicle, on: date) -> Money | None:
    """The value on file of a car that is not being bought, whatever it once cost; None while nobody has valued it."""
    valuation = vehicle_queries.latest_valuation(car, on)
    return vehicle_rules.price_base(
        condition=car.condition, price=None, guide_price=car.guide_price, valuation=valuation.amount if valuation else None)


def law_base(application: Application, own: Money, others: Sequence[Counted]) -> Money:
    """What the law and the product measure the loan against: the car that is bought with it and nothing else (汽车贷款管理办法 §22), else
    every car whose value stands."""
    return rules.value_together(own, () if application.purpose == PURCHASE else [one.base for one in others])


def misfits(application: Application, terms: ProductTerms, on: date) -> list[tuple[Vehicle, judging.Problem]]:
    """What of a further car lies outside the product: each has to be a car that the product lends on."""
    return [(car, problem) for car in of(application) for problem in judging.misfits(terms, _request(application, car, on))
            if problem.field in _OF_A_CAR]


def _request(application: Application, car: Vehicle, on: date) -> judging.Request:
    registered = car.first_registered_on
    return judging.Request(
        periods=application.periods, condition=car.condition, mileage_km=car.mileage_km,
        usage="commercial" if vehicle_rules.is_commercial(car.usage_nature) else "private",
        energy="nev" if vehicle_rules.is_new_energy(car.energy_type) else "conventional",
        age_months=vehicle_rules.age_months(registered, on) if registered else None,
    )


# ---- whose, and on what other loan ----------------------------------------------------------------------------


def owners(application: Application) -> set[int]:
    """Whose cars may stand for the loan: the borrower's and those of whoever stands beside them."""
    return {application.customer_id, *application.parties.values_list("customer_id", flat=True)}


def of_strangers(application: Application) -> list[Vehicle]:
    """Further cars whose owner does not stand in the application."""
    known = owners(application)
    return [car for car in of(application) if car.owner_id not in known]


def standing_there(application: Application) -> str:
    """The further cars, as the history keeps them."""
    return ", ".join(car.number for car in of(application))


def with_car(vehicle: Vehicle) -> Q:
    """Applications on a car, as the first or a further one; asked in two steps, so that each goes by its index."""
    further = ApplicationVehicle.objects.filter(vehicle=vehicle).values_list("application_id", flat=True)
    return Q(vehicle=vehicle) | Q(pk__in=list(further))


def is_taken(vehicle: Vehicle, by_other_than: Application) -> bool:
    """Whether another application on the car is under decision, on offer or waits for its money."""
    return Application.objects.filter(until_paid(UNDER_DECISION), with_car(vehicle)).exclude(pk=by_other_than.pk).exists()


# ---- what is missing ------------------------------------------------------------------------------------------


def papers_needed(application: Application, car: Vehicle) -> tuple[str, ...]:
    """The papers that a further car has to show on its own file."""
    asked = application.product_version.terms.documents if application.product_version else ()
    of_cars = [code for code in asked if catalogue.BY_CODE[code].group in ("vehicle", "photo") and code not in _OF_A_PURCHASE]
    return tuple(dict.fromkeys((*(_OF_USED if car.condition == "used" else ()), *of_cars, *_SEEN)))


def papers_missing(application: Application) -> list[tuple[str, str]]:
    """(category, number of the car) of every paper that a further car lacks."""
    return [
        (category.code, car.number) for car in of(application)
        for category in document_queries.missing(car.subject, papers_needed(application, car))
    ]


# ---- as pages show them ---------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Row:
    """One car of several on a page: what it counts for, and its share of all."""

    vehicle: Vehicle
    base: Money | None
    share: Decimal | None
    is_first: bool


def rows(application: Application, own: Money | None, others: Sequence[Counted]) -> list[Row]:
    """Every car of an application that has several; empty where there is one."""
    if application.vehicle is None or not others:
        return []
    known = [(application.vehicle, own, True), *((one.vehicle, one.base, False) for one in others)]
    total = sum(base.fen for _car, base, _first in known if base is not None)
    return [Row(car, base, _share(base, total), is_first) for car, base, is_first in known]


def _share(base: Any, total: int) -> Decimal | None:
    return Decimal(base.fen) / total if base is not None and total else None
