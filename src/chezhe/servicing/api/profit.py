"""Profit and funding cost over REST."""

from datetime import date
from typing import Any

from django.http import HttpRequest

from chezhe.finmath.money import Money
from chezhe.kernel import business_date
from chezhe.kernel.doors import needs
from chezhe.kernel.rest import PAGE_SIZE, Day, Fraction, In, Out, Page, Yuan, page_of
from chezhe.kernel.scope import require_whole_house
from chezhe.ledger import bookings
from chezhe.ledger.wire import EntriesOut
from chezhe.servicing.actions.post_funding import post_funding
from chezhe.servicing.actions.reverse_funding import reverse_funding
from chezhe.servicing.api.loans import router
from chezhe.servicing.api.money import ReasonIn
from chezhe.servicing.models import FundingLine, FundingRun, Loan
from chezhe.servicing.profit import months, pages, permissions, rules, runs, statements


class StatementOut(Out):
    interest: Yuan
    penalty: Yuan
    fees: Yuan
    waived: Yuan
    vat: Yuan
    funding: Yuan
    credit: Yuan
    commission: Yuan
    operating: Yuan
    profit: Yuan


class LoanProfitOut(StatementOut):
    loan: str
    first: date
    last: date
    funding_rate: Fraction
    fen_days: int


class MonthProfitOut(StatementOut):
    as_of: date
    product: str
    branch_id: int | None


class FundingIn(In):
    as_of: Day


class FundingOut(Out):
    number: str
    status: str
    as_of: date
    basis: int
    loans: int
    cost: Yuan
    posted_by: str
    posted_on: date


class FundingPreviewOut(EntriesOut):
    as_of: date
    loans: int
    cost: Yuan


class FundingLineOut(Out):
    loan: str
    product: str
    branch: str
    rate: Fraction
    fen_days: int
    to_date: Yuan
    cost: Yuan


@router.get("/loans/{number}/profit", response=LoanProfitOut, summary="What a loan left, from the morning of first to the evening of last")
@needs(permissions.VIEW_PROFIT)
def loan_profit(request: HttpRequest, number: str, first: Day, last: Day) -> dict[str, Any]:
    loan = Loan.objects.visible_to(request.actor).select_related("product_version__product").fetch(number)
    found = statements.profit_of(loan, first, last)
    return {**_statement(found.rows), "loan": number, "first": first, "last": last, "funding_rate": found.rate, "fen_days": found.fen_days}


@router.get("/profit", response=list[MonthProfitOut], summary="What products and branches left, month by month, within the reader's reach")
@needs(permissions.VIEW_PROFIT)
def profit(request: HttpRequest, first: Day, last: Day) -> list[dict[str, Any]]:
    found = pages.visible(months.months_between(first, last, business_date.current()), request.actor)
    return [{**_statement(part.rows), "as_of": part.as_of, "product": part.product, "branch_id": part.branch} for part in found]


@router.get("/funding-runs", response=Page[FundingOut], summary="Booked months of internal funding cost, newest first")
@needs(permissions.VIEW_PROFIT)
def funding_runs(request: HttpRequest, cursor: str = "", limit: int = PAGE_SIZE) -> dict[str, Any]:
    return page_of(FundingRun.objects.visible_to(request.actor), cursor, limit, _run)


@router.post("/funding-runs", response={201: FundingOut}, summary="Book a month's internal funding cost")
@needs(permissions.POST_FUNDING)
def post(request: HttpRequest, payload: FundingIn) -> tuple[int, dict[str, Any]]:
    return 201, _run(post_funding(as_of=payload.as_of, by=request.actor))


@router.post("/funding-runs/preview", response=FundingPreviewOut, summary="What booking a month would book; nothing is written")
@needs(permissions.POST_FUNDING)
def preview(request: HttpRequest, payload: FundingIn) -> dict[str, Any]:
    require_whole_house(request.actor)
    worked, said = runs.to_book(payload.as_of)
    loans, cost_fen = (len(worked.lines), worked.cost_fen) if worked else (0, 0)
    return {"as_of": payload.as_of, "loans": loans, "cost": Money(cost_fen), "bookings": bookings.told(said)}


@router.post("/funding-runs/{number}/reverse/preview", response=EntriesOut, summary="What taking a month back would book")
@needs(permissions.REVERSE_FUNDING)
def preview_reverse(request: HttpRequest, number: str, payload: ReasonIn) -> dict[str, Any]:
    require_whole_house(request.actor)
    run = FundingRun.objects.visible_to(request.actor).fetch(number)
    return {"bookings": bookings.told(runs.would_reverse(run, payload.reason))}


@router.get("/funding-runs/{number}", response=FundingOut, summary="One booked month")
@needs(permissions.VIEW_PROFIT)
def funding_run(request: HttpRequest, number: str) -> dict[str, Any]:
    return _run(FundingRun.objects.visible_to(request.actor).fetch(number))


@router.get("/funding-runs/{number}/lines", response=Page[FundingLineOut], summary="What each loan's money cost in it")
@needs(permissions.VIEW_PROFIT)
def funding_lines(request: HttpRequest, number: str, cursor: str = "", limit: int = PAGE_SIZE) -> dict[str, Any]:
    run = FundingRun.objects.visible_to(request.actor).fetch(number)
    rows = FundingLine.objects.visible_to(request.actor).filter(run=run).select_related("loan", "product", "branch")
    return page_of(rows, cursor, limit, _line, newest_first=False)


@router.post("/funding-runs/{number}/reverse", response=FundingOut, summary="Take a booked month back, the latest first")
@needs(permissions.REVERSE_FUNDING)
def reverse(request: HttpRequest, number: str, payload: ReasonIn) -> dict[str, Any]:
    return _run(reverse_funding(funding_number=number, reason=payload.reason, by=request.actor))


def _statement(found: dict[str, int]) -> dict[str, Any]:
    return {**{row: Money(found[row]) for row in rules.ROWS}, "profit": Money(rules.profit_of(found))}


def _run(row: FundingRun) -> dict[str, Any]:
    same = ("number", "status", "as_of", "basis", "loans", "cost", "posted_on")
    return {**{name: getattr(row, name) for name in same}, "posted_by": row.posted_by_name}


def _line(row: FundingLine) -> dict[str, Any]:
    same = ("rate", "fen_days", "to_date", "cost")
    return {**{name: getattr(row, name) for name in same}, "loan": row.loan.number, "product": row.product.code, "branch": row.branch.name}
