"""A used car is seen in the yard before money is lent on it: report, photos, every source's value, and a second look where they differ."""

from __future__ import annotations

from dataclasses import replace

from chezhe import invented
from chezhe.compliance.actions.grant_consent import grant_consent
from chezhe.compliance.permissions import GRANT_CONSENT
from chezhe.finmath.money import Money
from chezhe.invented import car_values
from chezhe.risk import permissions as risk_permissions
from chezhe.risk.actions.add_report_photo import add_report_photo
from chezhe.risk.actions.begin_report import begin_report
from chezhe.risk.actions.confirm_value import confirm_value
from chezhe.risk.actions.submit_report import submit_report
from chezhe.risk.actions.value_vehicle import value_vehicle
from chezhe.risk.valuing import choices
from chezhe.risk.valuing.models import Valuing
from chezhe.risk.valuing.reporting import Seen
from chezhe.risk.valuing.witnesses import SEEN
from chezhe.simulation import lives, paper
from chezhe.simulation.scene import Scene, clerk_for
from chezhe.simulation.tracks import Track
from chezhe.vehicles import permissions as vehicle_permissions
from chezhe.vehicles.actions.record_valuation import record_valuation

# What the car is taken for, of what it is worth.
MOST_PERCENT = 65
# The least that a product lends, where that is much.
LEAST = {"P05": Money(10_000_000)}
MATCHING = ("car_vin_match", "car_plate_match")


def appraise(track: Track, scene: Scene) -> None:
    """The car is seen in the yard and photographed; then every source is asked what it is worth, as the owner agreed."""
    appraiser = scene.who(risk_permissions.APPRAISE, track.branch_code)
    report = begin_report(vehicle_number=track.vehicle, business_date=scene.today, by=appraiser).number
    for category in choices.PHOTOS:
        add_report_photo(report_number=report, category_code=category, upload=paper.photo(category, track.life.car.vin), by=appraiser)
    submit_report(report_number=report, seen=_seen(track, scene), business_date=scene.today, by=appraiser)
    kind = "personal_info" if track.life.person else "credit_query"
    grant_consent(
        subject=f"customer:{track.customer}", kind=kind, channel="paper", evidence=f"SQ-{track.customer}-V", business_date=scene.today,
        by=clerk_for(GRANT_CONSENT, track, scene),
    )
    value_vehicle(vehicle_number=track.vehicle, business_date=scene.today, by=appraiser)
    scene.note("appraisals")


def _seen(track: Track, scene: Scene) -> Seen:
    """What an honest appraiser writes down of this car."""
    car, life = track.life.car, invented.car(track.life.car.vin)
    grade = car_values.condition_on(life, scene.today)
    bad = {"car_major_accident": life.has_had("major", scene.today), "car_flood": life.has_had("flood", scene.today),
           "car_fire": life.has_had("fire", scene.today)}
    return Seen(
        valued_on=scene.today, amount=Money(_price(track).fen * scene.rng.randrange(94, 106) // 100), mileage_km=car.mileage_km,
        grades=dict.fromkeys(choices.PARTS, grade), findings={point: bad.get(point, point in MATCHING) for point in SEEN},
    )


def confirm_worth(track: Track, scene: Scene) -> None:
    """Where the sources differ too far, somebody who had no hand in it stands by the value; where there is none, an appraiser's word
    counts. Nobody then asks for more than the car carries, and whose car is worth too little asks for nothing."""
    valuing = Valuing.objects.select_related("vehicle").get(vehicle__number=track.vehicle)
    if valuing.status == "rechecking":
        stand_by(valuing, track, scene)
    elif valuing.status != "agreed":
        value(track, scene)
    worth = min(_price(track), valuing.value or _price(track))
    most, least = Money(worth.fen * MOST_PERCENT // 100 // 100_000 * 100_000), LEAST.get(track.life.product_code, lives.LEAST)
    if most < least:
        scene.note("turned_away")
        track.ends()
    track.life = replace(track.life, wanted=max(least, min(track.life.wanted, most)))


def stand_by(valuing: Valuing, track: Track, scene: Scene) -> None:
    """Somebody who had no hand in it takes a second look, and stands by the value."""
    hands = {valuing.asked_by_id, *valuing.vehicle.reports.values_list("appraiser_id", flat=True)}
    confirm_value(
        valuing_number=valuing.number, reason="已复看车辆，差异在合理范围",
        by=scene.who(risk_permissions.CONFIRM_VALUE, track.branch_code, apart_from=hands))


def value(track: Track, scene: Scene) -> None:
    """An appraiser's word, at the price on the invoice."""
    record_valuation(
        vehicle_number=track.vehicle, kind="in_house", valued_on=scene.today, mileage_km=track.life.car.mileage_km,
        amount=_price(track), business_date=scene.today, by=scene.who(vehicle_permissions.VALUE, track.branch_code))


def _price(track: Track) -> Money:
    price = track.life.car.invoice_price
    assert price is not None
    return price
