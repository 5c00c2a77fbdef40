"""A lender's yard for the tests of values: people, a car whose owner agreed, an appraiser with a camera."""

from __future__ import annotations

import io
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image, ImageDraw

from chezhe.compliance import steps as compliance_steps
from chezhe.customers.tests.filing import WANG, person
from chezhe.documents.tests.people import Cast, hire, make_cast
from chezhe.finmath.money import Money
from chezhe.invented import fates
from chezhe.invented.car_values import value_on
from chezhe.invented.cars import car as life_of
from chezhe.kernel import jobs, roles
from chezhe.kernel.actor import Actor, Reach
from chezhe.risk.actions.add_report_photo import add_report_photo
from chezhe.risk.actions.begin_report import begin_report
from chezhe.risk.actions.submit_report import submit_report
from chezhe.risk.actions.value_vehicle import value_vehicle
from chezhe.risk.registry.models import ScoringModel
from chezhe.risk.valuing import choices, reporting
from chezhe.risk.valuing.models import AppraiserReport, Valuing
from chezhe.risk.valuing.witnesses import SEEN
from chezhe.vehicles.models import Vehicle
from chezhe.vehicles.tests.filing import USED, vehicle

TODAY = date(2026, 3, 16)
SOUND = {point: point in ("car_vin_match", "car_plate_match") for point in SEEN}


@dataclass(frozen=True)
class Yard:
    """Ping and Luo appraise, Shen is a risk officer, Qin manages risk: all in the east; Mei sells in the west."""

    cast: Cast
    ping: Actor
    luo: Actor
    shen: Actor
    qin: Actor


def make_yard() -> Yard:
    cast = make_cast()
    return Yard(
        cast, ping=hire("平", cast.east, roles.APPRAISER, reach=Reach.BRANCH), luo=hire("罗", cast.east, roles.APPRAISER, reach=Reach.BRANCH),
        shen=hire("沈", cast.east, roles.RISK_OFFICER, reach=Reach.BRANCH), qin=hire("秦", cast.east, roles.RISK_MANAGER, reach=Reach.ALL),
    )


def car_of(yard: Yard, code: str = fates.GOOD, *, source: str = "", serial: int = 2, agreed: bool = True, **changes: Any) -> Vehicle:
    """A car of that fate; the file tells of it what its life does."""
    vin = fates.car_vin(code, source=source, serial=serial)
    life = life_of(vin)
    facts = replace(
        USED, vin=vin, plate=f"沪A1234{serial}", brand=life.model.brand, series=life.model.series, model=life.model.name,
        energy_type=life.model.energy, first_registered_on=life.registered_on, mileage_km=life.odometer_on(TODAY), invoice_price=None,
        guide_price=Money(life.model.price_fen), usage_nature=life.usage,
    )
    owner = Vehicle.objects.first().owner if Vehicle.objects.exists() else person(WANG, yard.cast.lin)
    if agreed and not Vehicle.objects.exists():
        compliance_steps.grant(subject=owner.subject, kind="personal_info", on=TODAY, channel="paper", evidence="SQ-1", by=yard.cast.lin)
    return vehicle(replace(facts, **changes), owner, yard.cast.lin)


def without_a_price_model() -> None:
    """Nothing values cars but what the test brings."""
    ScoringModel.objects.filter(purpose="valuation").update(status="retired")


def worth(car: Vehicle) -> Money:
    """The truth that nobody outside these tests knows."""
    return Money(value_on(life_of(car.vin), TODAY))


def picture(seed: int) -> bytes:
    """A photo unlike any other."""
    out, shot = io.BytesIO(), Image.new("RGB", (160, 120), (240, 240, 240))
    pen = ImageDraw.Draw(shot)
    for at in range(24):
        drawn = (seed * 7919 + at * 104729) % 1_000_003
        left, top = drawn % 140, drawn // 140 % 100
        pen.rectangle((left, top, left + 10 + drawn % 30, top + 10 + drawn % 20), fill=(drawn % 256, drawn // 7 % 256, drawn // 13 % 256))
    shot.save(out, "PNG")
    return out.getvalue()


def upload(data: bytes, name: str = "shot.png") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, data)


def seen(amount: Money, mileage_km: int, **changes: Any) -> reporting.Seen:
    whole = {
        "valued_on": TODAY, "amount": amount, "mileage_km": mileage_km, "grades": dict.fromkeys(choices.PARTS, "B"), "findings": SOUND,
    }
    return reporting.Seen(**{**whole, **changes})


def reported(car: Vehicle, by: Actor, amount: Money, *, seed: int = 1, mileage_km: int | None = None, **changes: Any) -> AppraiserReport:
    """A whole report, submitted."""
    report = begin_report(vehicle_number=car.number, business_date=TODAY, by=by)
    for place, category in enumerate(choices.PHOTOS):
        add_report_photo(report_number=report.number, category_code=category, upload=upload(picture(seed * 100 + place)), by=by)
    known = mileage_km if mileage_km is not None else car.mileage_km or 0
    return submit_report(report_number=report.number, seen=seen(amount, known, **changes), business_date=TODAY, by=by)


def valued(car: Vehicle, by: Actor, on: date = TODAY) -> Valuing:
    """Asked, answered by the simulators, and blended by the worker."""
    valuing = value_vehicle(vehicle_number=car.number, business_date=on, by=by)
    jobs.run_due()
    valuing.refresh_from_db()
    return valuing
