"""Beginning, filling in and handing in an application."""

from typing import Any, Literal

from django.http import HttpRequest

from chezhe.finmath.terms import Method
from chezhe.kernel import business_date, rest
from chezhe.kernel.doors import needs
from chezhe.origination import permissions, steps
from chezhe.origination.actions.add_further_vehicle import add_further_vehicle
from chezhe.origination.actions.add_party import add_party
from chezhe.origination.actions.remove_further_vehicle import remove_further_vehicle
from chezhe.origination.actions.remove_party import remove_party
from chezhe.origination.actions.save_step import save_step
from chezhe.origination.actions.start_application import start_application
from chezhe.origination.actions.submit_application import submit_application
from chezhe.origination.api.shapes import ApplicationOut, router, shape

Role = Literal["co_borrower", "guarantor", "spouse"]


class StartIn(rest.In):
    """`filed_through`: a programme files on-line and may say nothing else, a clerk over the counter unless told otherwise. On-line
    `device` is the mark of the customer's own device; without it the decision lacks a fact and a person looks. A clerk's device is
    never sent. `borrower_kind` says whether a person borrows as a sole trader, where the product lends to both."""

    customer_number: rest.Text[40]
    product_code: rest.Text[12]
    lead_number: rest.Text[40] = ""
    filed_through: Literal["", "counter", "online"] = ""
    borrower_kind: Literal["", "person", "sole_trader", "company"] = ""
    device: rest.Text[120] = ""


class PartyStepIn(rest.In):
    """Who and what for. Only what is sent is changed; `version` is the one that was read."""

    version: rest.Whole
    product_code: rest.Text[12] = ""
    purpose: Literal["", "purchase", "consumption", "business", "working_capital"] = ""


class VehicleStepIn(rest.In):
    version: rest.Whole
    vehicle_number: rest.Text[40] = ""
    price: rest.Amount | None = None


class FinanceStepIn(rest.In):
    version: rest.Whole
    amount: rest.Amount | None = None
    periods: rest.Whole | None = None
    method: Method | None = None
    annual_rate: rest.Rate | None = None
    due_day: rest.Whole | None = None
    monthly_income: rest.Amount | None = None
    monthly_debt: rest.Amount | None = None
    acceptance: Literal["", "asked", "ahead"] = ""


class PartyIn(rest.In):
    customer_number: rest.Text[40]
    role: Role


class FurtherVehicleIn(rest.In):
    vehicle_number: rest.Text[40]


class VersionIn(rest.In):
    version: rest.Whole


@router.post("", response={201: ApplicationOut}, summary="Begin an application")
@needs(permissions.WRITE)
def start(request: HttpRequest, payload: StartIn) -> tuple[int, dict[str, Any]]:
    by, way = request.actor, payload.filed_through or steps.own_way(request.actor)
    return 201, shape(start_application(business_date=business_date.current(), by=by, **{**dict(payload), "filed_through": way}))


def _save(request: HttpRequest, number: str, step: str, payload: rest.In) -> dict[str, Any]:
    sent = {name: getattr(payload, name) for name in payload.model_fields_set - {"version"}}
    values = {name: "" if value is None else value.value if isinstance(value, Method) else value for name, value in sent.items()}
    return shape(save_step(
        application_number=number, step=step, version=payload.version, values=values,  # type: ignore[attr-defined]
        is_draft=False, business_date=business_date.current(), by=request.actor,
    ))


@router.patch("/{number}/steps/party", response=ApplicationOut, summary="Step 1: product and purpose")
@needs(permissions.WRITE)
def save_party(request: HttpRequest, number: str, payload: PartyStepIn) -> dict[str, Any]:
    return _save(request, number, "party", payload)


@router.patch("/{number}/steps/vehicle", response=ApplicationOut, summary="Step 3: the car and its price")
@needs(permissions.WRITE)
def save_vehicle(request: HttpRequest, number: str, payload: VehicleStepIn) -> dict[str, Any]:
    return _save(request, number, "vehicle", payload)


@router.patch("/{number}/steps/finance", response=ApplicationOut, summary="Step 4: the loan, income and debts")
@needs(permissions.WRITE)
def save_finance(request: HttpRequest, number: str, payload: FinanceStepIn) -> dict[str, Any]:
    return _save(request, number, "finance", payload)


@router.post("/{number}/parties", response={201: ApplicationOut}, summary="Step 2: add a co-borrower, guarantor or spouse")
@needs(permissions.WRITE)
def add(request: HttpRequest, number: str, payload: PartyIn) -> tuple[int, dict[str, Any]]:
    return 201, shape(add_party(application_number=number, by=request.actor, **dict(payload)))


@router.delete("/{number}/parties/{customer_number}", response=ApplicationOut, summary="Take somebody out again")
@needs(permissions.WRITE)
def remove(request: HttpRequest, number: str, customer_number: str) -> dict[str, Any]:
    return shape(remove_party(application_number=number, customer_number=customer_number, by=request.actor))


@router.post("/{number}/vehicles", response={201: ApplicationOut}, summary="Step 3: add a further car that stands for the loan")
@needs(permissions.WRITE)
def add_further(request: HttpRequest, number: str, payload: FurtherVehicleIn) -> tuple[int, dict[str, Any]]:
    return 201, shape(add_further_vehicle(application_number=number, by=request.actor, **dict(payload)))


@router.delete("/{number}/vehicles/{vehicle_number}", response=ApplicationOut, summary="Take a further car out again")
@needs(permissions.WRITE)
def remove_further(request: HttpRequest, number: str, vehicle_number: str) -> dict[str, Any]:
    return shape(remove_further_vehicle(application_number=number, vehicle_number=vehicle_number, by=request.actor))


@router.post("/{number}/submit", response=ApplicationOut, summary="Hand it in to be decided; refused (422) with everything that is missing")
@needs(permissions.WRITE)
def submit(request: HttpRequest, number: str, payload: VersionIn) -> dict[str, Any]:
    return shape(submit_application(
        application_number=number, version=payload.version, business_date=business_date.current(), by=request.actor
    ))
