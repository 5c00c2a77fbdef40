"""Asking for a loan, for programs."""

from datetime import date

from django.http import HttpRequest
from ninja import Status

from chezhe.kernel import business_date, clock
from chezhe.kernel.actor import BORROWER
from chezhe.kernel.doors import needs
from chezhe.kernel.rest import Amount, Day, Flag, In, Out, Text, Whole, Yuan
from chezhe.leads import permissions as lead_permissions
from chezhe.leads.actions.enquire_online import enquire_online
from chezhe.leads.steps import LeadFacts
from chezhe.origination import permissions
from chezhe.origination.actions.apply_online import apply_online
from chezhe.origination.online import OnlineWish
from chezhe.portal import queries, steps
from chezhe.portal.api.cases import router
from chezhe.vehicles.values import VehicleFacts


class PortalCarIn(In):
    vin: Text[17]
    brand: Text[40]
    model: Text[80]
    condition: Text[4]
    energy_type: Text[16]
    plate: Text[8] = ""
    first_registered_on: Day | None = None
    mileage_km: Whole | None = None


class PortalApplicationIn(In):
    """Either `vehicle_number`, a car on file, or `car`. `consents` are the kinds that the customer agreed to, each by itself. `device` is
    the mark that the programme gives the customer's own device, `monthly_debt` what the customer says to pay other lenders each month;
    without either the decision lacks a fact and a person looks. `monthly_income` takes the place of what is on file, and is needed where
    nothing is."""

    product_code: Text[10]
    purpose: Text[20]
    amount: Amount
    periods: Whole
    vehicle_number: Text[20] = ""
    car: PortalCarIn | None = None
    price: Amount | None = None
    monthly_income: Amount | None = None
    monthly_debt: Amount | None = None
    consents: list[Text[20]] = []
    device: Text[120] = ""


class PortalApplicationOut(Out):
    number: str
    status: str
    amount: Yuan
    periods: int


class PortalEnquiryIn(In):
    name: Text[40]
    branch_code: Text[20]
    product_interest: Text[3] = ""
    amount_wanted: Amount | None = None
    note: Text[200] = ""
    agrees: Flag


class PortalEnquiryOut(Out):
    received_on: date


@router.post("/m/applications", response={201: PortalApplicationOut}, summary="A customer applies; it waits for its papers")
@needs(permissions.WRITE, BORROWER)
def apply(request: HttpRequest, payload: PortalApplicationIn) -> Status[PortalApplicationOut]:
    wish = OnlineWish(
        product_code=payload.product_code, purpose=payload.purpose, amount=payload.amount, periods=payload.periods,
        vehicle_number=payload.vehicle_number, car=VehicleFacts(**payload.car.dict()) if payload.car else None, price=payload.price,
        monthly_income=payload.monthly_income, monthly_debt=payload.monthly_debt, consents=tuple(payload.consents),
        evidence=steps.evidence_of(request.outside_session, clock.now()))
    customer = queries.customer(request.actor)
    made = apply_online(
        customer_number=customer.number, wish=wish, device=payload.device, business_date=business_date.current(), by=request.actor)
    return Status(201, PortalApplicationOut(number=made.number, status=made.status, amount=wish.amount, periods=wish.periods))


@router.post("/m/enquiries", response={201: PortalEnquiryOut}, summary="Somebody who is no customer yet asks for a loan")
@needs(lead_permissions.ENQUIRE, BORROWER)
def enquire(request: HttpRequest, payload: PortalEnquiryIn) -> Status[PortalEnquiryOut]:
    facts = LeadFacts(
        name=payload.name, mobile=request.outside_session.account.mobile, source="website", product_interest=payload.product_interest,
        amount_wanted=payload.amount_wanted, note=payload.note)
    made = enquire_online(
        facts=facts, branch_code=payload.branch_code, agrees=payload.agrees,
        evidence=steps.evidence_of(request.outside_session, clock.now()), business_date=business_date.current(), by=request.actor)
    return Status(201, PortalEnquiryOut(received_on=made.created_on))
