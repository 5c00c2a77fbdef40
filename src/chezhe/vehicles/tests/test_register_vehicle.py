from __future__ import annotations

import threading
from dataclasses import replace

import pytest
from django.db import connection

from chezhe.customers.tests.filing import OUYANG, WANG, person
from chezhe.documents.tests.people import Cast, make_cast
from chezhe.kernel.errors import Invalid, NotPermitted
from chezhe.kernel.models import AuditEntry
from chezhe.kernel.testing import WU
from chezhe.vehicles import errors, queries
from chezhe.vehicles.actions.register_vehicle import register_vehicle
from chezhe.vehicles.models import Vehicle
from chezhe.vehicles.tests.filing import ELECTRIC, IMPORTED_VIN, TODAY, USED, vehicle
from chezhe.vehicles.values import VehicleFacts


def register(owner_number: str, by: object, facts: VehicleFacts = USED) -> Vehicle:
    return register_vehicle(owner_number=owner_number, facts=facts, business_date=TODAY, by=by)


def test_it_puts_a_car_on_file(cast: Cast) -> None:
    owner = person(WANG, cast.lin)
    car = register(owner.number, cast.lin, replace(USED, vin=" lsvnv2182n2000002 ", plate="沪A·12345"))
    assert car.number.startswith("V26-") and (car.vin, car.vin_tail, car.plate) == (USED.vin, "000002", "沪A12345")
    assert (car.masked_vin, car.masked_plate) == ("***********000002", "沪A***45")


def test_an_import_with_a_foreign_check_digit_is_accepted(cast: Cast) -> None:
    assert register(person(WANG, cast.lin).number, cast.lin, replace(USED, vin=IMPORTED_VIN)).vin == IMPORTED_VIN


def test_two_new_cars_without_a_plate_do_not_clash(cast: Cast) -> None:
    owner = person(WANG, cast.lin)
    register(owner.number, cast.lin, ELECTRIC)
    register(owner.number, cast.lin, replace(ELECTRIC, vin="LGXCE4CB4P0000003"))
    assert Vehicle.objects.count() == 2


def test_it_refuses_a_bad_value_beside_its_field(cast: Cast) -> None:
    with pytest.raises(Invalid) as refused:
        register(person(WANG, cast.lin).number, cast.lin, replace(USED, vin="LSVNV2182N200000I"))
    assert (refused.value.field, refused.value.code) == ("vin", "vin.form") and not Vehicle.objects.exists()


def test_the_owner_must_be_on_file_and_in_reach(cast: Cast) -> None:
    for number in ("C26-000000-0", person(OUYANG, cast.mei).number):
        with pytest.raises(errors.OwnerUnknown):
            register(number, cast.lin)


def test_a_known_vin_is_named_in_reach_and_only_told_out_of_it(cast: Cast) -> None:
    car = vehicle(USED, person(WANG, cast.lin), cast.lin)
    other = person(OUYANG, cast.mei)
    with pytest.raises(errors.VinExists) as refused:
        register(car.owner.number, cast.gao, replace(USED, plate="沪A54321"))
    assert car.number in str(refused.value) and "王*明" in str(refused.value)
    with pytest.raises(errors.VinExistsElsewhere) as refused_elsewhere:
        register(other.number, cast.mei)
    assert car.number not in str(refused_elsewhere.value)


def test_a_known_plate_is_refused_with_its_reason(cast: Cast) -> None:
    car = vehicle(USED, person(WANG, cast.lin), cast.lin)
    another = replace(USED, vin="LFV2A21K8A3000001")
    with pytest.raises(errors.PlateExists) as refused:
        register(car.owner.number, cast.lin, another)
    assert refused.value.field == "plate" and car.number in str(refused.value)
    with pytest.raises(errors.PlateExistsElsewhere):
        register(person(OUYANG, cast.mei).number, cast.mei, another)


@pytest.mark.django_db(transaction=True)
def test_of_two_clerks_with_one_car_one_is_told() -> None:
    cast = make_cast()
    owners = {cast.lin: person(WANG, cast.lin).number, cast.mei: person(OUYANG, cast.mei).number}
    outcomes: list[str] = []
    start = threading.Barrier(2)

    def file(by: object) -> None:
        try:
            start.wait(timeout=10)
            register(owners[by], by)
            outcomes.append("filed")
        except errors.VinExistsElsewhere as refusal:
            outcomes.append(refusal.code)
        finally:
            connection.close()

    threads = [threading.Thread(target=file, args=(by,)) for by in owners]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    assert sorted(outcomes) == ["filed", "vin_exists_elsewhere"]


def test_wu_and_readers_cannot_register_and_wu_sees_nothing(cast: Cast) -> None:
    owner = person(WANG, cast.lin)
    vehicle(USED, owner, cast.lin)
    for by in (WU, cast.xu):
        with pytest.raises(NotPermitted):
            register(owner.number, by)
    assert not Vehicle.objects.visible_to(WU).exists() and not queries.search(WU, USED.vin)


def test_no_number_of_the_car_reaches_the_audit_trail(cast: Cast) -> None:
    register(person(WANG, cast.lin).number, cast.lin)
    assert not [word for word in (USED.vin, USED.plate, USED.engine_no) if word in str(list(AuditEntry.objects.values()))]


@pytest.mark.parametrize(("text", "is_found"), [
    ("LSVNV2182N2000002", True), ("000002", True), ("沪A12345", True), ("沪a·12345", True), ("A12345", True), ("12345", True),
    ("沪A54321", False), ("000003", False), ("", False), ("0002", False),
])
def test_it_is_found_by_vin_tail_and_plate(cast: Cast, text: str, is_found: bool) -> None:
    car = vehicle(USED, person(WANG, cast.lin), cast.lin)
    hits = queries.search(cast.lin, text)
    assert [hit.number for hit in hits] == ([car.number] if is_found else [])
    assert not queries.search(cast.mei, text)
    assert all("***" in hit.title and USED.vin not in hit.detail for hit in hits)
    assert [hit.number for hit in queries.search(cast.lin, car.number)] == [car.number]
