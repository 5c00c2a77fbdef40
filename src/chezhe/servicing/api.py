"""Loans, their money and the business day over REST."""

from datetime import date, datetime, timedelta
from typing import Any, Literal

from django.http import HttpRequest
from ninja import Router

from chezhe.finmath import ageing
from chezhe.finmath.money import Money
from chezhe.finmath.prepayment import PrepaymentMode
from chezhe.kernel import business_date, moves
from chezhe.kernel.doors import needs
from chezhe.kernel.errors import NotFound
from chezhe.kernel.rest import PAGE_SIZE, Amount, Day, Fraction, In, MoveOut, Out, Page, Text, Yuan, page_of, page_of_list
from chezhe.servicing import pages, permissions, previews, queries
from chezhe.servicing import proof as proofs
from chezhe.servicing.actions.begin_end_of_day import begin_end_of_day
from chezhe.servicing.actions.match_receipt import match_receipt
from chezhe.servicing.actions.open_business_day import open_business_day
from chezhe.servicing.actions.pause_end_of_day import pause_end_of_day
from chezhe.servicing.actions.post_bank_file import post_bank_file
from chezhe.servicing.actions.prepay_loan import prepay_loan
from chezhe.servicing.actions.record_repayment import record_repayment
from chezhe.servicing.actions.resume_end_of_day import resume_end_of_day
from chezhe.servicing.actions.reverse_repayment import reverse_repayment
from chezhe.servicing.actions.settle_loan import settle_loan
from chezhe.servicing.endofday import runs
from chezhe.servicing.models import EndOfDay, Loan, LoanEvent
from chezhe.servicing.receipts import CounterReceipt

router = Router()
Channel = Literal["bank", "cash"]


class LoanOut(Out):
    number: str
    status: str
    contract: str
    customer: str
    product_version: str
    principal: Yuan
    principal_left: Yuan
    annual_rate: Fraction | None
    periods: int
    paid_out_on: date
    matures_on: date
    settled_on: date | None
    next_due_on: date | None
    days_past_due: int
    bucket: str


class LoanStateOut(LoanOut):
    as_of: date
    due: Yuan
    next_amount: Yuan
    unapplied: Yuan


class LineOut(Out):
    period: int
    due_date: date
    principal: Yuan
    interest: Yuan
    fee: Yuan
    total: Yuan
    paid: Yuan
    penalty_and_compound: Yuan
    balance: Yuan


class EventOut(Out):
    id: int
    kind: str
    value_on: date
    posted_on: date
    recorded_at: datetime
    amount: Yuan
    reference: str
    entry: str | None
    is_reversed: bool


class QuoteOut(Out):
    loan: str
    on: Day
    principal: Yuan
    interest: Yuan
    fee: Yuan
    penalty: Yuan
    compound: Yuan
    early_settlement_fee: Yuan
    total: Yuan
    unapplied_used: Yuan
    to_pay: Yuan


class _ReceiptIn(In):
    amount: Amount
    channel: Channel
    reference: Text[40]
    payer: Text[100] = ""
    memo: Text[200] = ""


class RepaymentIn(_ReceiptIn):
    paid_on: Day


class PrepaymentIn(_ReceiptIn):
    mode: Literal["reduce_instalment", "shorten_term"]


class SettlementIn(_ReceiptIn):
    pass


class ReasonIn(In):
    reason: Text[300]


class MatchIn(In):
    loan_number: Text[40]
    reason: Text[300]


class TransferOut(Out):
    debit: str
    credit: str
    amount: Yuan


class BookingOut(Out):
    on: Day
    event: str
    transfers: list[TransferOut]


class PreviewOut(Out):
    is_replay: bool
    principal_left: Yuan
    due: Yuan
    unapplied: Yuan
    bookings: list[BookingOut]


class PostedFileOut(Out):
    number: str
    posted: int
    parked: int


class DayIn(In):
    day: Day


