"""Several cars for one loan, from the draft to the decision: whose they are, what they count for, and what is missing of each."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from chezhe.customers.tests.filing import OUYANG, SHAN, person
from chezhe.finmath.money import Money
from chezhe.kernel import clock
from chezhe.kernel.errors import BusinessError, NotFound, NotPermitted, WrongState
from chezhe.kernel.models import AuditEntry
from chezhe.kernel.testing import WU
from chezhe.origination import cars, errors, figures, queries
from chezhe.origination.actions.add_further_vehicle import add_further_vehicle
from chezhe.origination.actions.add_party import add_party
from chezhe.origination.actions.copy_application import copy_application
from chezhe.origination.actions.remove_further_vehicle import remove_further_vehicle
from chezhe.origination.actions.remove_party import remove_party
from chezhe.origination.actions.start_application import start_application
from chezhe.origination.models import Application
from chezhe.origination.tests.asking import (
    FIGURES,
    TODAY,
    WORTH,
    House,
    complete,
    file_papers,
    filled,
    grant_consents,
    hand_in,
    save,
    start,
    vote,
    work,
)
from chezhe.origination.tests.several import SECOND, THIRD, add, decided, file_car, second_car, take_out, value
from chezhe.risk.valuing.models import Valuing
from chezhe.vehicles.models import Vehicle
from chezhe.vehicles.tests.filing import vehicle


def gap_codes(application: Application) -> list[tuple[str, str, str]]:
    application.refresh_from_db()
    return [(gap.code, gap.what, gap.who) for gap in queries.gaps(application, TODAY)]


# ---- added and taken out --------------------------------------------------------------------------------------


def test_a_further_car_is_added_by_its_owner_and_leaves_its_track(house: House) -> None:
    made = filled(house)
    car = vehicle(SECOND, house.wang, house.lin)
    version = Application.objects.get(pk=made.pk).version
    assert add(made, car, house).version == version + 1
    assert [one.number for one in cars.of(made)] == [car.number]
    entry = AuditEntry.objects.filter(verb="origination.add_further_vehicle", outcome="done").get()
    assert made.number in f"{entry.subject} {json.dumps(entry.facts, ensure_ascii=False, default=str)}"
    assert take_out(made, car, house).further_vehicles.count() == 0
    assert [(one.before, one.after) for one in made.changes.filter(field="further_vehicles")] == [(car.number, ""), ("", car.number)]


def test_whose_car_it_is_and_how_often_it_stands_there(house: House) -> None:
    made = start(house)
    car = vehicle(SECOND, house.wang, house.lin)
    with pytest.raises(errors.VehicleFirstMissing):
        add(made, car, house)
    save(made, "party", {"purpose": "consumption"}, house)
    save(made, "vehicle", {"vehicle_number": house.car.number}, house)
    with pytest.raises(errors.VehicleTwice):
        add(made, house.car, house)
    add(made, car, house)
    with pytest.raises(errors.VehicleTwice):
        add(made, car, house)
    with pytest.raises(errors.VehicleTwice):
        save(made, "vehicle", {"vehicle_number": car.number}, house)
    with pytest.raises(errors.VehicleUnknown):
        add_further_vehicle(application_number=made.number, vehicle_number="V26-999999-9", by=house.lin)
    for stranger in (WU, house.mei):
        with pytest.raises((NotFound, NotPermitted)):
            add(made, car, house, by=stranger)
    assert [one.number for one in cars.of(made)] == [car.number]
    with pytest.raises(errors.VehicleNotHere):
        take_out(made, house.car, house)


def test_only_who_stands_in_the_application_mortgages_a_car_and_does_not_leave_before_it(house: House) -> None:
    made, ouyang = filled(house), person(OUYANG, house.lin)
    car = vehicle(SECOND, ouyang, house.lin)
    with pytest.raises(errors.VehicleOfStranger):
        add(made, car, house)
    add_party(application_number=made.number, customer_number=ouyang.number, role="guarantor", by=house.lin)
    add(made, car, house)
    assert ("consent_missing", "credit_query", ouyang.masked_name) in gap_codes(made), "the owner agrees as everybody who stands there"
    with pytest.raises(errors.PartyOwnsVehicle):
        remove_party(application_number=made.number, customer_number=ouyang.number, by=house.lin)
    take_out(made, car, house)
    remove_party(application_number=made.number, customer_number=ouyang.number, by=house.lin)
    assert made.parties.count() == 0


def test_a_car_changes_hands_after_it_was_added(house: House) -> None:
    made, other = filled(house), person(SHAN, house.lin)
    car = second_car(house, made)
    Vehicle.objects.filter(pk=car.pk).update(owner=other)
    assert ("owner_elsewhere", "", car.number) in gap_codes(made)


def test_each_car_has_a_value_and_papers_of_its_own(house: House) -> None:
    made = complete(house)
    assert gap_codes(made) == []
    car = vehicle(SECOND, house.wang, house.lin)
    add(made, car, house)
    lacking = gap_codes(made)
    assert ("further_unvalued", "", car.number) in lacking
    assert {("car_paper_missing", code, car.number) for code in ("vehicle_licence", "registration_certificate", "photo_front_left")} <= set(lacking)
    with pytest.raises(errors.Incomplete) as refused:
        hand_in(made, house.lin)
    assert car.number in str(refused.value) and "行驶证" in str(refused.value)
    value(car, house)
    file_car(car, made, house)
    assert gap_codes(made) == []


def test_a_car_under_another_application_is_refused_as_the_first_one_is(house: House) -> None:
    one = complete(house)
    car = second_car(house, one)
    other = filled(house)
    save(other, "vehicle", {"vehicle_number": car.number}, house)
    third = second_car(house, other, THIRD)
    hand_in(one, house.lin)
    late = filled(house)
    save(late, "vehicle", {"vehicle_number": third.number}, house)
    for taken in (car, house.car):
        with pytest.raises(errors.VehicleTaken):
            add(late, taken, house)
    file_papers(other, house.lin)
    with pytest.raises(errors.VehicleTaken):
        hand_in(other, house.lin)
    assert Application.objects.get(pk=other.pk).status == "draft"


def test_nothing_is_added_or_taken_out_after_it_was_handed_in(house: House) -> None:
    made = complete(house)
    car, late = second_car(house, made), vehicle(THIRD, house.wang, house.lin)
    hand_in(made, house.lin)
    with pytest.raises(WrongState):
        add(made, late, house)
    with pytest.raises(WrongState):
        take_out(made, car, house)
    work()
    made.refresh_from_db()
    vote(made, house.chen, "return", "请换一辆车")
    assert take_out(made, car, house).further_vehicles.count() == 0, "what was sent back is written in again"


def test_a_car_that_the_product_does_not_lend_on_is_named(house: House) -> None:
    made = complete(house)
    car = second_car(house, made, replace(SECOND, mileage_km=2_000_000))
    with pytest.raises(errors.FurtherUnfit) as refused:
        hand_in(made, house.lin)
    assert car.number in str(refused.value) and "150,000" in str(refused.value)


def test_a_copy_takes_the_cars_along(house: House) -> None:
    made = complete(house)
    car = second_car(house, made)
    copied = copy_application(application_number=made.number, business_date=TODAY, by=house.lin)
    assert [one.number for one in cars.of(copied)] == [car.number]


# ---- what they count for --------------------------------------------------------------------------------------


def test_two_cars_too_small_alone_are_enough_together_and_the_ratio_follows_what_is_taken_out(house: House) -> None:
    made = complete(house, amount="120,000")
    with pytest.raises(BusinessError):
        hand_in(made, house.lin)
    car = second_car(house, made)
    made.refresh_from_db()
    both = figures.assess(made, TODAY)
    assert both is not None and (both.ltv, both.law_base, both.price_base) == (Decimal("0.6"), Money(200_000_00), WORTH)
    take_out(made, car, house)
    made.refresh_from_db()
    alone = figures.assess(made, TODAY)
    assert alone is not None and alone.ltv == Decimal("1.2") and alone.misfits
    add(made, car, house)
    assert hand_in(made, house.lin).ltv == Decimal("0.6")
    kept = Application.objects.get(pk=made.pk).snapshot
    assert kept["further_vehicles"] == [car.number] and kept["price_base_fen"] == 200_000_00
    assert kept["car_bases_fen"] == {house.car.number: 100_000_00, car.number: 100_000_00}


def test_what_is_bought_with_the_loan_is_measured_by_its_own_price_whatever_else_is_mortgaged(house: House) -> None:
    """The law's maximum is of the car that is bought (汽车贷款管理办法): another car lowers the risk and does not raise it."""
    made = start(house, product="P02")
    save(made, "party", {"purpose": "purchase"}, house)
    save(made, "vehicle", {"vehicle_number": house.car.number, "price": "100,000"}, house)
    save(made, "finance", {**FIGURES, "amount": "90,000"}, house)
    second_car(house, made)
    made.refresh_from_db()
    found = figures.assess(made, TODAY)
    assert found is not None and (found.law_base, found.ltv) == (Money(100_000_00), Decimal("0.45"))
    assert [problem.field for problem in found.misfits] == ["amount"]


