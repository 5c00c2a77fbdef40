"""A second car stands for a loan for a while, and goes when the first one covers what is left."""

from __future__ import annotations

from random import Random

from chezhe.contracts import permissions as contract_permissions
from chezhe.contracts.actions.add_vehicle import add_vehicle
from chezhe.contracts.actions.register_mortgage import Registration, register_mortgage
from chezhe.finmath.money import Money
from chezhe.servicing import permissions
from chezhe.servicing.actions.request_vehicle_release import request_vehicle_release
from chezhe.servicing.models import Loan
from chezhe.simulation import lives, paper, securities
from chezhe.simulation.agreeing import agree
from chezhe.simulation.scene import Scene
from chezhe.simulation.tracks import Track
from chezhe.vehicles import permissions as vehicle_permissions
from chezhe.vehicles.actions.record_valuation import record_valuation
from chezhe.vehicles.actions.register_vehicle import register_vehicle


def second_car(_loan: Loan, track: Track, scene: Scene, rng: Random) -> None:
    """The borrower brings another car; its mortgage is registered like the first."""
    facts = lives.another_car(rng, track.branch_code, scene.today)
    car = register_vehicle(
        owner_number=track.customer, facts=facts, business_date=scene.today, by=scene.cast.called(track.seller))
    clerk = scene.who(contract_permissions.MORTGAGE, track.branch_code)
    add_vehicle(
        contract_number=track.contract, vehicle_number=car.number, evidence=paper.scan("mortgage_contract", track.serial), by=clerk)
    registration = Registration(
        office=securities.OFFICES[track.branch_code], receipt_number=f"DY{track.contract.replace('-', '')}B", registered_on=scene.today)
    register_mortgage(
        contract_number=track.contract, registration=registration, evidence=paper.scan("mortgage", track.serial + 4),
        business_date=scene.today, vehicle_number=car.number, by=clerk)
    track.memory["second_car"] = car.number


def vehicle_release(loan: Loan, track: Track, scene: Scene, _rng: Random) -> None:
    """The first car is valued anew and is enough; risk management lets the second go."""
    assert track.life.car.invoice_price is not None
    record_valuation(
        vehicle_number=track.vehicle, kind="in_house", valued_on=scene.today, mileage_km=track.life.car.mileage_km,
        amount=Money(track.life.car.invoice_price.fen * 95 // 100), business_date=scene.today,
        by=scene.who(vehicle_permissions.VALUE, track.branch_code))
    by = scene.who(permissions.REQUEST_VEHICLE_RELEASE, track.branch_code)
    change = request_vehicle_release(
        loan_number=loan.number, vehicle_number=track.memory["second_car"], reason="客户出售第二辆车", by=by)
    agree(change, track, scene)


def released(_loan: Loan, track: Track, scene: Scene, _rng: Random) -> None:
    """The vehicle office has taken the mortgage off the second car."""
    securities.record_release_of(track, scene, track.memory["second_car"])
    del track.memory["second_car"]
