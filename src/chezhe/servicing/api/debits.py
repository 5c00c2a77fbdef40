"""Direct debits of loans over REST."""

from datetime import date, datetime
from typing import Any

from django.http import HttpRequest

from chezhe.kernel import business_date
from chezhe.kernel.doors import needs
from chezhe.kernel.rest import Amount, In, Out, Page, Text, Yuan, page_of
from chezhe.servicing import permissions
from chezhe.servicing.actions.book_debit_again import book_debit_again
from chezhe.servicing.actions.cancel_debit import cancel_debit
from chezhe.servicing.actions.debit_now import debit_now
from chezhe.servicing.api.loans import EventOut, event_out, fetch, router
from chezhe.servicing.api.previewed import PreviewOut, preview_out
from chezhe.servicing.debits import asking, queries, rebooking
from chezhe.servicing.debits.models import LoanDebit


class LoanDebitOut(Out):
    number: str
    loan_number: str
    status: str
    day: date
    due_at: datetime
    is_manual: bool
    amount: Yuan
    collected: Yuan
    booked: Yuan
    reason_code: str
    ordered_at: datetime | None
    finished_at: datetime | None


class DebitNowIn(In):
    amount: Amount


class CancelIn(In):
    reason: Text[200]


class TallyOut(Out):
    status: str
    count: int
    amount: Yuan


class DebitReasonOut(Out):
    code: str
    count: int
    missing: Yuan


class DebitDayOut(Out):
    day: date
    tallies: list[TallyOut]
    collected: Yuan
    reasons: list[DebitReasonOut]


@router.get("/debits", response=Page[LoanDebitOut], summary="Planned and made debits, newest first")
@needs(permissions.VIEW_DEBITS)
def debits(
    request: HttpRequest, day: date | None = None, status: str = "", loan_number: str = "", cursor: str = "", limit: int = 50
) -> dict[str, Any]:
    rows = LoanDebit.objects.visible_to(request.actor).select_related("loan")
    rows = rows.filter(day=day) if day else rows
    rows = rows.filter(status=status) if status else rows
    rows = rows.filter(loan__number=loan_number) if loan_number else rows
    return page_of(rows, cursor, limit, _debit)


@router.get("/debit-day", response=DebitDayOut, summary="The business day's debits by status, and the failures of thirty days by reason")
@needs(permissions.VIEW_DEBITS)
def debit_day(request: HttpRequest) -> dict[str, Any]:
    today = business_date.current()
    tallies = queries.today_of(request.actor, today)
    reasons = queries.failures_of(request.actor, today)
    return {
        "day": today, "collected": tallies.collected,
        "tallies": [{"status": status, "count": one.count, "amount": one.amount} for status, one in sorted(tallies.by_status.items())],
        "reasons": [{"code": code, "count": count, "missing": missing} for code, count, missing in reasons],
    }


@router.get("/debits/{number}", response=LoanDebitOut, summary="One debit")
@needs(permissions.VIEW_DEBITS)
def debit(request: HttpRequest, number: str) -> dict[str, Any]:
    return _debit(LoanDebit.objects.visible_to(request.actor).select_related("loan").fetch(number))


@router.post("/debits/{number}/cancel", response=LoanDebitOut, summary="Take a planned debit out of the plan")
@needs(permissions.CANCEL_DEBIT)
def cancel(request: HttpRequest, number: str, payload: CancelIn) -> dict[str, Any]:
    return _debit(cancel_debit(debit_number=number, reason=payload.reason, by=request.actor))


@router.post(
    "/debits/{number}/orders/{order}/book-again/preview", response=PreviewOut,
    summary="What booking collected money again would do, after its repayment was reversed; nothing is written",
)
@needs(permissions.BOOK_DEBIT_AGAIN)
def preview_again(request: HttpRequest, number: str, order: str) -> dict[str, Any]:
    one = LoanDebit.objects.visible_to(request.actor).select_related("loan__product_version__product").fetch(number)
    wanted = rebooking.order_of(one, order)
    rebooking.require_possible(one, wanted)
    return preview_out(one.loan, rebooking.preview(one, wanted, business_date.current()))


@router.post("/debits/{number}/orders/{order}/book-again", response={201: EventOut}, summary="Book collected money again on its loan")
@needs(permissions.BOOK_DEBIT_AGAIN)
def book_again(request: HttpRequest, number: str, order: str) -> tuple[int, dict[str, Any]]:
    return 201, event_out(book_debit_again(debit_number=number, order=order, by=request.actor))


@router.post("/loans/{number}/debits/preview", response=PreviewOut, summary="What a debit would do when collected; nothing is written")
@needs(permissions.DEBIT_NOW)
def preview(request: HttpRequest, number: str, payload: DebitNowIn) -> dict[str, Any]:
    loan, today = fetch(request, number), business_date.current()
    asking.require_possible(loan, payload.amount, today)
    return preview_out(loan, asking.preview(loan, payload.amount, today))


@router.post("/loans/{number}/debits", response={201: LoanDebitOut}, summary="Collect from the borrower's account now")
@needs(permissions.DEBIT_NOW)
def new_debit(request: HttpRequest, number: str, payload: DebitNowIn) -> tuple[int, dict[str, Any]]:
    return 201, _debit(debit_now(loan_number=number, amount=payload.amount, by=request.actor))


def _debit(row: LoanDebit) -> dict[str, Any]:
    same = ("number", "status", "day", "due_at", "is_manual", "amount", "collected", "booked", "reason_code", "ordered_at", "finished_at")
    return {"loan_number": row.loan.number, **{name: getattr(row, name) for name in same}}