def test_a_value_that_nobody_stands_by_counts_for_nothing(house: House) -> None:
    made = filled(house)
    car = second_car(house, made, amount=None)
    value(car, house, valued_on=TODAY - timedelta(days=91))
    made.refresh_from_db()
    assert [one.base for one in cars.counted(made, TODAY)] == [None]
    value(car, house)
    Valuing.objects.create(
        number="VV26-000009-1", vehicle=car, status="rechecking", valued_on=TODAY, asked_by_name="沈", asked_at=clock.now())
    assert [one.base for one in cars.counted(made, TODAY)] == [None]
    assert (figures.assess(made, TODAY) or pytest.fail()).ltv == Decimal("0.6"), "of the first car alone"


# ---- doors ----------------------------------------------------------------------------------------------------


def test_by_page_and_by_api(house: House, browser: Any) -> None:
    made = complete(house)
    car, third = vehicle(SECOND, house.wang, house.lin), vehicle(THIRD, house.wang, house.lin)
    for one in (car, third):
        value(one, house)
    base, client = f"/origination/{made.number}", browser.acts_as(house.lin)
    page = client.get(f"{base}/steps/vehicle/").content.decode()
    assert "添加其他抵押车辆" in page and car.number in page
    assert client.post(f"{base}/vehicles/", {"vehicle_number": car.number})["Location"] == f"{base}/steps/vehicle/"
    again = client.post(f"{base}/vehicles/", {"vehicle_number": car.number})
    assert again.status_code == 422
    page = client.get(f"{base}/steps/vehicle/").content.decode()
    assert "50.00%" in page and f"{base}/vehicles/{car.number}/remove/" in page
    papers = client.get(f"{base}/steps/documents/").content.decode()
    assert f"subject={car.subject}&amp;required=registration_certificate,vehicle_licence" in papers or f"subject={car.subject}" in papers
    assert client.post(f"{base}/vehicles/{car.number}/remove/").status_code == 302
    assert client.post(f"{base}/vehicles/{car.number}/remove/").status_code == 404
    added = client.api(f"origination/{made.number}/vehicles", {"vehicle_number": third.number})
    assert added.status_code == 201 and added.json()["further_vehicle_numbers"] == [third.number]
    refused = client.api(f"origination/{made.number}/vehicles", {"vehicle_number": third.number})
    assert (refused.status_code, refused.json()["code"]) == (409, "vehicle_twice")
    unknown = client.api(f"origination/{made.number}/vehicles", {"vehicle_number": "V26-1"})
    assert (unknown.status_code, unknown.json()["code"]) == (422, "vehicle_unknown")
    gone = client.delete(f"/api/v1/origination/{made.number}/vehicles/{third.number}", headers={"Idempotency-Key": "k-1"})
    assert gone.status_code == 200 and gone.json()["further_vehicle_numbers"] == []


