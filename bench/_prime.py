"""People whom a lender wants most, each with a car that was seen and valued: on file, and ready to apply.

Their lives are the model ones of the invented world (`invented.fates.GOOD`), so that every outside source tells of them what it would of
somebody real. Nothing here is measured.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random
from typing import Any

SEED, ACCOUNT_BANK, CITY = 7, "澄江银行", "杭州"
BORN_FROM, EVERY_DAYS = date(1976, 1, 9), 1
CARS_A_YEAR, MODEL_YEARS, MAKERS = 100, (2022, 2023, 2021, 2024), ("LSV", "LFV", "LSG", "LHG")
WORTH_LEAST = 8_000_000
SMS_WHIMS = ("901", "902", "903", "904", "905", "906")


@dataclass(frozen=True, slots=True)
class Applicant:
    """Somebody on file. `device` is the mark of the customer's own phone, `income` and `debts` what is told, in fen a month."""

    number: str
    car: str
    mobile: str
    device: str
    income: int
    debts: int


@dataclass(frozen=True, slots=True)
class Crew:
    """Who files them: one who sells, one who appraises, and one who looks again where values differ too far."""

    sales: Any
    appraiser: Any
    confirmer: Any


def crew() -> Crew:
    """Three of the invented team."""
    from chezhe.kernel import clock
    from chezhe.staff import steps
    from chezhe.staff.models import User

    def called(username: str) -> Any:
        return steps.actor_for(User.objects.get(username=username), clock.now(), stepped_up_at=clock.now())

    return Crew(called("hz.sales"), called("risk.officer"), called("risk.manager"))


def file(count: int, by: Crew, on: date) -> list[Applicant]:
    """So many people, always the same; jobs and simulators run in this process."""
    from chezhe.invented import fates, person
    from chezhe.kernel import jobs, simulators
    from chezhe.risk import tasks

    rng, found, plates, vins = Random(SEED), [], set(), _vins(on)
    with jobs.in_line(), simulators.in_process() as world:
        _without_faults(world)
        tasks.fetch_watch_lists()
        for place in itertools.count():
            life = person(fates.id_number(fates.GOOD, born_on=BORN_FROM + timedelta(days=EVERY_DAYS * place), is_male=place % 2 == 0))
            if life.mobile.endswith(SMS_WHIMS) or not _is_wanted(life, on):
                continue
            vin = next(vins)
            plate = _plate(vin, rng, plates)
            found.append(_one(life, vin, plate, rng, by, on))
            if len(found) == count:
                break
        jobs.run_due()
    return found


def _vins(on: date) -> Iterator[str]:
    """Sound cars that carry the loan."""
    from chezhe.invented import car, fates
    from chezhe.invented.car_values import value_on

    for maker, year, serial in itertools.product(MAKERS, MODEL_YEARS, range(CARS_A_YEAR)):
        vin = fates.car_vin(fates.GOOD, maker_code=maker, model_year=year, serial=serial)
        if value_on(car(vin), on) >= WORTH_LEAST:
            yield vin


def _is_wanted(life: Any, on: date) -> bool:
    """Lives where the lender is, earns well and owes little: whom a seller would send to the fast lane."""
    instalment = 190_000
    return life.home_city == CITY and (life.declared_debt_on(on) + instalment) * 4 < life.declared_income_on(on)


def _without_faults(world: Any) -> None:
    """What a source refuses now and then is measured elsewhere; here everybody answers."""
    for service in world.faults:
        world.set_faults(service, error_before_rate=0, error_after_rate=0, timeout_rate=0, drop_rate=0, wrong_signature_rate=0)


