"""Releases over REST."""

from datetime import date
from typing import Any

from django.http import HttpRequest
from ninja import File, Form, UploadedFile

from chezhe.contracts import permissions
from chezhe.contracts.actions.cancel_registration import cancel_registration
from chezhe.contracts.actions.confirm_papers_received import confirm_papers_received
from chezhe.contracts.actions.hand_over_papers import hand_over_papers
from chezhe.contracts.actions.send_papers import send_papers
from chezhe.contracts.actions.take_out_papers import take_out_papers
from chezhe.contracts.api.contracts import router
from chezhe.contracts.api.registrations import RegistrationOut, registration
from chezhe.contracts.collateral import releasing
from chezhe.contracts.collateral.release_models import OPEN_RELEASES, Release
from chezhe.contracts.collateral.releasing import Handover
from chezhe.kernel import business_date
from chezhe.kernel.doors import needs
from chezhe.kernel.rest import PAGE_SIZE, Day, In, Out, Page, Text, page_of


class ReleaseStepOut(Out):
    """`state` is done, current or todo."""

    code: str
    label: str
    state: str
    done_on: date | None
    done_by: str
    detail: str


class ReleaseRowOut(Out):
    number: str
    status: str
    contract_number: str
    vehicle_number: str
    ordered_on: date
    due_on: date | None
    is_late: bool
    carrier: str
    tracking_number: str
    done_on: date | None


class ReleaseOut(ReleaseRowOut):
    steps: list[ReleaseStepOut]


class SendPapersIn(In):
    carrier: Text[40]
    tracking_number: Text[40]
    sent_on: Day


class ReceivedIn(In):
    received_on: Day


@router.get("/releases", response=Page[ReleaseRowOut], summary="Releases, newest first; `late` for those past their day")
@needs(permissions.VIEW_COLLATERAL)
def releases(request: HttpRequest, status: str = "", late: bool = False, cursor: str = "", limit: int = PAGE_SIZE) -> dict[str, Any]:
    rows = releasing.releases(request.actor)
    rows = rows.filter(status=status) if status else rows
    rows = rows.filter(status__in=OPEN_RELEASES, due_on__lt=business_date.current()) if late else rows
    return page_of(rows, cursor, limit, _row)


@router.get("/releases/{number}", response=ReleaseOut, summary="One release with its steps in order")
@needs(permissions.VIEW_COLLATERAL)
def release(request: HttpRequest, number: str) -> dict[str, Any]:
    return _one(request, number)


@router.post("/registrations/{number}/cancel", response=RegistrationOut, summary="The unified registry cancelled the record (multipart)")
@needs(permissions.MORTGAGE)
def cancel(
    request: HttpRequest, number: str, receipt_number: Form[str], cancelled_on: Form[Day], evidence: File[UploadedFile]
) -> dict[str, Any]:
    cancel_registration(order_number=number, receipt_number=receipt_number, cancelled_on=cancelled_on, evidence=evidence,
                        business_date=business_date.current(), by=request.actor)
    return registration(request, number)


@router.post("/releases/{number}/papers-out", response=ReleaseOut, summary="Take the papers out of the vault")
@needs(permissions.MORTGAGE)
def take(request: HttpRequest, number: str) -> dict[str, Any]:
    take_out_papers(release_number=number, business_date=business_date.current(), by=request.actor)
    return _one(request, number)


@router.post("/releases/{number}/send", response=ReleaseOut, summary="The papers are with a courier")
@needs(permissions.MORTGAGE)
def send(request: HttpRequest, number: str, payload: SendPapersIn) -> dict[str, Any]:
    send_papers(release_number=number, **payload.dict(), business_date=business_date.current(), by=request.actor)
    return _one(request, number)


@router.post("/releases/{number}/hand-over", response=ReleaseOut, summary="Somebody took the papers at the counter (multipart)")
@needs(permissions.MORTGAGE)
def hand(
    request: HttpRequest, number: str, recipient: Form[str], id_number: Form[str], handed_on: Form[Day],
    authority: File[UploadedFile | None] = None,  # type: ignore[assignment]
) -> dict[str, Any]:
    said = Handover(recipient=recipient, id_number=id_number, handed_on=handed_on)
    hand_over_papers(release_number=number, handover=said, authority=authority, business_date=business_date.current(), by=request.actor)
    return _one(request, number)


@router.post("/releases/{number}/received", response=ReleaseOut, summary="The borrower has the papers")
@needs(permissions.MORTGAGE)
def confirm(request: HttpRequest, number: str, payload: ReceivedIn) -> dict[str, Any]:
    confirm_papers_received(
        release_number=number, received_on=payload.received_on, business_date=business_date.current(), by=request.actor)
    return _one(request, number)


def _one(request: HttpRequest, number: str) -> dict[str, Any]:
    found = releasing.releases(request.actor).fetch(number)
    seen = releasing.progress(found)
    return {**_row(found), "steps": [
        {"code": one.code, "label": str(one.label), "state": one.state, "done_on": one.done_on, "done_by": one.by, "detail": one.detail}
        for one in seen.steps]}


def _row(found: Release) -> dict[str, Any]:
    same = ("number", "status", "ordered_on", "due_on", "carrier", "tracking_number", "done_on")
    return {"contract_number": found.contract.number, "vehicle_number": found.mortgage.vehicle.number,
            "is_late": found.is_late(business_date.current()), **{name: getattr(found, name) for name in same}}
