"""Somebody with a whole invented life who applies: a file, papers, an honest statement, a car that was seen, and sources that answer."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

from chezhe.customers import steps as customer_steps
from chezhe.customers.actions.record_trade import record_trade
from chezhe.customers.actions.relate_customers import relate_customers
from chezhe.customers.models import Customer
from chezhe.customers.values import CompanyFacts, PersonFacts, TradeFacts
from chezhe.documents import steps as document_steps
from chezhe.documents.tests.corpus import image
from chezhe.documents.tests.people import hire, make_cast
from chezhe.finmath.money import Money
from chezhe.invented import car as car_life
from chezhe.invented import company, person, statements, trades
from chezhe.invented.car_values import value_on
from chezhe.invented.companies import CompanyLife
from chezhe.invented.people import PersonLife
from chezhe.kernel import roles
from chezhe.kernel.actor import Actor, Reach
from chezhe.origination import cars
from chezhe.origination.actions.add_further_vehicle import add_further_vehicle
from chezhe.origination.actions.add_party import add_party
from chezhe.origination.actions.save_step import save_step
from chezhe.origination.actions.start_application import start_application
from chezhe.origination.models import Application
from chezhe.origination.tests.asking import TODAY, file_papers, grant_consents
from chezhe.risk.actions.upload_statement import upload_statement
from chezhe.risk.tests.valuing.yard import reported, valued
from chezhe.risk.vendors.statements import writing
from chezhe.vehicles import steps as vehicle_steps
from chezhe.vehicles.models import Vehicle
from chezhe.vehicles.values import VehicleFacts

CARD = "6228480402564890018"
STATEMENT_DAYS = 210


@dataclass(frozen=True)
class Town:
    """Lin sells and Ping appraises in the shop of a city; both are honest."""

    lin: Actor
    ping: Actor
    chen: Actor
    city: str


@dataclass(frozen=True)
class Applicant:
    """Somebody on file, with the life that every source knows."""

    life: PersonLife
    customer: Customer
    car: Vehicle


@dataclass(frozen=True)
class Firm:
    """A company on file, and whoever speaks for it and stands surety."""

    life: CompanyLife
    customer: Customer
    controller: Customer
    car: Vehicle


def make_town(city: str) -> Town:
    cast = make_cast()
    cast.east.city = city
    cast.east.save()
    return Town(cast.lin, hire("平", cast.east, roles.APPRAISER, reach=Reach.BRANCH), cast.chen, city)


def arrive(town: Town, id_number: str, vin: str, *, on: date = TODAY) -> Applicant:
    """File the person and the car as their lives have them, with everything that people bring along; nothing is asked yet."""
    life = person(id_number)
    customer = customer_steps.create_person(
        PersonFacts(
            name=life.name, id_number=id_number, mobile=life.mobile, address=life.address, employer=life.job_on(on).employer,
            monthly_income=Money(life.declared_income_on(on)), marital_status=life.marital_on(on),
        ),
        branch_id=town.lin.branch_id, owner_id=town.lin.user_id, on=on, by=town.lin,
    )
    customer_steps.add_account(customer, kind="debit", card_number=CARD, bank_name="澄江银行")
    grant_consents(customer, town.lin)
    upload_statement(customer_number=customer.number, upload=statement(life, on), by=town.lin)
    return Applicant(life, customer, _car(vin, customer, town, on))


def arrive_firm(town: Town, uscc: str, vin: str, controller: str, *, on: date = TODAY) -> Firm:
    """File the company, its car and whoever speaks for it (an identity number) as their lives have them, with every consent."""
    life, behind = company(uscc), person(controller)
    surety = customer_steps.create_person(
        PersonFacts(name=behind.name, id_number=controller, mobile=behind.mobile, address=behind.address), branch_id=town.lin.branch_id,
        owner_id=town.lin.user_id, on=on, by=town.lin)
    customer = customer_steps.create_company(
        CompanyFacts(
            name=life.name, uscc=uscc, legal_representative=behind.name, mobile="15433334444", established_on=life.established_on,
            address=f"{town.city}市西湖区文三路1号",
        ),
        branch_id=town.lin.branch_id, owner_id=town.lin.user_id, on=on, by=town.lin)
    relate_customers(customer_number=customer.number, other_number=surety.number, kind="legal_representative", by=town.lin)
    customer_steps.add_account(customer, kind="corporate", card_number="6217000000000000004", bank_name="澄江银行")
    grant_consents(customer, town.lin)
    grant_consents(surety, town.lin, is_borrower=False)
    return Firm(life, customer, surety, _car(vin, customer, town, on))


def apply_for_firm(firm: Firm, town: Town, *, amount: str) -> Application:
    """A complete application for working capital on the company's car, not handed in yet."""
    made = start_application(customer_number=firm.customer.number, product_code="P05", business_date=TODAY, by=town.lin)
    add_party(application_number=made.number, customer_number=firm.controller.number, role="guarantor", by=town.lin)
    _fill(made, town, {"purpose": "working_capital"}, firm.car, {"amount": amount, "periods": "6", "due_day": "20"})
    return made


