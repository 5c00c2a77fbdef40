"""From the first enquiry to a filed customer with a valued car, all through the actions a clerk would use."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from chezhe.customers import permissions as customer_permissions
from chezhe.customers.actions.add_bank_account import add_bank_account
from chezhe.finmath.money import Money
from chezhe.kernel import roles
from chezhe.kernel.actor import Actor
from chezhe.leads import permissions as lead_permissions
from chezhe.leads.actions.convert_lead import convert_lead
from chezhe.leads.actions.create_lead import create_lead
from chezhe.leads.actions.lose_lead import lose_lead
from chezhe.leads.actions.qualify_lead import qualify_lead
from chezhe.leads.actions.record_touch import record_touch
from chezhe.leads.steps import LeadFacts
from chezhe.simulation.cast import Cast
from chezhe.simulation.lives import Life
from chezhe.vehicles import permissions as vehicle_permissions
from chezhe.vehicles.actions.record_valuation import record_valuation
from chezhe.vehicles.actions.register_vehicle import register_vehicle


@dataclass(slots=True)
class Enquiry:
    """A lead on its way; the same person sells from beginning to end."""

    life: Life
    lead_number: str
    seller: Actor
    customer_number: str = ""
    vehicle_number: str = ""


def enquire(life: Life, cast: Cast, rng: Random, on: date) -> Enquiry:
    """Somebody asks; whoever answers keeps the lead."""
    seller = cast.who(lead_permissions.CONVERT, life.branch_code, rng, role=roles.SALES)
    facts = LeadFacts(
        name=life.name, mobile=life.mobile, source=life.source, is_company=life.company is not None,
        product_interest=life.product_code, amount_wanted=life.wanted,
    )
    place = "" if seller.branch_id == cast.branches[life.branch_code] else life.branch_code
    lead = create_lead(facts=facts, is_mine=True, branch_code=place, business_date=on, by=seller)
    return Enquiry(life, lead.number, seller)


def call_back(enquiry: Enquiry, outcome: str, on: date, *, days: int = 2) -> None:
    """A contact with a date for the next one."""
    record_touch(
        lead_number=enquiry.lead_number, kind="phone", outcome=outcome, touch_next_on=on + timedelta(days=days), business_date=on,
        by=enquiry.seller,
    )


def give_up(enquiry: Enquiry, reason_code: str) -> None:
    """The enquiry ends here."""
    lose_lead(lead_number=enquiry.lead_number, reason_code=reason_code, by=enquiry.seller)


def file_customer(enquiry: Enquiry, cast: Cast, rng: Random, on: date) -> None:
    """Qualified: customer, account and car are filed from their papers, and the car is valued."""
    life, seller = enquiry.life, enquiry.seller
    qualify_lead(lead_number=enquiry.lead_number, by=seller)
    lead = convert_lead(lead_number=enquiry.lead_number, facts=life.person or life.company, business_date=on, by=seller)
    enquiry.customer_number = lead.customer.number
    may_add = seller.can(customer_permissions.ADD_ACCOUNT.code)
    clerk = seller if may_add else cast.who(customer_permissions.ADD_ACCOUNT, life.branch_code, rng)
    add_bank_account(
        customer_number=enquiry.customer_number, kind="corporate" if life.company else "card", account=life.card,
        bank_name="示例银行", by=clerk,
    )
    car = register_vehicle(owner_number=enquiry.customer_number, facts=life.car, business_date=on, by=seller)
    enquiry.vehicle_number = car.number
    _value(enquiry, cast, rng, on)


def _value(enquiry: Enquiry, cast: Cast, rng: Random, on: date) -> None:
    worth = enquiry.life.car.invoice_price
    assert worth is not None
    appraiser = cast.who(vehicle_permissions.VALUE, enquiry.life.branch_code, rng)
    record_valuation(
        vehicle_number=enquiry.vehicle_number, kind="in_house", valued_on=on,
        amount=Money(worth.fen * rng.randrange(92, 104) // 100), mileage_km=enquiry.life.car.mileage_km, business_date=on, by=appraiser,
    )
