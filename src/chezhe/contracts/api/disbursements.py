"""Payouts under contracts over REST."""

from datetime import date
from typing import Any

from django.http import HttpRequest

from chezhe.contracts import permissions, queries
from chezhe.contracts.actions.cancel_disbursement import cancel_disbursement
from chezhe.contracts.actions.check_disbursement import check_disbursement
from chezhe.contracts.actions.prepare_disbursement import prepare_disbursement
from chezhe.contracts.actions.resend_disbursement import resend_disbursement
from chezhe.contracts.api.contracts import ReasonIn, router
from chezhe.contracts.models import Disbursement
from chezhe.kernel import business_date
from chezhe.kernel.doors import needs
from chezhe.kernel.rest import In, Out, Page, Text, Whole, Yuan, page_of


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


class ResendIn(In):
    account_id: Whole
    reason: Text[200]


@router.post("/contracts/{number}/disbursements", response={201: DisbursementOut}, summary="Make the payout ready (first person)")
@needs(permissions.PREPARE_DISBURSEMENT)
def pay_out(request: HttpRequest, number: str) -> tuple[int, dict[str, Any]]:
    made = prepare_disbursement(contract_number=number, business_date=business_date.current(), by=request.actor)
    return 201, _disbursement(made)


@router.get("/disbursements", response=Page[DisbursementOut], summary="Disbursements, newest first")
@needs(permissions.VIEW)
def disbursements(request: HttpRequest, status: str = "", cursor: str = "", limit: int = 50) -> dict[str, Any]:
    rows = Disbursement.objects.visible_to(request.actor).select_related("contract", "account")
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


@router.post("/disbursements/{number}/resend", response=DisbursementOut, summary="Pay to another account of the borrower's")
@needs(permissions.PREPARE_DISBURSEMENT)
def resend(request: HttpRequest, number: str, payload: ResendIn) -> dict[str, Any]:
    return _disbursement(resend_disbursement(
        disbursement_number=number, account_id=payload.account_id, reason=payload.reason, business_date=business_date.current(),
        by=request.actor,
    ))


def _disbursement(row: Disbursement) -> dict[str, Any]:
    same = ("number", "status", "amount", "attempt", "payout_number", "failure_code", "paid_on")
    return {"contract_number": row.contract.number, "account_tail": row.account.tail, "prepared_by": row.prepared_by_name,
            "checked_by": row.checked_by_name, **{name: getattr(row, name) for name in same}}
