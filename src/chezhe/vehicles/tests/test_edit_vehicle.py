from __future__ import annotations

from dataclasses import replace

import pytest

from chezhe.customers.tests.filing import OUYANG, SHAN, WANG, person
from chezhe.documents.tests.people import Cast
from chezhe.kernel.editing import StaleEdit
from chezhe.kernel.errors import FieldUnknown, Invalid, NotFound, NothingChanged, ReasonRequired
from chezhe.vehicles import errors, queries
from chezhe.vehicles.actions.edit_vehicle import edit_vehicle
from chezhe.vehicles.actions.reveal_field import reveal_field
from chezhe.vehicles.models import Vehicle
from chezhe.vehicles.tests.filing import ELECTRIC, TODAY, USED, vehicle


@pytest.fixture
def car(cast: Cast) -> Vehicle:
    return vehicle(USED, person(WANG, cast.lin), cast.lin)


def edit(car: Vehicle, by: object, version: int = 1, **changes: object) -> Vehicle:
    return edit_vehicle(vehicle_number=car.number, version=version, changes=changes, business_date=TODAY, by=by)


def test_it_corrects_and_remembers(cast: Cast, car: Vehicle) -> None:
    edited = edit(car, cast.lin, plate="沪B88888", mileage_km=57_000)
    shown = {str(line.label): (line.before, line.after) for line in queries.history(edited)}
    assert shown == {"车牌号": ("沪A***45", "沪B***88"), "里程": ("56000", "57000")}
    assert edited.version == 2 and queries.search(cast.lin, "沪B88888")


def test_the_second_of_two_editors_is_told(cast: Cast, car: Vehicle) -> None:
    edit(car, cast.chen, mileage_km=57_000)
    with pytest.raises(StaleEdit) as refused:
        edit(car, cast.lin, mileage_km=58_000)
    car.refresh_from_db()
    assert "陈" in str(refused.value) and car.mileage_km == 57_000


def test_a_bad_value_changes_nothing(cast: Cast, car: Vehicle) -> None:
    with pytest.raises(Invalid):
        edit(car, cast.lin, mileage_km=57_000, plate="X")
    with pytest.raises(NothingChanged):
        edit(car, cast.lin, mileage_km=56_000)
    car.refresh_from_db()
    assert (car.mileage_km, car.version) == (56_000, 1)


def test_a_plate_cannot_move_onto_a_car_while_another_has_it(cast: Cast, car: Vehicle) -> None:
    other = vehicle(replace(ELECTRIC, plate="沪AD12345"), car.owner, cast.lin)
    with pytest.raises(errors.PlateExists):
        edit(car, cast.lin, plate="沪AD12345")
    assert other.plate == "沪AD12345"


def test_a_car_that_was_sold_moves_to_its_new_owner(cast: Cast, car: Vehicle) -> None:
    buyer, stranger = person(OUYANG, cast.lin), person(SHAN, cast.mei)
    assert edit(car, cast.lin, owner_number=buyer.number).owner == buyer
    with pytest.raises(errors.OwnerUnknown):
        edit(car, cast.lin, version=2, owner_number=stranger.number)
    with pytest.raises(NotFound):
        edit(car, cast.mei, version=2, mileage_km=1)


def test_a_number_is_revealed_for_a_reason(cast: Cast, car: Vehicle) -> None:
    assert reveal_field(vehicle_number=car.number, field_code="vin", reason="核对铭牌", by=cast.lin).value == USED.vin
    with pytest.raises(ReasonRequired):
        reveal_field(vehicle_number=car.number, field_code="vin", reason="", by=cast.lin)
    with pytest.raises(FieldUnknown):
        reveal_field(vehicle_number=car.number, field_code="owner", reason="好奇", by=cast.lin)
    with pytest.raises(NotFound):
        reveal_field(vehicle_number=car.number, field_code="vin", reason="好奇", by=cast.mei)