class DayOut(Out):
    day: date
    loans_due_next: int


class OpenedOut(Out):
    day: date
    touched: int


class EndOfDayIn(In):
    until: Day


class PauseIn(In):
    reason: Text[300] = ""


class EndOfDayOut(Out):
    day: date
    status: str
    until: date
    started_at: datetime
    finished_at: datetime | None
    shards: int
    shards_done: int
    loans: int
    one_by_one: int
    failures: int
    accruals: int


class ProofOut(Out):
    checked: int
    differences: list[str]


@router.get("/loans", response=Page[LoanOut], summary="Loans, newest first")
@needs(permissions.VIEW)
def loans(
    request: HttpRequest, status: str = "", customer: str = "", contract: str = "", is_overdue: bool = False, cursor: str = "",
    limit: int = 50,
) -> dict[str, Any]:
    today = business_date.current()
    rows = Loan.objects.visible_to(request.actor).select_related("customer", "contract", "product_version")
    rows = rows.filter(status=status) if status else rows
    rows = rows.filter(customer__number=customer) if customer else rows
    rows = rows.filter(contract__number=contract) if contract else rows
    rows = rows.filter(status="active", oldest_due_on__lt=today) if is_overdue else rows
    return page_of(rows, cursor, limit, lambda row: _loan(row, today))


@router.get("/loans/{number}", response=LoanStateOut, summary="One loan as it stands on the business date")
@needs(permissions.VIEW)
def loan(request: HttpRequest, number: str) -> dict[str, Any]:
    row, today = _fetch(request, number), business_date.current()
    head = pages.head_of(queries.current_position(row, today), today)
    now = {"as_of": max(today, row.as_of), "due": head.due, "next_amount": head.next_amount, "unapplied": head.unapplied}
    return {**_loan(row, today), **now}


@router.get("/loans/{number}/plan", response=list[LineOut], summary="The repayment plan with what was paid")
@needs(permissions.VIEW)
def plan(request: HttpRequest, number: str) -> list[dict[str, Any]]:
    rows = pages.plan_rows(queries.current_position(_fetch(request, number), business_date.current()))
    return [
        {"period": r.period, "due_date": r.due_date, "principal": Money(r.principal_fen), "interest": Money(r.interest_fen),
         "fee": Money(r.fee_fen), "total": Money(r.total_fen), "paid": Money(r.paid_fen),
         "penalty_and_compound": Money(r.penalty_fen), "balance": Money(r.balance_fen)}
        for r in rows
    ]


@router.get("/loans/{number}/events", response=Page[EventOut], summary="Everything that happened to a loan, oldest first")
@needs(permissions.VIEW)
def events(request: HttpRequest, number: str, cursor: str = "", limit: int = PAGE_SIZE) -> dict[str, Any]:
    return page_of(_fetch(request, number).events.select_related("reversal", "entry"), cursor, limit, _event, newest_first=False)


@router.get("/loans/{number}/track", response=Page[MoveOut], summary="Every move of the loan's status, oldest first")
@needs(permissions.VIEW)
def track(request: HttpRequest, number: str, cursor: str = "", limit: int = PAGE_SIZE) -> dict[str, Any]:
    return page_of_list(moves.history(_fetch(request, number).subject), cursor, limit, MoveOut.of)


@router.get("/loans/{number}/settlement-quote", response=QuoteOut, summary="What settles a loan on a day (today unless given)")
@needs(permissions.VIEW)
def quote(request: HttpRequest, number: str, on: Day | None = None) -> dict[str, Any]:
    row, today = _fetch(request, number), business_date.current()
    said = queries.require_quote(row, on or today, today)
    same = {name: Money(getattr(said.figure, f"{name}_fen")) for name in (
        "principal", "interest", "fee", "penalty", "compound", "early_settlement_fee")}
    return {"loan": row.number, "on": said.on, **same, "total": said.total, "unapplied_used": said.drawn, "to_pay": said.to_pay}


