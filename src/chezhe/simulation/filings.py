"""A lead that means it is filed: the customer with an account, and the car with its worth."""

from __future__ import annotations

from chezhe.compliance.actions.grant_consent import grant_consent
from chezhe.compliance.permissions import GRANT_CONSENT
from chezhe.customers import permissions as customer_permissions
from chezhe.customers.actions.add_bank_account import add_bank_account
from chezhe.customers.actions.record_trade import record_trade
from chezhe.kernel.actor import Actor
from chezhe.leads.actions.convert_lead import convert_lead
from chezhe.simulation import appraising
from chezhe.simulation.scene import Scene, clerk_for
from chezhe.simulation.tracks import Track
from chezhe.vehicles.actions.record_paper import record_paper
from chezhe.vehicles.actions.register_vehicle import register_vehicle

BANKS = ("示例银行", "样例农商行", "演示城市银行", "模拟股份银行")


def file(track: Track, scene: Scene) -> None:
    """Customer, account and car are filed from their papers; a car that is not new is seen and valued."""
    life, seller = track.life, scene.cast.called(track.seller)
    lead = convert_lead(lead_number=track.lead, facts=life.person or life.company, business_date=scene.today, by=seller)
    track.customer = lead.customer.number
    scene.note("customers")
    add_account(track, life.card, scene)
    if life.trade is not None:
        record_trade(
            customer_number=track.customer, version=lead.customer.version, facts=life.trade, business_date=scene.today, by=seller)
        scene.note("trades")
    car = register_vehicle(owner_number=track.customer, facts=life.car, business_date=scene.today, by=seller)
    track.vehicle = car.number
    if life.car.condition == "used":
        appraising.appraise(track, scene)
    if scene.happens(0.1):
        _take_down_licence(track, seller)
    if scene.happens(0.15):
        grant_consent(
            subject=f"customer:{track.customer}", kind="marketing", channel="paper", evidence=f"SQ-{track.customer}",
            business_date=scene.today, by=clerk_for(GRANT_CONSENT, track, scene),
        )
        track.memory["marketing"] = True
    track.goes_on("writing", scene, 0, 2)


def add_account(track: Track, number: str, scene: Scene) -> int:
    """Register an account of the borrower's; its id."""
    added = add_bank_account(
        customer_number=track.customer, kind="corporate" if track.life.company else "card", account=number,
        bank_name=scene.rng.choice(BANKS), by=clerk_for(customer_permissions.ADD_ACCOUNT, track, scene),
    )
    return int(added.pk)


def _take_down_licence(track: Track, seller: Actor) -> None:
    car = track.life.car
    content = {"vin": car.vin, "engine_no": car.engine_no, **({"plate": car.plate} if car.plate else {})}
    record_paper(vehicle_number=track.vehicle, kind="licence", content=content, by=seller)


STAGES = {"filing": file}
