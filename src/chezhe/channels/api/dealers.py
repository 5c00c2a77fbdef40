"""Dealers over the API."""

from datetime import datetime
from typing import Any, Literal

from django.http import HttpRequest
from ninja import Router

from chezhe.channels import choices, permissions, queries
from chezhe.channels.actions.add_dealer_person import add_dealer_person
from chezhe.channels.actions.create_dealer import create_dealer
from chezhe.channels.actions.disable_dealer_person import disable_dealer_person
from chezhe.channels.actions.edit_dealer import edit_dealer
from chezhe.channels.actions.exit_dealer import exit_dealer
from chezhe.channels.actions.resume_dealer import resume_dealer
from chezhe.channels.actions.suspend_dealer import suspend_dealer
from chezhe.channels.models import Dealer, DealerPerson
from chezhe.channels.steps import DealerFacts
from chezhe.kernel import business_date, rest
from chezhe.kernel.doors import needs

router = Router()
Tier = Literal["A", "B", "C", "D"]
Kind = Literal["dealer_4s", "used_car_dealer", "service_provider"]


class DealerIn(rest.In):
    kind: Kind
    name: rest.Text[100]
    uscc: rest.Text[40]
    tier: Tier
    city: rest.Text[40]
    address: rest.Text[200] = ""
    contact_name: rest.Text[20] = ""
    contact_mobile: rest.Text[40] = ""
    branch_code: rest.Text[20] = ""


class EditIn(rest.In):
    """Only what is sent is changed; `version` is the one that was read."""

    version: rest.Whole
    reason: rest.Text[200]
    kind: Kind | None = None
    name: rest.Text[100] | None = None
    uscc: rest.Text[40] | None = None
    tier: Tier | None = None
    city: rest.Text[40] | None = None
    address: rest.Text[200] | None = None
    contact_name: rest.Text[20] | None = None
    contact_mobile: rest.Text[40] | None = None


class ReasonIn(rest.In):
    reason: rest.Text[200]


class DealerOut(rest.Out):
    number: str
    kind: str
    name: str
    uscc: str
    tier: str
    city: str
    contact: str
    status: str
    branch: str
    owner: str
    version: int
    created_at: datetime


class DealerPage(rest.Out):
    items: list[DealerOut]
    next_cursor: str | None = None


class DealerPersonIn(rest.In):
    name: rest.Text[20]
    mobile: rest.Text[40]


class DealerPersonOut(rest.Out):
    id: int
    name: str
    mobile: str
    added_at: datetime
    disabled_at: datetime | None


class SourceOut(rest.Out):
    code: str
    label: str


def _shape(dealer: Dealer) -> dict[str, Any]:
    return {
        "number": dealer.number, "kind": dealer.kind, "name": dealer.name, "uscc": dealer.uscc, "tier": dealer.tier,
        "city": dealer.city, "contact": dealer.masked_contact, "status": dealer.status, "branch": dealer.branch.name,
        "owner": dealer.owner.name, "version": dealer.version, "created_at": dealer.created_at,
    }


def _person(person: DealerPerson) -> dict[str, Any]:
    return {
        "id": person.pk, "name": person.masked_name, "mobile": person.masked_mobile, "added_at": person.added_at,
        "disabled_at": person.disabled_at,
    }


@router.get("/sources", response=list[SourceOut], summary="Where a lead may come from")
@needs(permissions.VIEW)
def sources(request: HttpRequest) -> list[dict[str, str]]:
    return [{"code": code, "label": str(label)} for code, label in choices.SOURCES]


@router.get("/dealers", response=DealerPage, summary="Dealers in reach, newest first")
@needs(permissions.VIEW)
def dealers(request: HttpRequest, cursor: str = "", limit: int = rest.PAGE_SIZE) -> dict[str, Any]:
    return rest.page_of(Dealer.objects.visible_to(request.actor).select_related("branch", "owner"), cursor, limit, _shape)


@router.post("/dealers", response={201: DealerOut}, summary="Register a dealer")
@needs(permissions.CREATE)
def create(request: HttpRequest, payload: DealerIn) -> tuple[int, dict[str, Any]]:
    given = dict(payload)
    branch_code, on = given.pop("branch_code"), business_date.current()
    return 201, _shape(create_dealer(facts=DealerFacts(**given), branch_code=branch_code, business_date=on, by=request.actor))


@router.get("/dealers/{number}", response=DealerOut, summary="One dealer")
@needs(permissions.VIEW)
def dealer(request: HttpRequest, number: str) -> dict[str, Any]:
    return _shape(Dealer.objects.visible_to(request.actor).select_related("branch", "owner").fetch(number))


@router.patch("/dealers/{number}", response=DealerOut, summary="Correct a dealer's file")
@needs(permissions.EDIT)
def edit(request: HttpRequest, number: str, payload: EditIn) -> dict[str, Any]:
    changes = {name: getattr(payload, name) for name in payload.model_fields_set - {"version", "reason"}}
    return _shape(edit_dealer(dealer_number=number, version=payload.version, changes=changes, reason=payload.reason, by=request.actor))


@router.get("/dealers/{number}/people", response=rest.Page[DealerPersonOut], summary="Who may sign in for a dealer")
@needs(permissions.VIEW)
def people(request: HttpRequest, number: str, cursor: str = "", limit: int = rest.PAGE_SIZE) -> dict[str, Any]:
    row = Dealer.objects.visible_to(request.actor).fetch(number)
    return rest.page_of_list(list(queries.people(row)), cursor, limit, _person)


@router.post("/dealers/{number}/people", response={201: DealerPersonOut}, summary="Open the dealers' portal to somebody")
@needs(permissions.MANAGE_PEOPLE)
def add_person(request: HttpRequest, number: str, payload: DealerPersonIn) -> tuple[int, dict[str, Any]]:
    return 201, _person(add_dealer_person(dealer_number=number, **payload.dict(), by=request.actor))


@router.post("/dealers/{number}/people/{person_id}/disable", response=DealerPersonOut, summary="Close the portal to somebody")
@needs(permissions.MANAGE_PEOPLE)
def disable_person(request: HttpRequest, number: str, person_id: int, payload: ReasonIn) -> dict[str, Any]:
    return _person(disable_dealer_person(dealer_number=number, person_id=person_id, reason=payload.reason, by=request.actor))


@router.post("/dealers/{number}/suspend", response=DealerOut, summary="Suspend a dealer")
@needs(permissions.SUSPEND)
def suspend(request: HttpRequest, number: str, payload: ReasonIn) -> dict[str, Any]:
    return _shape(suspend_dealer(dealer_number=number, reason=payload.reason, by=request.actor))


@router.post("/dealers/{number}/resume", response=DealerOut, summary="Resume a suspended dealer")
@needs(permissions.SUSPEND)
def resume(request: HttpRequest, number: str, payload: ReasonIn) -> dict[str, Any]:
    return _shape(resume_dealer(dealer_number=number, reason=payload.reason, by=request.actor))


@router.post("/dealers/{number}/exit", response=DealerOut, summary="End the cooperation with a dealer")
@needs(permissions.SUSPEND)
def leave(request: HttpRequest, number: str, payload: ReasonIn) -> dict[str, Any]:
    return _shape(exit_dealer(dealer_number=number, reason=payload.reason, by=request.actor))
