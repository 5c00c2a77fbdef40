"""A subject that wants a loan, for the tests of guarantees: risk knows it only as text."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import pytest

from chezhe.customers.models import Customer
from chezhe.customers.tests.filing import FLEET, OUYANG, SHAN, WANG, company, person
from chezhe.documents.tests.people import Cast, hire, make_cast
from chezhe.finmath.money import Money
from chezhe.kernel import clock, roles, subjects
from chezhe.kernel.actor import Actor, Reach
from chezhe.kernel.errors import NotFound
from chezhe.kernel.subjects import Subject
from chezhe.risk import proposals
from chezhe.risk.guarantees.models import Security
from chezhe.risk.guarantees.steps import Offered
from chezhe.risk.proposals import Proposal
from chezhe.risk.valuing.models import Valuing
from chezhe.vehicles.models import Vehicle
from chezhe.vehicles.tests.filing import USED, vehicle

TODAY, MATURES_ON = date(2026, 3, 16), date(2029, 3, 16)
CASE, OTHER = "application:A26-000001-1", "application:A26-000002-2"


@dataclass
class Desk:
    """Lin sells, Shen is a risk officer, Chen reviews, Ke looks after papers, Zhao leads collection; all in the east. Mei in the west."""

    cast: Cast
    lin: Actor
    shen: Actor
    chen: Actor
    ke: Actor
    zhao: Actor
    mei: Actor
    wang: Customer
    friend: Customer
    fleet: Customer
    car: Vehicle
    proposal: Proposal
    beside: tuple[str, ...] = ()

    def wish(self, **changes: Any) -> None:
        """The loan is wanted otherwise now."""
        self.proposal = replace(self.proposal, **changes)


def make_desk() -> Desk:
    """100,000.00 with 19,571.51 of interest (AC-01) on a car that is worth 90,000.00 and lends 80,000.00."""
    cast = make_cast()
    wang = person(WANG, cast.lin)
    car = vehicle(USED, wang, cast.lin)
    desk = Desk(
        cast, lin=cast.lin, shen=hire("沈", cast.east, roles.RISK_OFFICER, reach=Reach.BRANCH), chen=cast.chen,
        ke=hire("柯", cast.east, roles.COLLATERAL_OPS, reach=Reach.BRANCH),
        zhao=hire("赵", cast.east, roles.COLLECTION_SUPERVISOR, reach=Reach.BRANCH), mei=cast.mei, wang=wang,
        friend=person(OUYANG, cast.lin), fleet=company(FLEET, cast.lin), car=car,
        proposal=Proposal(
            subject=CASE, customer_number=wang.number, vehicle_number=car.number, amount=Money(100_000_00), principal=Money(100_000_00),
            interest=Money(19_571_51), balances=tuple(Money(100_000_00 * (36 - month) // 36) for month in range(37)),
            matures_on=MATURES_ON, price_base=Money(90_000_00)),
    )
    value(desk)
    return desk


def stand_in(desk: Desk, patch: pytest.MonkeyPatch) -> None:
    """The desk reads applications in the place of the room that owns them."""
    patch.setitem(proposals._debtors, "application", lambda number: frozenset({desk.proposal.customer_number, *desk.beside}))
    patch.setitem(subjects._openers, "application", lambda actor, number: _open(desk, actor, number))
    patch.setitem(proposals._readers, "application", lambda number, on: desk.proposal if desk.proposal.principal else None)


def _open(desk: Desk, actor: Actor, number: str) -> Subject:
    if not actor.sees_whole_house and desk.cast.east.pk not in actor.branch_ids:
        raise NotFound(what=number)
    return Subject(f"application:{number}", number, "/vehicles/", desk.cast.east.pk, desk.lin.user_id)


def value(desk: Desk, **changes: Any) -> Valuing:
    """A valuation that counts."""
    whole = {
        "number": f"VV26-{Valuing.objects.count():06d}-0", "vehicle": desk.car, "status": "agreed", "valued_on": TODAY, "age_months": 45,
        "mileage_km": 56_000, "value": Money(90_000_00), "low": Money(86_000_00), "high": Money(94_000_00), "basis": Money(90_000_00),
        "lending_value": Money(81_000_00), "bound_by": "blend", "path": [90_000_00 - 1_200_00 * month for month in range(61)],
        "asked_by_name": "沈", "asked_at": clock.now(),
    }
    return Valuing.objects.create(**{**whole, **changes})


def guarantor(amount: int = 60_000_00, **changes: Any) -> Offered:
    whole = {"kind": "guarantor", "amount": Money(amount), "liability": "joint", "income_monthly": Money(8_000_00)}
    return Offered(**{**whole, **changes})


def deposit(amount: int = 10_000_00, proof_number: str = "") -> Offered:
    """By its own paper, unless that is named."""
    paper = proof_number or f"BZJ-{Security.objects.count()}"
    return Offered(kind="deposit", amount=Money(amount), holder="本公司保证金专户", proof_number=paper)


def other_person(by: Actor) -> Customer:
    return person(SHAN, by)
