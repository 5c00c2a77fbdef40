"""Conditions precedent over REST."""

from datetime import date, datetime
from typing import Any

from django.http import HttpRequest
from ninja import File, Form, UploadedFile

from chezhe.contracts import permissions, queries
from chezhe.contracts.actions.ask_condition import ask_condition
from chezhe.contracts.actions.satisfy_condition import satisfy_condition
from chezhe.contracts.actions.waive_condition import waive_condition
from chezhe.contracts.api.contracts import router
from chezhe.contracts.conditions.queries import Standing
from chezhe.kernel import business_date
from chezhe.kernel.doors import needs
from chezhe.kernel.errors import NotFound
from chezhe.kernel.rest import PAGE_SIZE, Day, In, Out, Page, Text, page_of_list


class StandingOut(Out):
    code: str
    label: str
    owner_role: str
    is_met: bool
    due_on: date | None
    is_late: bool
    is_waived: bool
    put_off_until: date | None
    proof: str
    met_by: str
    met_at: datetime | None
    waiver_number: str | None


class AskIn(In):
    label: Text[100]
    owner_role: Text[40]
    due_on: Day | None = None


class WaiveIn(In):
    """`put_off_until` for a condition that can only be put off."""

    reason: Text[200]
    put_off_until: Day | None = None


@router.get("/contracts/{number}/conditions", response=Page[StandingOut], summary="What stands between the contract and its money")
@needs(permissions.VIEW)
def conditions(request: HttpRequest, number: str, cursor: str = "", limit: int = PAGE_SIZE) -> dict[str, Any]:
    found = queries.contract(number, request.actor)
    return page_of_list(queries.standings(found, business_date.current()), cursor, limit, _standing)


@router.post("/contracts/{number}/conditions", response={201: StandingOut}, summary="Ask for one more thing before the money leaves")
@needs(permissions.ASK_CONDITION)
def ask(request: HttpRequest, number: str, payload: AskIn) -> tuple[int, dict[str, Any]]:
    row = ask_condition(contract_number=number, **payload.dict(), business_date=business_date.current(), by=request.actor)
    return 201, _one(request, number, row.code)


@router.get("/contracts/{number}/conditions/{code}", response=StandingOut, summary="One condition")
@needs(permissions.VIEW)
def condition(request: HttpRequest, number: str, code: str) -> dict[str, Any]:
    return _one(request, number, code)


@router.post("/contracts/{number}/conditions/{code}/meet", response=StandingOut, summary="Say by what it is met (multipart)")
@needs(permissions.SATISFY_CONDITION)
def meet(
    request: HttpRequest, number: str, code: str, proof: Form[str], evidence: File[UploadedFile | None] = None  # type: ignore[assignment]
) -> dict[str, Any]:
    satisfy_condition(contract_number=number, code=code, proof=proof, evidence=evidence, by=request.actor)
    return _one(request, number, code)


@router.post("/contracts/{number}/conditions/{code}/waive", response=StandingOut, summary="Ask for a waiver, or to put it off")
@needs(permissions.WAIVE_CONDITION)
def waive(request: HttpRequest, number: str, code: str, payload: WaiveIn) -> dict[str, Any]:
    waive_condition(
        contract_number=number, code=code, reason=payload.reason, put_off_until=payload.put_off_until,
        business_date=business_date.current(), by=request.actor)
    return _one(request, number, code)


def _one(request: HttpRequest, number: str, code: str) -> dict[str, Any]:
    found = queries.contract(number, request.actor)
    one = next((standing for standing in queries.standings(found, business_date.current()) if standing.code == code), None)
    if one is None:
        raise NotFound(what=code)
    return _standing(one)


def _standing(one: Standing) -> dict[str, Any]:
    row = one.row
    return {
        "code": one.code, "label": str(one.label), "owner_role": one.owner, "is_met": one.is_met, "due_on": one.due_on,
        "is_late": one.is_late,
        "is_waived": one.is_waived, "put_off_until": row.put_off_until if row else None, "proof": row.proof if row else "",
        "met_by": row.met_by_name if row else "", "met_at": row.met_at if row else None,
        "waiver_number": row.waiver.number if row and row.waiver else None,
    }