@router.post("/loans/{number}/repayments/preview", response=PreviewOut, summary="What a repayment would do; nothing is written")
@needs(permissions.RECORD_REPAYMENT)
def preview(request: HttpRequest, number: str, payload: RepaymentIn) -> dict[str, Any]:
    receipt = _receipt(payload, paid_on=payload.paid_on)
    receipt.require_complete()
    row, today = _fetch(request, number), business_date.current()
    queries.require_day(row, payload.paid_on, today)
    said = previews.preview_money(row, receipt.money, today)
    return {
        "is_replay": said.is_replay, "principal_left": Money(said.after.principal_fen),
        "due": Money(said.after.due_total_fen), "unapplied": Money(said.after.unapplied_fen),
        "bookings": [
            {"on": b.on, "event": b.event,
             "transfers": [{"debit": t.debit, "credit": t.credit, "amount": Money(t.fen)} for t in b.transfers]}
            for b in said.bookings
        ],
    }


@router.post("/loans/{number}/repayments", response={201: EventOut}, summary="Register a repayment")
@needs(permissions.RECORD_REPAYMENT)
def repay(request: HttpRequest, number: str, payload: RepaymentIn) -> tuple[int, dict[str, Any]]:
    receipt = _receipt(payload, paid_on=payload.paid_on)
    return 201, _event(record_repayment(loan_number=number, receipt=receipt, by=request.actor))


@router.post("/loans/{number}/prepayments", response={201: EventOut}, summary="Prepay principal today")
@needs(permissions.PREPAY)
def prepay(request: HttpRequest, number: str, payload: PrepaymentIn) -> tuple[int, dict[str, Any]]:
    receipt = _receipt(payload, paid_on=business_date.current(), kind="prepaid", mode=PrepaymentMode(payload.mode))
    return 201, _event(prepay_loan(loan_number=number, receipt=receipt, by=request.actor))


@router.post("/loans/{number}/settlement", response={201: EventOut}, summary="Settle a loan today for exactly the quoted sum")
@needs(permissions.SETTLE)
def settle(request: HttpRequest, number: str, payload: SettlementIn) -> tuple[int, dict[str, Any]]:
    receipt = _receipt(payload, paid_on=business_date.current(), kind="settled")
    return 201, _event(settle_loan(loan_number=number, receipt=receipt, by=request.actor))


@router.post("/loans/{number}/events/{event_id}/reverse", response={201: EventOut}, summary="Take a payment back")
@needs(permissions.REVERSE)
def reverse(request: HttpRequest, number: str, event_id: int, payload: ReasonIn) -> tuple[int, dict[str, Any]]:
    done = reverse_repayment(loan_number=number, event_id=event_id, reason=payload.reason, by=request.actor)
    return 201, _event(done)


@router.post("/bank-files/{number}/post", response=PostedFileOut, summary="Post the lines of a bank file to loans")
@needs(permissions.POST_BANK_FILE)
def post_file(request: HttpRequest, number: str) -> Any:
    return post_bank_file(file_number=number, by=request.actor)


@router.post("/bank-lines/{serial}/match", response={201: EventOut}, summary="Claim a waiting receipt for a loan")
@needs(permissions.MATCH_RECEIPT)
def match(request: HttpRequest, serial: str, payload: MatchIn) -> tuple[int, dict[str, Any]]:
    done = match_receipt(bank_serial_number=serial, loan_number=payload.loan_number, reason=payload.reason, by=request.actor)
    return 201, _event(done)


@router.get("/business-day", response=DayOut, summary="The day the books are in")
@needs(permissions.VIEW)
def day(request: HttpRequest) -> dict[str, Any]:
    today = business_date.current()
    return {"day": today, "loans_due_next": queries.falling_due(today, today + timedelta(days=1)).count()}