def test_reviewer_and_decision_see_every_car(house: House, browser: Any) -> None:
    made = complete(house)
    car = second_car(house, made)
    found = decided(made, house)
    review = browser.acts_as(house.chen).get(f"/origination/{made.number}/review/").content.decode()
    assert "主抵押车辆" in review and car.number in review and f"车辆资料 {car.number}" in review and "50.00%" in review
    page = browser.acts_as(house.qin).get(f"/risk/decisions/{found.number}/").content.decode()
    assert "其他车辆" in page and car.number in page and "90,000.00" in page
    english = browser.get(f"/risk/decisions/{found.number}/", headers={"Accept-Language": "en"}).content.decode()
    assert "Further cars" in english
    basis = browser.api(f"risk/decisions/{found.number}/basis").json()
    assert basis["cars"][0]["vehicle_number"] == car.number and car.number in [stage["car"] for stage in basis["stages"]]
    panel = browser.get(f"/risk/panel/guarantees/?subject={made.subject}")
    assert panel.status_code in (200, 404)


def test_somebody_elses_branch_does_not_reach_it(house: House) -> None:
    made = start_application(customer_number=house.wang.number, product_code="P03", business_date=TODAY, by=house.lin)
    with pytest.raises(BusinessError):
        remove_further_vehicle(application_number=made.number, vehicle_number="V26-1", by=house.mei)


def test_the_owner_of_a_further_car_gives_the_same_consents(house: House) -> None:
    made, ouyang = filled(house), person(OUYANG, house.lin)
    add_party(application_number=made.number, customer_number=ouyang.number, role="co_borrower", by=house.lin)
    car = vehicle(SECOND, ouyang, house.lin)
    add(made, car, house)
    grant_consents(ouyang, house.lin, is_borrower=False)
    assert not [one for one in gap_codes(made) if one[0] == "consent_missing" and one[2] == ouyang.masked_name]
