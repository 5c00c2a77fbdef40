"""Loans as they stand, over REST."""

from datetime import date, datetime
from typing import Any

from django.http import HttpRequest
from ninja import Router

from chezhe.finmath import ageing
from chezhe.finmath.money import Money
from chezhe.kernel import business_date, moves
from chezhe.kernel.doors import needs
from chezhe.kernel.rest import PAGE_SIZE, Day, Fraction, MoveOut, Out, Page, Yuan, page_of, page_of_list
from chezhe.servicing import pages, permissions, queries, turns
from chezhe.servicing.models import Loan, LoanEvent
from chezhe.servicing.position import Position
from chezhe.servicing.states import ON_BOOKS

router = Router()


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
    deposit: Yuan
    observed_until: date | None


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
    moved: list[str]


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
    rows = rows.filter(status__in=ON_BOOKS, oldest_due_on__lt=today) if is_overdue else rows
    return page_of(rows, cursor, limit, lambda row: _loan(row, today))


@router.get("/loans/{number}", response=LoanStateOut, summary="One loan as it stands on the business date")
@needs(permissions.VIEW)
def loan(request: HttpRequest, number: str) -> dict[str, Any]:
    row, today = fetch(request, number), business_date.current()
    head = pages.head_of(queries.current_position(row, today))
    now = {"as_of": max(today, row.as_of), "due": head.due, "next_amount": head.next_amount, "unapplied": head.unapplied,
           "deposit": head.deposit, "observed_until": row.observed_until}
    return {**_loan(row, today), **now}


@router.get("/loans/{number}/plan", response=list[LineOut], summary="The repayment plan with what was paid")
@needs(permissions.VIEW)
def plan(request: HttpRequest, number: str) -> list[dict[str, Any]]:
    return plan_out(queries.current_position(fetch(request, number), business_date.current()))


def plan_out(position: Position) -> list[dict[str, Any]]:
    """Every instalment as programs read it."""
    return [
        {"period": r.period, "due_date": r.due_date, "principal": Money(r.principal_fen), "interest": Money(r.interest_fen),
         "fee": Money(r.fee_fen), "total": Money(r.total_fen), "paid": Money(r.paid_fen),
         "penalty_and_compound": Money(r.penalty_fen), "balance": Money(r.balance_fen)}
        for r in pages.plan_rows(position)
    ]


@router.get("/loans/{number}/events", response=Page[EventOut], summary="Everything that happened to a loan, oldest first")
@needs(permissions.VIEW)
def events(request: HttpRequest, number: str, cursor: str = "", limit: int = PAGE_SIZE) -> dict[str, Any]:
    return page_of(fetch(request, number).events.select_related("reversal", "entry"), cursor, limit, event_out, newest_first=False)


@router.get("/loans/{number}/track", response=Page[MoveOut], summary="Every move of the loan's status, oldest first")
@needs(permissions.VIEW)
def track(request: HttpRequest, number: str, cursor: str = "", limit: int = PAGE_SIZE) -> dict[str, Any]:
    return page_of_list(moves.history(fetch(request, number).subject), cursor, limit, MoveOut.of)


@router.get("/loans/{number}/settlement-quote", response=QuoteOut, summary="What settles a loan on a day (today unless given)")
@needs(permissions.VIEW)
def quote(request: HttpRequest, number: str, on: Day | None = None) -> dict[str, Any]:
    row, today = fetch(request, number), business_date.current()
    said = queries.require_quote(row, on or today, today)
    same = {name: Money(getattr(said.figure, f"{name}_fen")) for name in (
        "principal", "interest", "fee", "penalty", "compound", "early_settlement_fee")}
    return {"loan": row.number, "on": said.on, **same, "total": said.total, "unapplied_used": said.drawn, "to_pay": said.to_pay}


def fetch(request: HttpRequest, number: str) -> Loan:
    return Loan.objects.visible_to(request.actor).select_related("customer", "contract", "product_version").fetch(number)


def _loan(row: Loan, today: date) -> dict[str, Any]:
    same = ("number", "status", "principal", "principal_left", "annual_rate", "periods", "paid_out_on", "matures_on", "settled_on")
    dpd = row.days_past_due(today)
    return {
        **{name: getattr(row, name) for name in same}, "contract": row.contract.number, "customer": row.customer.number,
        "product_version": row.product_version.number, "next_due_on": row.next_due_on, "days_past_due": dpd,
        "bucket": ageing.bucket(dpd).value,
    }


def event_out(row: LoanEvent) -> dict[str, Any]:
    same = ("id", "kind", "value_on", "posted_on", "recorded_at", "amount", "reference")
    return {**{name: getattr(row, name) for name in same}, "entry": row.entry.number if row.entry else None,
            "is_reversed": hasattr(row, "reversal"), "moved": turns.moved_by(row.kind, row.facts)}