@router.post("/business-day", response=OpenedOut, summary="Move the business date forward")
@needs(permissions.OPEN_DAY)
def open_day(request: HttpRequest, payload: DayIn) -> Any:
    return open_business_day(day=payload.day, calendar_day=business_date.horizon(), by=request.actor)


@router.get("/end-of-days/{day}", response=EndOfDayOut, summary="How far the close of a day is, or how it went")
@needs(permissions.END_OF_DAY)
def end_of_day(request: HttpRequest, day: date) -> dict[str, Any]:
    return _end_of_day(EndOfDay.objects.filter(day=day).first(), day)


@router.post("/end-of-days", response={202: EndOfDayOut}, summary="Close every day up to and with one; the workers do it")
@needs(permissions.END_OF_DAY)
def begin_end_of_days(request: HttpRequest, payload: EndOfDayIn) -> tuple[int, dict[str, Any]]:
    return 202, _end_of_day(begin_end_of_day(until=payload.until, calendar_day=business_date.horizon(), by=request.actor), payload.until)


@router.post("/end-of-days/{day}/pause", response=EndOfDayOut, summary="Let no further shard begin")
@needs(permissions.END_OF_DAY)
def pause_day(request: HttpRequest, day: date, payload: PauseIn) -> dict[str, Any]:
    _end_of_day(EndOfDay.objects.filter(day=day).first(), day)
    return _end_of_day(pause_end_of_day(day=day, reason=payload.reason, by=request.actor), day)


@router.post("/end-of-days/{day}/resume", response=EndOfDayOut, summary="Go on, and try failed loans once more")
@needs(permissions.END_OF_DAY)
def resume_day(request: HttpRequest, day: date) -> dict[str, Any]:
    _end_of_day(EndOfDay.objects.filter(day=day).first(), day)
    return _end_of_day(resume_end_of_day(day=day, by=request.actor), day)


def _end_of_day(run: EndOfDay | None, day: date) -> dict[str, Any]:
    if run is None:
        raise NotFound(what=day.isoformat())
    same = ("day", "status", "until", "started_at", "finished_at", "accruals")
    return {**{name: getattr(run, name) for name in same}, **runs.totals(run)}


@router.get("/proof", response=ProofOut, summary="Whether rows, folds and ledger agree, of one loan or of all in reach")
@needs(permissions.PROVE)
def proof(request: HttpRequest, loan_number: str = "") -> dict[str, Any]:
    rows = Loan.objects.visible_to(request.actor).select_related("product_version").order_by("id")
    chosen = [rows.fetch(loan_number)] if loan_number else list(rows)
    return {"checked": len(chosen), "differences": list(proofs.differences(chosen))}


def _fetch(request: HttpRequest, number: str) -> Loan:
    return Loan.objects.visible_to(request.actor).select_related("customer", "contract", "product_version").fetch(number)


def _receipt(payload: _ReceiptIn, **more: Any) -> CounterReceipt:
    return CounterReceipt(
        amount=payload.amount, channel=payload.channel, reference=payload.reference, payer=payload.payer, memo=payload.memo, **more
    )


def _loan(row: Loan, today: date) -> dict[str, Any]:
    same = ("number", "status", "principal", "principal_left", "annual_rate", "periods", "paid_out_on", "matures_on", "settled_on")
    dpd = row.days_past_due(today)
    return {
        **{name: getattr(row, name) for name in same}, "contract": row.contract.number, "customer": row.customer.number,
        "product_version": row.product_version.number, "next_due_on": row.next_due_on, "days_past_due": dpd,
        "bucket": ageing.bucket(dpd).value,
    }


def _event(row: LoanEvent) -> dict[str, Any]:
    same = ("id", "kind", "value_on", "posted_on", "recorded_at", "amount", "reference")
    return {**{name: getattr(row, name) for name in same}, "entry": row.entry.number if row.entry else None,
            "is_reversed": hasattr(row, "reversal")}
