"""Registration orders over REST."""

from datetime import date
from typing import Any

from django.http import HttpRequest
from ninja import File, Form, UploadedFile

from chezhe.contracts import permissions, queries
from chezhe.contracts.actions.accept_registration import accept_registration
from chezhe.contracts.actions.extend_registration import extend_registration
from chezhe.contracts.actions.order_registrations import order_registrations
from chezhe.contracts.actions.record_delivery import record_delivery
from chezhe.contracts.actions.redo_registration import redo_registration
from chezhe.contracts.actions.refuse_registration import refuse_registration
from chezhe.contracts.actions.submit_registration import submit_registration
from chezhe.contracts.api.contracts import ContractOut, ReasonIn, contract_out, router
from chezhe.contracts.collateral import lasting, registering
from chezhe.contracts.collateral.models import RegistrationOrder
from chezhe.contracts.collateral.registering import Registration
from chezhe.kernel import business_date
from chezhe.kernel.doors import needs
from chezhe.kernel.rest import PAGE_SIZE, Day, In, Out, Page, Text, page_of, page_of_list


class RegistrationOut(Out):
    """`days_left` until `due_on` counts from the business date; negative once it is over, null when nothing is left to do.
    `term_days_left` until `valid_until` likewise, while the loan runs, once it was announced."""

    number: str
    status: str
    registry: str
    contract_number: str
    vehicle_number: str
    due_on: date | None
    days_left: int | None
    attempt: int
    submitted_on: date | None
    office: str
    receipt_number: str
    accepted_on: date | None
    valid_until: date | None
    term_days_left: int | None
    receipt_document_id: str | None
    refusal: str


class SubmitRegistrationIn(In):
    submitted_on: Day


class DeliveryIn(In):
    delivered_on: Day
    vehicle_number: Text[40] = ""


@router.get("/registrations", response=Page[RegistrationOut], summary="Registration orders, newest first")
@needs(permissions.VIEW_COLLATERAL)
def registrations(
    request: HttpRequest, status: str = "", due_before: Day | None = None, is_ending: bool = False, cursor: str = "", limit: int = PAGE_SIZE
) -> dict[str, Any]:
    rows = registering.orders(request.actor)
    rows = rows.filter(status=status) if status else rows
    rows = rows.filter(due_on__lt=due_before) if due_before else rows
    rows = lasting.ending(rows) if is_ending else rows
    return page_of(rows, cursor, limit, _order)


@router.get("/registrations/{number}", response=RegistrationOut, summary="One registration order")
@needs(permissions.VIEW_COLLATERAL)
def registration(request: HttpRequest, number: str) -> dict[str, Any]:
    return _one(request, number)


@router.get("/contracts/{number}/registrations", response=Page[RegistrationOut], summary="The registration orders of a contract")
@needs(permissions.VIEW_COLLATERAL)
def of_contract(request: HttpRequest, number: str, cursor: str = "", limit: int = PAGE_SIZE) -> dict[str, Any]:
    rows = registering.of_contract(queries.contract(number, request.actor))
    return page_of_list(rows, cursor, limit, _order)


@router.post("/contracts/{number}/registrations", response={201: Page[RegistrationOut]}, summary="Make the orders at both registries")
@needs(permissions.MORTGAGE)
def order(request: HttpRequest, number: str, cursor: str = "", limit: int = PAGE_SIZE) -> tuple[int, dict[str, Any]]:
    order_registrations(contract_number=number, business_date=business_date.current(), by=request.actor)
    return 201, of_contract(request, number, cursor, limit)


@router.post("/contracts/{number}/delivery", response=ContractOut, summary="Record when the buyer got the car")
@needs(permissions.MORTGAGE)
def delivery(request: HttpRequest, number: str, payload: DeliveryIn) -> dict[str, Any]:
    record_delivery(contract_number=number, **payload.dict(), business_date=business_date.current(), by=request.actor)
    return contract_out(request, number)


@router.post("/registrations/{number}/submit", response=RegistrationOut, summary="The papers were handed in at the registry")
@needs(permissions.MORTGAGE)
def submit(request: HttpRequest, number: str, payload: SubmitRegistrationIn) -> dict[str, Any]:
    submit_registration(
        order_number=number, submitted_on=payload.submitted_on, business_date=business_date.current(), by=request.actor)
    return _one(request, number)


@router.post("/registrations/{number}/accept", response=RegistrationOut, summary="Record the registry's receipt (multipart)")
@needs(permissions.MORTGAGE)
def accept(
    request: HttpRequest, number: str, office: Form[str], receipt_number: Form[str], registered_on: Form[Day], evidence: File[UploadedFile],
    valid_until: Form[Day | None] = None,
) -> dict[str, Any]:
    said = Registration(office=office, receipt_number=receipt_number, registered_on=registered_on)
    accept_registration(order_number=number, registration=said, evidence=evidence, valid_until=valid_until,
                        business_date=business_date.current(), by=request.actor)
    return _one(request, number)


@router.post("/registrations/{number}/extend", response=RegistrationOut, summary="Record the receipt of a longer term (multipart)")
@needs(permissions.MORTGAGE)
def extend(
    request: HttpRequest, number: str, office: Form[str], receipt_number: Form[str], registered_on: Form[Day], valid_until: Form[Day],
    evidence: File[UploadedFile],
) -> dict[str, Any]:
    said = Registration(office=office, receipt_number=receipt_number, registered_on=registered_on)
    extend_registration(order_number=number, registration=said, evidence=evidence, valid_until=valid_until,
                        business_date=business_date.current(), by=request.actor)
    return _one(request, number)


@router.post("/registrations/{number}/refuse", response=RegistrationOut, summary="The registry sent the papers back")
@needs(permissions.MORTGAGE)
def refuse(request: HttpRequest, number: str, payload: ReasonIn) -> dict[str, Any]:
    refuse_registration(order_number=number, reason=payload.reason, by=request.actor)
    return _one(request, number)


@router.post("/registrations/{number}/redo", response=RegistrationOut, summary="Try a refused registration once more")
@needs(permissions.MORTGAGE)
def redo(request: HttpRequest, number: str) -> dict[str, Any]:
    redo_registration(order_number=number, by=request.actor)
    return _one(request, number)


def _one(request: HttpRequest, number: str) -> dict[str, Any]:
    return _order(registering.orders(request.actor).fetch(number))


def _order(order: RegistrationOrder) -> dict[str, Any]:
    today = business_date.current()
    same = ("number", "status", "registry", "due_on", "attempt", "submitted_on", "office", "receipt_number", "accepted_on", "valid_until",
            "refusal")
    return {
        "contract_number": order.contract.number, "vehicle_number": order.mortgage.vehicle.number,
        "days_left": order.days_left(today), "term_days_left": lasting.term_days(order, today),
        "receipt_document_id": str(order.receipt.key) if order.receipt else None,
        **{name: getattr(order, name) for name in same},
    }
