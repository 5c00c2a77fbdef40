"""A code, a token for it, and whose it is."""

from datetime import datetime
from typing import Literal

from django.http import HttpRequest
from ninja import Router, Status

from chezhe.kernel import clock, handles
from chezhe.kernel.actor import BORROWER, DEALER
from chezhe.kernel.doors import needs, open_to_all
from chezhe.kernel.rest import In, Out, Text
from chezhe.portal import entry
from chezhe.portal.models import OneTimeCode

router = Router()
_CODE = "portal-code"


class PortalMobileIn(In):
    portal: Literal["borrower", "dealer"]
    mobile: Text[20]


class PortalCodeOut(Out):
    code_handle: str
    expires_at: datetime


class PortalProofIn(In):
    portal: Literal["borrower", "dealer"]
    code_handle: Text[400]
    typed: Text[12]


class PortalTokenOut(Out):
    token: str


class PortalIdentityIn(In):
    name: Text[40]
    id_number: Text[30]


class PortalStepUpIn(In):
    code_handle: Text[400]
    typed: Text[12]


class PortalMeOut(Out):
    name: str
    is_known: bool
    stepped_up_at: datetime | None


def _code(row: OneTimeCode) -> Status[PortalCodeOut]:
    return Status(202, PortalCodeOut(code_handle=handles.handle_of(f"{_CODE}:{row.key}"), expires_at=row.expires_at))


def _me(request: HttpRequest) -> PortalMeOut:
    return PortalMeOut(name=request.actor.name, is_known=bool(request.actor.party_ids), stepped_up_at=request.actor.stepped_up_at)


@router.post("/codes", response={202: PortalCodeOut}, auth=None, summary="Send a code to a mobile number")
@open_to_all
def ask_code(request: HttpRequest, payload: PortalMobileIn) -> Status[PortalCodeOut]:
    return _code(entry.ask_code(request, payload.portal, payload.mobile, clock.now())[0])


@router.post("/sessions", response={201: PortalTokenOut}, auth=None, summary="A token for a code")
@open_to_all
def sign_in(request: HttpRequest, payload: PortalProofIn) -> Status[PortalTokenOut]:
    key = handles.subject_of(payload.code_handle, _CODE)
    return Status(201, PortalTokenOut(token=entry.come_in(request, key, payload.typed, payload.portal, clock.now(), is_program=True)))


@router.get("/m/me", response=PortalMeOut, summary="Who is signed in, as a customer")
@needs(None, BORROWER)
def customer_me(request: HttpRequest) -> PortalMeOut:
    return _me(request)


@router.get("/d/me", response=PortalMeOut, summary="Who is signed in, for a dealer")
@needs(None, DEALER)
def dealer_me(request: HttpRequest) -> PortalMeOut:
    return _me(request)


@router.put("/m/identity", response=PortalTokenOut, summary="Show whose number it is; the token of before ends")
@needs(None, BORROWER)
def identity(request: HttpRequest, payload: PortalIdentityIn) -> PortalTokenOut:
    return PortalTokenOut(token=entry.bind(request, request.outside_session, payload.name, payload.id_number, clock.now()))


@router.post("/m/step-up-codes", response={202: PortalCodeOut}, summary="Send a customer a code before money moves")
@needs(None, BORROWER)
def customer_step_up_code(request: HttpRequest) -> Status[PortalCodeOut]:
    return _step_up_code(request)


@router.post("/d/step-up-codes", response={202: PortalCodeOut}, summary="Send a dealer's person a code before money moves")
@needs(None, DEALER)
def dealer_step_up_code(request: HttpRequest) -> Status[PortalCodeOut]:
    return _step_up_code(request)


@router.put("/m/step-up", response={204: None}, summary="Prove a customer's code")
@needs(None, BORROWER)
def customer_step_up(request: HttpRequest, payload: PortalStepUpIn) -> Status[None]:
    return _step_up(request, payload)


@router.put("/d/step-up", response={204: None}, summary="Prove the code of a dealer's person")
@needs(None, DEALER)
def dealer_step_up(request: HttpRequest, payload: PortalStepUpIn) -> Status[None]:
    return _step_up(request, payload)


def _step_up_code(request: HttpRequest) -> Status[PortalCodeOut]:
    session = request.outside_session
    return _code(entry.ask_code(request, session.account.kind, session.account.mobile, clock.now(), session=session)[0])


def _step_up(request: HttpRequest, payload: PortalStepUpIn) -> Status[None]:
    key = handles.subject_of(payload.code_handle, _CODE)
    entry.step_up(request.outside_session, request.actor, key, payload.typed, clock.now())
    return Status(204, None)