def statement(life: PersonLife, on: date) -> SimpleUploadedFile:
    """The last seven months as this person would hand them in."""
    account, last = statements.account_number(life, "icbc"), on - timedelta(days=1)
    first = last - timedelta(days=STATEMENT_DAYS)
    holder = writing.Holder(name=life.name, account=account, first=first, last=last)
    return SimpleUploadedFile("flow.csv", writing.write("icbc", holder, statements.told(life, account, first, last)), content_type="text/csv")


def second_car(vin: str, applicant: Applicant, town: Town, application: Application) -> Vehicle:
    """Another car of somebody on file, seen, valued and added with its papers to an application that is still a draft."""
    car = _car(vin, applicant.customer, town, TODAY, plate="沪B23457", seed=2)
    add_further_vehicle(application_number=application.number, vehicle_number=car.number, by=town.lin)
    for code in cars.papers_needed(application, car):
        document_steps.store_bytes(
            image(), name=f"{code}.jpg", subject=car.subject, category=code, branch_id=application.branch_id, by=town.lin)
    return car


def _car(vin: str, owner: Customer, town: Town, on: date, *, plate: str = "沪A12342", seed: int = 1) -> Vehicle:
    """As the papers say, seen in the yard by an honest appraiser, and valued by everybody who values cars."""
    life = car_life(vin)
    facts = VehicleFacts(
        vin=vin, brand=life.model.brand, series=life.model.series, model=life.model.name, condition="used", energy_type=life.model.energy,
        plate=plate, engine_no="EA888-77", first_registered_on=life.registered_on, mileage_km=life.odometer_on(on), colour="白",
        invoice_price=None, guide_price=Money(life.model.price_fen), usage_nature=life.usage,
    )
    car = vehicle_steps.register(facts, owner=owner, on=on, by=town.lin)
    reported(car, town.ping, Money(value_on(life, on)), seed=seed)
    valued(car, town.ping, on)
    return car


def apply_for(applicant: Applicant, town: Town, *, amount: str, periods: str = "24", product: str = "P03", **more: Any) -> Application:
    """A complete application for a loan on the car, not handed in yet: a consumer's, or under P10 a sole trader's."""
    made = start_application(customer_number=applicant.customer.number, product_code=product, business_date=TODAY, by=town.lin, **more)
    finance = {
        "amount": amount, "periods": periods, "method": "equal_instalment", "annual_rate": "12", "due_day": "20",
        "monthly_income": str(Money(applicant.life.declared_income_on(TODAY))), "monthly_debt": str(Money(applicant.life.declared_debt_on(TODAY))),
    }
    _fill(made, town, {"purpose": "business" if product == "P10" else "consumption"}, applicant.car, finance)
    return made


def keep_trade(applicant: Applicant, town: Town, *, uscc: str = "") -> Applicant:
    """The licence that somebody shows for the trade they run, as it was when it was given out."""
    own = trades.of(applicant.life)
    assert own is not None
    customer = Customer.objects.get(pk=applicant.customer.pk)
    facts = TradeFacts(uscc=uscc or own.uscc, registered_on=own.registered_on, name=own.name, premises=applicant.life.address)
    record_trade(customer_number=customer.number, version=customer.version, facts=facts, business_date=TODAY, by=town.lin)
    return replace(applicant, customer=Customer.objects.get(pk=customer.pk))


def _fill(made: Application, town: Town, party: dict[str, str], car: Vehicle, finance: dict[str, str]) -> None:
    """Every step, and the papers that the product asks for."""
    for step, values in (("party", party), ("vehicle", {"vehicle_number": car.number}), ("finance", finance)):
        made.refresh_from_db()
        save_step(
            application_number=made.number, step=step, version=made.version, values=values, is_draft=False, business_date=TODAY, by=town.lin)
    made.refresh_from_db()
    file_papers(made, town.lin)
