"""The treasury's part of a month over REST."""

from datetime import date
from typing import Any

from django.http import HttpRequest

from chezhe.kernel import business_date
from chezhe.kernel.doors import needs
from chezhe.kernel.rest import In, Out, Yuan
from chezhe.kernel.scope import require_whole_house
from chezhe.servicing import permissions, subsidy_claims
from chezhe.servicing.actions.claim_subsidies import claim_subsidies
from chezhe.servicing.actions.record_subsidy_payment import record_subsidy_payment
from chezhe.servicing.api.loans import router
from chezhe.servicing.api.money import ArrivalIn, receipt_of


class ClaimLineOut(Out):
    loan: str
    period: int
    due_on: date
    opening: Yuan
    amount: Yuan
    is_granted: bool


class ClaimBookingOut(Out):
    debit: str
    credit: str
    amount: Yuan


class ClaimOut(Out):
    month: str
    granted: Yuan
    paid: Yuan
    left: Yuan
    lines: list[ClaimLineOut]
    to_book: list[ClaimBookingOut]


class ClaimIn(In):
    month: str


class SubsidyPaymentIn(ArrivalIn):
    month: str


class SubsidyPaymentOut(Out):
    entry: str
    left: Yuan


@router.get("/subsidies/{month}", response=ClaimOut, summary="Lines of a month (2026-02) that the treasury subsidises, and what it owes")
@needs(permissions.GRANT_SUBSIDY)
def month_subsidies(request: HttpRequest, month: str) -> dict[str, Any]:
    require_whole_house(request.actor)
    first = subsidy_claims.month_of(month)
    lines, stands = list(subsidy_claims.lines_of(first, business_date.current(), request.actor)), subsidy_claims.claimed(first)
    return {
        "month": month, "granted": stands.granted, "paid": stands.paid, "left": stands.left,
        "lines": [{"loan": line.loan.number, "period": line.period, "due_on": line.due_on, "opening": line.opening, "amount": line.amount,
                   "is_granted": line.is_granted} for line in lines],
        "to_book": [{"debit": debit, "credit": credit, "amount": amount} for debit, credit, amount in subsidy_claims.bookings_of(lines)],
    }


@router.post("/subsidies", response={202: ClaimIn}, summary="Grant every qualifying line of a month; the worker does it, each once")
@needs(permissions.GRANT_SUBSIDY)
def claim_month(request: HttpRequest, payload: ClaimIn) -> tuple[int, dict[str, Any]]:
    claim_subsidies(month=subsidy_claims.month_of(payload.month), by=request.actor)
    return 202, {"month": payload.month}


@router.post("/subsidy-payments", response={201: SubsidyPaymentOut}, summary="Set the treasury's payment against a month's receivable")
@needs(permissions.GRANT_SUBSIDY)
def pay_month(request: HttpRequest, payload: SubsidyPaymentIn) -> tuple[int, dict[str, Any]]:
    month = subsidy_claims.month_of(payload.month)
    entry = record_subsidy_payment(month=month, receipt=receipt_of(payload, paid_on=payload.paid_on), by=request.actor)
    return 201, {"entry": entry.number, "left": subsidy_claims.claimed(month).left}
