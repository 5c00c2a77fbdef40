"""Further cars for the tests of this room."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from chezhe.documents import steps as document_steps
from chezhe.documents.tests.corpus import image
from chezhe.finmath.money import Money
from chezhe.invented import fates
from chezhe.origination import cars
from chezhe.origination.actions.add_further_vehicle import add_further_vehicle
from chezhe.origination.actions.remove_further_vehicle import remove_further_vehicle
from chezhe.origination.models import Application
from chezhe.origination.tests.asking import TODAY, WORTH, House, submit
from chezhe.risk.deciding import queries as deciding_queries
from chezhe.risk.deciding import replaying
from chezhe.vehicles import steps as vehicle_steps
from chezhe.vehicles.models import Vehicle
from chezhe.vehicles.tests.filing import USED, vehicle

SECOND = replace(USED, vin="LRWYGCEK2RC000004", plate="沪B23456")
THIRD = replace(USED, vin=fates.car_vin(fates.GOOD, model_year=2020, serial=7), plate="沪C34567")


def value(car: Vehicle, house: House, amount: Money = WORTH, **more: Any) -> None:
    vehicle_steps.value(
        car, **{"source": "in_house", "amount": amount, "valued_on": TODAY, "business_date": TODAY, "by": house.cast.gao, **more})


def file_car(car: Vehicle, application: Application, house: House) -> None:
    """Every paper that a further car has to show, on its own file."""
    for code in cars.papers_needed(application, car):
        document_steps.store_bytes(
            image(), name=f"{code}.jpg", subject=car.subject, category=code, branch_id=application.branch_id, by=house.lin)


def second_car(house: House, application: Application, facts: Any = SECOND, amount: Money | None = WORTH) -> Vehicle:
    """A further car of the borrower with its value and its papers, added."""
    car = vehicle(facts, house.wang, house.lin)
    if amount is not None:
        value(car, house, amount)
    add(application, car, house)
    file_car(car, application, house)
    return car


def add(application: Application, car: Vehicle, house: House, **more: Any) -> Application:
    asked = {"application_number": application.number, "vehicle_number": car.number, "by": house.lin, **more}
    return add_further_vehicle(**asked)


def take_out(application: Application, car: Vehicle, house: House) -> Application:
    return remove_further_vehicle(application_number=application.number, vehicle_number=car.number, by=house.lin)


def decided(application: Application, house: House) -> Any:
    """Handed in and decided; whatever is decided can be decided again."""
    submit(application, house.lin)
    found = deciding_queries.latest(application.subject)
    assert found is not None
    again = replaying.replay(found)
    assert (again.is_same, again.trouble, again.differs) == (True, "", ())
    return found
