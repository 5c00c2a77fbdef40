"""Payouts under contracts over REST."""

from datetime import date
from typing import Any, Literal

from django.http import HttpRequest

from chezhe.contracts import permissions, queries
from chezhe.contracts.actions.cancel_disbursement import cancel_disbursement
from chezhe.contracts.actions.check_disbursement import check_disbursement
from chezhe.contracts.actions.prepare_disbursement import prepare_disbursement
from chezhe.contracts.actions.resend_disbursement import resend_disbursement
from chezhe.contracts.api.contracts import ReasonIn, router
from chezhe.contracts.models import Disbursement, Leg
from chezhe.contracts.paying.steps import Part
from chezhe.kernel import business_date
from chezhe.kernel.doors import needs
from chezhe.kernel.rest import Amount, In, Out, Page, Text, Whole, Yuan, page_of


class LegOut(Out):
    """One part: `payee_number` is null for the borrower's own account."""

    place: int
    status: str
    payee_number: str | None
    payee_name: str
    account_tail: str
    amount: Yuan
    attempt: int
    payout_number: str
    failure_code: str
    paid_on: date | None


class PartIn(In):
    payee_number: Text[40]
    amount: Amount


class PayOutIn(In):
    """What others are paid of it; the rest is the borrower's."""

    parts: list[PartIn] = []
    way: Literal["api", "file"] = "api"


class DisbursementOut(Out):
    number: str
    status: str
    contract_number: str
    amount: Yuan
    account_tail: str
    attempt: int
    payout_number: str
    failure_code: str
    prepared_by: str
    checked_by: str
    paid_on: date | None
    way: str
    legs: list[LegOut]


class ResendIn(In):
    """For the borrower's part an account of the borrower's, for somebody else's `payee_number`; `place` names the part where several
    are in trouble."""

    account_id: Whole | None = None
    payee_number: Text[40] = ""
    place: Whole = 0
    reason: Text[200]


@router.post("/contracts/{number}/disbursements", response={201: DisbursementOut}, summary="Make the payout ready (first person)")
@needs(permissions.PREPARE_DISBURSEMENT)
def pay_out(request: HttpRequest, number: str, payload: PayOutIn | None = None) -> tuple[int, dict[str, Any]]:
    said = payload or PayOutIn()
    parts = [Part(payee_number=part.payee_number, amount=part.amount) for part in said.parts]
    made = prepare_disbursement(
        contract_number=number, parts=parts, way=said.way, business_date=business_date.current(), by=request.actor)
    return 201, _disbursement(made)


@router.get("/disbursements", response=Page[DisbursementOut], summary="Disbursements, newest first")
@needs(permissions.VIEW)
def disbursements(request: HttpRequest, status: str = "", cursor: str = "", limit: int = 50) -> dict[str, Any]:
    rows = Disbursement.objects.visible_to(request.actor).select_related("contract__customer", "account").prefetch_related("legs__payee")
    rows = rows.filter(status=status) if status else rows
    return page_of(rows, cursor, limit, _disbursement)


@router.get("/disbursements/{number}", response=DisbursementOut, summary="One disbursement")
@needs(permissions.VIEW)
def disbursement(request: HttpRequest, number: str) -> dict[str, Any]:
    return _disbursement(queries.disbursement(number, request.actor))


@router.post("/disbursements/{number}/check", response=DisbursementOut, summary="Let the money go (second person)")
@needs(permissions.CHECK_DISBURSEMENT)
def check(request: HttpRequest, number: str) -> dict[str, Any]:
    return _disbursement(check_disbursement(disbursement_number=number, business_date=business_date.current(), by=request.actor))


@router.post("/disbursements/{number}/cancel", response=DisbursementOut, summary="Give a payout up")
@needs(permissions.PREPARE_DISBURSEMENT)
def cancel(request: HttpRequest, number: str, payload: ReasonIn) -> dict[str, Any]:
    return _disbursement(cancel_disbursement(disbursement_number=number, reason=payload.reason, by=request.actor))


@router.post("/disbursements/{number}/resend", response=DisbursementOut, summary="Pay a failed or returned part to another account, alone")
@needs(permissions.PREPARE_DISBURSEMENT)
def resend(request: HttpRequest, number: str, payload: ResendIn) -> dict[str, Any]:
    return _disbursement(resend_disbursement(
        disbursement_number=number, **payload.dict(), business_date=business_date.current(), by=request.actor,
    ))


def _disbursement(row: Disbursement) -> dict[str, Any]:
    same = ("number", "status", "amount", "attempt", "payout_number", "failure_code", "paid_on", "way")
    return {"contract_number": row.contract.number, "account_tail": row.account.tail, "prepared_by": row.prepared_by_name,
            "checked_by": row.checked_by_name, "legs": [_leg(leg, row) for leg in row.legs.all()],
            **{name: getattr(row, name) for name in same}}


def _leg(leg: Leg, row: Disbursement) -> dict[str, Any]:
    same = ("place", "status", "account_tail", "amount", "attempt", "payout_number", "failure_code", "paid_on")
    leg.disbursement = row
    return {"payee_number": leg.payee.number if leg.payee else None,
            "payee_name": leg.payee.name if leg.payee else row.contract.customer.masked_name,
            **{name: getattr(leg, name) for name in same}}
