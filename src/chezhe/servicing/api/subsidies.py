"""The treasury's part of a month over REST."""

from datetime import date
from typing import Any

from django.http import HttpRequest

from chezhe.kernel import business_date
from chezhe.kernel.doors import needs
from chezhe.kernel.rest import In, Out, Yuan
from chezhe.kernel.scope import require_whole_house
from chezhe.ledger import bookings
from chezhe.ledger.models import JournalEntry
from chezhe.ledger.wire import EntriesOut
from chezhe.servicing import permissions, reversals, subsidy_claims, subsidy_payments
from chezhe.servicing.actions.claim_subsidies import claim_subsidies
from chezhe.servicing.actions.record_subsidy_payment import record_subsidy_payment
from chezhe.servicing.actions.reverse_subsidy_payment import reverse_subsidy_payment
from chezhe.servicing.api.loans import router
from chezhe.servicing.api.money import ArrivalIn, ReasonIn, receipt_of
from chezhe.servicing.receipts import CounterReceipt


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


class SubsidyPaidOut(Out):
    entry: str
    posted_on: date
    amount: Yuan
    reference: str
    reversed_on: date | None


class ClaimOut(Out):
    month: str
    granted: Yuan
    paid: Yuan
    left: Yuan
    payments: list[SubsidyPaidOut]
    lines: list[ClaimLineOut]
    to_book: list[ClaimBookingOut]


class ClaimIn(In):
    month: str


class SubsidyPaymentIn(ArrivalIn):
    month: str


class SubsidyPaymentOut(Out):
    entry: str
    left: Yuan


class SubsidyPaymentPreviewOut(EntriesOut):
    """`left` is what the treasury owes of the month afterwards."""

    left: Yuan


@router.get("/subsidies/{month}", response=ClaimOut, summary="Lines of a month (2026-02) that the treasury subsidises, and what it owes")
@needs(permissions.GRANT_SUBSIDY)
def month_subsidies(request: HttpRequest, month: str) -> dict[str, Any]:
    require_whole_house(request.actor)
    first = subsidy_claims.month_of(month)
    lines, stands = list(subsidy_claims.lines_of(first, business_date.current(), request.actor)), subsidy_claims.claimed(first)
    return {
        "month": month, "granted": stands.granted, "paid": stands.paid, "left": stands.left,
        "payments": [{"entry": paid.entry.number, "posted_on": paid.entry.posted_on, "amount": paid.amount, "reference": paid.slip,
                      "reversed_on": paid.reversed_on} for paid in subsidy_payments.payments_of(first)],
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
    return 201, _payment(record_subsidy_payment(month=month, receipt=_receipt(payload), by=request.actor))


@router.post("/subsidy-payments/preview", response=SubsidyPaymentPreviewOut, summary="What the treasury's payment would book")
@needs(permissions.GRANT_SUBSIDY)
def preview_payment(request: HttpRequest, payload: SubsidyPaymentIn) -> dict[str, Any]:
    require_whole_house(request.actor)
    today = business_date.current()
    judged = subsidy_payments.judge(subsidy_claims.month_of(payload.month), _receipt(payload), today)
    return {"bookings": bookings.told(judged.bookings(today)), "left": judged.left_after}


@router.post("/subsidy-payments/{entry}/reverse", response=SubsidyPaymentOut, summary="Take the treasury's payment back: it is owed again")
@needs(permissions.REVERSE)
def reverse_payment(request: HttpRequest, entry: str, payload: ReasonIn) -> dict[str, Any]:
    return _payment(reverse_subsidy_payment(entry_number=entry, reason=payload.reason, by=request.actor))


@router.post("/subsidy-payments/{entry}/reverse/preview", response=SubsidyPaymentPreviewOut, summary="What taking it back would book")
@needs(permissions.REVERSE)
def preview_reversal(request: HttpRequest, entry: str, payload: ReasonIn) -> dict[str, Any]:
    require_whole_house(request.actor)
    paid = subsidy_payments.called(entry, request.actor)
    reversals.require_reason(payload.reason)
    said = subsidy_payments.bookings_back(paid, business_date.current())
    left = subsidy_claims.claimed(subsidy_payments.month_of(paid)).left
    return {"bookings": bookings.told(said), "left": left + subsidy_payments.amount_of(paid)}


def _receipt(payload: SubsidyPaymentIn) -> CounterReceipt:
    return receipt_of(payload, paid_on=payload.paid_on)


def _payment(entry: JournalEntry) -> dict[str, Any]:
    return {"entry": entry.number, "left": subsidy_claims.claimed(subsidy_payments.month_of(entry)).left}