def _one(life: Any, vin: str, plate: str, rng: Random, by: Crew, on: date) -> Applicant:
    from chezhe.compliance import steps as compliance
    from chezhe.customers import steps as customers
    from chezhe.customers.values import PersonFacts
    from chezhe.finmath.money import Money
    from chezhe.origination import rules
    from chezhe.risk.actions.upload_statement import upload_statement
    from chezhe.simulation import lives, paper

    income, debts = life.declared_income_on(on), life.declared_debt_on(on)
    facts = PersonFacts(
        name=life.name, id_number=life.id_number, mobile=life.mobile, address=life.address, employer=life.job_on(on).employer,
        monthly_income=Money(income), marital_status=life.marital_on(on),
    )
    made = customers.create_person(facts, branch_id=by.sales.branch_id, owner_id=by.sales.user_id, on=on, by=by.sales)
    customers.add_account(made, kind="card", card_number=lives.good_card(rng), bank_name=ACCOUNT_BANK)
    for kind in rules.consents_needed(is_person=True, is_borrower=True):
        compliance.grant(subject=made.subject, kind=kind, on=on, channel="paper", evidence=f"SQ-{plate}", by=by.sales)
    upload_statement(customer_number=made.number, upload=paper.statement(life.id_number, on), by=by.sales)
    return Applicant(made.number, _car(vin, plate, made, by, on), life.mobile, life.device, income, debts)


def _car(vin: str, plate: str, owner: Any, by: Crew, on: date) -> str:
    """On file as its papers say, seen by an honest appraiser, valued by everybody who values cars."""
    from chezhe.finmath.money import Money
    from chezhe.invented import car as life_of
    from chezhe.invented.car_values import value_on
    from chezhe.kernel import jobs
    from chezhe.risk.actions.add_report_photo import add_report_photo
    from chezhe.risk.actions.begin_report import begin_report
    from chezhe.risk.actions.confirm_value import confirm_value
    from chezhe.risk.actions.submit_report import submit_report
    from chezhe.risk.actions.value_vehicle import value_vehicle
    from chezhe.risk.valuing import choices
    from chezhe.simulation import paper
    from chezhe.vehicles import steps as vehicles
    from chezhe.vehicles.values import VehicleFacts

    life = life_of(vin)
    facts = VehicleFacts(
        vin=vin, brand=life.model.brand, series=life.model.series, model=life.model.name, condition="used", energy_type=life.model.energy,
        plate=plate, engine_no=f"EA{vin[-8:]}", first_registered_on=life.registered_on,
        mileage_km=life.odometer_on(on), colour="白", invoice_price=None, guide_price=Money(life.model.price_fen),
        usage_nature=life.usage,
    )
    car = vehicles.register(facts, owner=owner, on=on, by=by.sales)
    report = begin_report(vehicle_number=car.number, business_date=on, by=by.appraiser).number
    for category in choices.PHOTOS:
        add_report_photo(report_number=report, category_code=category, upload=paper.photo(category, vin), by=by.appraiser)
    submit_report(report_number=report, seen=_seen(Money(value_on(life, on)), life.odometer_on(on), on), business_date=on, by=by.appraiser)
    valuing = value_vehicle(vehicle_number=car.number, business_date=on, by=by.appraiser)
    jobs.run_due()
    valuing.refresh_from_db()
    if valuing.status == "rechecking":
        confirm_value(valuing_number=valuing.number, reason="已复看车辆，差异在合理范围", by=by.confirmer)
    return car.number


def _seen(worth: Any, mileage_km: int, on: date) -> Any:
    from chezhe.risk.valuing import choices
    from chezhe.risk.valuing.reporting import Seen
    from chezhe.risk.valuing.witnesses import SEEN

    matching = ("car_vin_match", "car_plate_match")
    return Seen(
        valued_on=on, amount=worth, mileage_km=mileage_km, grades=dict.fromkeys(choices.PARTS, "B"),
        findings={point: point in matching for point in SEEN},
    )


def _plate(vin: str, rng: Random, taken: set[str]) -> str:
    """One that nobody has; a green one says how a car is driven, a blue one says nothing."""
    from chezhe.identifiers import synthetic
    from chezhe.invented import car as life_of

    energy = {"pure_electric": "pure_electric", "plug_in_hybrid": "not_pure_electric"}.get(life_of(vin).model.energy, "")
    while (plate := synthetic.invent_plate(rng, energy=energy)) in taken:
        pass
    taken.add(plate)
    return plate
