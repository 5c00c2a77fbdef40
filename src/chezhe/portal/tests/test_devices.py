"""The mark of a customer's browser, and what it is for: who applies on the phone is approved at once, and whoever shares a phone is seen."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from chezhe.customers.models import Customer
from chezhe.customers.tests.filing import OUYANG, person
from chezhe.documents.tests.corpus import image
from chezhe.finmath.money import Money
from chezhe.invented import fates
from chezhe.invented import person as invented_person
from chezhe.kernel import clock, jobs, simulators
from chezhe.origination import queries as applications
from chezhe.origination.models import Application
from chezhe.origination.tests import living
from chezhe.origination.tests.asking import TODAY, House, work
from chezhe.portal import devices
from chezhe.portal.places import PORTALS
from chezhe.portal.tests.outside import account_of, token_for
from chezhe.portal.tests.pages import at, phone
from chezhe.risk import tasks
from chezhe.risk.deciding import queries as decisions
from chezhe.risk.deciding import replaying
from chezhe.risk.deciding.models import Decision
from chezhe.risk.facts import queries as facts
from chezhe.risk.relations.models import Trace
from chezhe.vehicles import steps as vehicle_steps
from chezhe.vehicles.models import Vehicle
from chezhe.vehicles.tests.filing import USED, vehicle

pytestmark = pytest.mark.django_db
KINDS = ("credit_query", "personal_info", "sensitive_info")
ASKED = {"product_code": "P03", "purpose": "consumption", "amount": "40,000", "periods": "24", "monthly_income": "12,500", "monthly_debt": "0"}


def applies(client: Client, car: Vehicle, **changes: str) -> Application:
    """Applied, every paper brought, handed in."""
    client.get(at("apply"))
    form = {**ASKED, **{f"consent_{kind}": "on" for kind in KINDS}, "vehicle": car.number, **changes}
    assert client.post(at("apply"), form).status_code == 302
    made = Application.objects.get(vehicle=car)
    for place, category in enumerate(applications.documents_missing(made)):
        paper = SimpleUploadedFile(f"{category.code}.jpg", image(size=(70 + place, 50)), content_type="image/jpeg")
        assert client.post(at("upload", made.subject), {"category": category.code, "file": paper}).status_code == 302
    assert client.post(at("submit", made.subject)).status_code == 302
    work()
    made.refresh_from_db()
    return made


def decided(application: Application) -> Decision:
    found = decisions.latest(application.subject)
    assert found is not None and replaying.replay(found).is_same
    return found


def signs_in_too(client: Client, customer: Customer) -> None:
    """Somebody else signs in with the same browser."""
    client.cookies[PORTALS["borrower"].cookie] = token_for(account_of(customer))


def test_whoever_applies_on_the_phone_may_be_approved_without_anybody(day_of_applying: None) -> None:
    """From the page to the answer with every source answering: the customer's own browser is the device, and nothing is unknown."""
    with jobs.in_line(), simulators.in_process():
        tasks.fetch_watch_lists()
        good = fates.id_number(fates.GOOD)
        town = living.make_town(invented_person(good).home_city)
        applicant = living.arrive(town, good, fates.car_vin(fates.GOOD, serial=2))
        income, debt = (str(Money(told)) for told in (applicant.life.declared_income_on(TODAY), applicant.life.declared_debt_on(TODAY)))
        client = phone(applicant.customer)
        made = applies(client, applicant.car, monthly_income=income, monthly_debt=debt)
    decision = decided(made)
    assert (decision.outcome, decision.route, decision.tier, decision.reasons, decision.unknown) == ("approved", "auto_approve", "A", [], [])
    assert (made.status, made.filed_through, made.device) == ("approved", "online", client.cookies["device"].value)
    assert facts.known([applicant.customer.subject], clock.now())["same_device_people"].value == 0


def test_two_people_on_one_phone_are_seen(house: House) -> None:
    other = person(OUYANG, house.lin)
    car = vehicle(replace(USED, vin="LFV3A23C9L3000005", plate="沪B54321"), other, house.lin)
    vehicle_steps.value(car, source="in_house", amount=Money(100_000_00), valued_on=TODAY, business_date=TODAY, by=house.cast.gao)
    client = phone(house.wang)
    first = applies(client, house.car)
    client.post("/m/sign-out/")
    signs_in_too(client, other)
    clock.tick(60)
    second = applies(client, car)
    assert first.device == second.device and first.customer != second.customer
    told = {one.subject: facts.known([one.subject], clock.now())["same_device_people"].value for one in (house.wang, other)}
    assert told == {house.wang.subject: 0, other.subject: 1}, "each as it was when it was asked"
    assert {one.party for one in Trace.objects.filter(kind="device")} == {house.wang.subject, other.subject}
    assert "same_device_people" not in decided(second).unknown


def test_who_sends_no_mark_is_looked_at_and_a_mark_counts_only_when_it_comes_back(house: House) -> None:
    client = phone(house.wang)
    form = {**ASKED, **{f"consent_{kind}": "on" for kind in KINDS}, "vehicle": house.car.number}
    client.cookies["device"] = "dv-of-my-own-making"
    assert client.post(at("apply"), form).status_code == 302
    made = Application.objects.get()
    assert made.device == "" and made.filed_through == "online"
    assert re.fullmatch("dv[0-9a-f]{32}", client.cookies["device"].value)


@pytest.mark.parametrize("is_production", [False, True])
def test_the_mark_is_long_lived_out_of_reach_of_scripts_and_the_customers_own(house: House, settings: Any, is_production: bool) -> None:
    settings.IS_PRODUCTION = is_production
    client = Client()
    answer = client.get("/m/sign-in/", secure=is_production)
    kept = answer.cookies[devices.cookie()]
    assert devices.cookie() == ("__Host-device" if is_production else "device")
    assert (kept["httponly"], kept["samesite"], kept["path"], kept["domain"]) == (True, "Lax", "/", "")
    assert bool(kept["secure"]) is is_production and kept["max-age"] == 400 * 24 * 3600
    assert devices.cookie() not in client.get("/m/sign-in/", secure=is_production).cookies, "one that is there is left alone"
    assert devices.cookie() not in Client().get("/d/sign-in/", secure=is_production).cookies, "a dealer's browser is nobody's device"


def test_the_mark_outlives_signing_out_and_no_two_browsers_have_one(house: House) -> None:
    client = phone(house.wang)
    client.get("/m/")
    mark = client.cookies["device"].value
    client.post("/m/sign-out/")
    assert client.cookies["device"].value == mark
    stranger = Client()
    stranger.get("/m/sign-in/")
    assert stranger.cookies["device"].value != mark
