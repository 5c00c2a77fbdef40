"""What dealers earn, over REST: lines, monthly statements, and what goes back."""

from datetime import date
from typing import Any

from django.http import HttpRequest

from chezhe.kernel import business_date
from chezhe.kernel.doors import needs
from chezhe.kernel.rest import PAGE_SIZE, Day, Fraction, In, Out, Page, Text, Yuan, page_of
from chezhe.ledger import bookings
from chezhe.ledger.wire import EntriesOut
from chezhe.servicing.actions.approve_commission import approve_commission
from chezhe.servicing.actions.discard_commission import discard_commission
from chezhe.servicing.actions.draw_up_commission import draw_up_commission
from chezhe.servicing.actions.pay_commission import pay_commission
from chezhe.servicing.actions.record_car_return import record_car_return
from chezhe.servicing.actions.reverse_commission import reverse_commission
from chezhe.servicing.api.loans import router
from chezhe.servicing.api.money import ReasonIn
from chezhe.servicing.commission import accruing, permissions, queries, statements
from chezhe.servicing.commission.models import CommissionLine, CommissionStatement
from chezhe.servicing.models import Loan


class CommissionLineOut(Out):
    """`amount` is negative for what goes back; `rate` and `base` say how it was worked out."""

    loan: str
    dealer: str
    plan: str
    kind: str
    on: date
    amount: Yuan
    rate: Fraction | None
    base: Yuan | None
    held_months: int | None
    reason: str
    statement: str | None


class CommissionStatementOut(Out):
    number: str
    status: str
    dealer: str
    as_of: date
    accrued: Yuan
    clawed: Yuan
    brought: Yuan
    netted: Yuan
    payable: Yuan
    left: Yuan
    invoice_number: str
    payout: str
    failure_code: str
    paid_on: date | None
    drawn_by: str
    approved_by: str


class CommissionMonthIn(In):
    as_of: Day


class CommissionDrawnOut(Out):
    numbers: list[str]


class CommissionApproveIn(In):
    invoice_number: Text[60] = ""


class CommissionPayIn(In):
    payee_number: Text[40] = ""


class CarReturnIn(In):
    returned_on: Day
    reason: Text[200]


class CarReturnPreviewOut(EntriesOut):
    amount: Yuan


@router.get("/commission-lines", response=Page[CommissionLineOut], summary="What dealers earned and owe back, newest first")
@needs(permissions.VIEW)
def commission_lines(request: HttpRequest, dealer: str = "", loan: str = "", cursor: str = "", limit: int = PAGE_SIZE) -> dict[str, Any]:
    rows = queries.lines(request.actor)
    rows = rows.filter(dealer__number=dealer) if dealer else rows
    return page_of(rows.filter(loan__number=loan) if loan else rows, cursor, limit, _line)


@router.get("/commission-statements", response=Page[CommissionStatementOut], summary="Dealers' monthly statements, newest first")
@needs(permissions.VIEW)
def commission_statements(
    request: HttpRequest, dealer: str = "", status: str = "", cursor: str = "", limit: int = PAGE_SIZE
) -> dict[str, Any]:
    rows = queries.statements(request.actor)
    rows = rows.filter(dealer__number=dealer) if dealer else rows
    return page_of(rows.filter(status=status) if status else rows, cursor, limit, _statement)


@router.post("/commission-statements", response={201: CommissionDrawnOut}, summary="Draw up a month's statements, one a dealer")
@needs(permissions.DRAW_UP)
def draw_up(request: HttpRequest, payload: CommissionMonthIn) -> tuple[int, dict[str, Any]]:
    return 201, {"numbers": [row.number for row in draw_up_commission(as_of=payload.as_of, by=request.actor)]}


@router.get("/commission-statements/{number}", response=CommissionStatementOut, summary="One statement")
@needs(permissions.VIEW)
def commission_statement(request: HttpRequest, number: str) -> dict[str, Any]:
    return _statement(queries.statements(request.actor).fetch(number))


@router.post("/commission-statements/{number}/approve", response=CommissionStatementOut, summary="Agree to a statement (second person)")
@needs(permissions.APPROVE)
def approve(request: HttpRequest, number: str, payload: CommissionApproveIn) -> dict[str, Any]:
    return _statement(approve_commission(statement_number=number, invoice_number=payload.invoice_number, by=request.actor))


@router.post("/commission-statements/{number}/approve/preview", response=EntriesOut, summary="What agreeing to a statement would book")
@needs(permissions.APPROVE)
def preview_approve(request: HttpRequest, number: str, payload: CommissionApproveIn) -> dict[str, Any]:
    row = queries.statements(request.actor).fetch(number)
    statements.require_approvable(row, request.actor)
    statements.require_invoice(payload.invoice_number)
    return {"bookings": bookings.told(statements.netting_of(row))}


@router.post("/commission-statements/{number}/discard", response=CommissionStatementOut, summary="Put a statement aside")
@needs(permissions.DRAW_UP)
def discard(request: HttpRequest, number: str, payload: ReasonIn) -> dict[str, Any]:
    return _statement(discard_commission(statement_number=number, reason=payload.reason, by=request.actor))


@router.post("/commission-statements/{number}/pay", response=CommissionStatementOut, summary="Pay a statement (third person)")
@needs(permissions.PAY)
def pay(request: HttpRequest, number: str, payload: CommissionPayIn) -> dict[str, Any]:
    return _statement(pay_commission(statement_number=number, payee_number=payload.payee_number, by=request.actor))


@router.post("/commission-statements/{number}/reverse", response=CommissionStatementOut, summary="Take a statement back that is not paid")
@needs(permissions.REVERSE)
def reverse(request: HttpRequest, number: str, payload: ReasonIn) -> dict[str, Any]:
    return _statement(reverse_commission(statement_number=number, reason=payload.reason, by=request.actor))


@router.post("/commission-statements/{number}/reverse/preview", response=EntriesOut, summary="What taking a statement back would book")
@needs(permissions.REVERSE)
def preview_reverse(request: HttpRequest, number: str, payload: ReasonIn) -> dict[str, Any]:
    statements.require_reason(payload.reason, most=200)
    return {"bookings": bookings.told(statements.would_reverse(queries.statements(request.actor).fetch(number)))}


@router.post("/loans/{number}/car-return", response=CommissionLineOut, summary="A car went back: the dealer owes its commission")
@needs(permissions.RECORD_RETURN)
def car_return(request: HttpRequest, number: str, payload: CarReturnIn) -> dict[str, Any]:
    return _line(record_car_return(
        loan_number=number, returned_on=payload.returned_on, reason=payload.reason, business_date=business_date.current(),
        by=request.actor))


@router.post("/loans/{number}/car-return/preview", response=CarReturnPreviewOut, summary="What a returned car would book")
@needs(permissions.RECORD_RETURN)
def preview_car_return(request: HttpRequest, number: str, payload: CarReturnIn) -> dict[str, Any]:
    loan = Loan.objects.visible_to(request.actor).fetch(number)
    found = accruing.judge_return(loan, payload.returned_on, payload.reason, business_date.current())
    return {"bookings": bookings.told([found.booking()]), "amount": found.amount}


def _line(row: CommissionLine) -> dict[str, Any]:
    same = ("kind", "on", "amount", "rate", "base", "held_months", "reason")
    return {**{name: getattr(row, name) for name in same}, "loan": row.loan.number, "dealer": row.dealer.number, "plan": row.plan.number,
            "statement": row.statement.number if row.statement else None}


def _statement(row: CommissionStatement) -> dict[str, Any]:
    same = ("number", "status", "as_of", "accrued", "clawed", "brought", "netted", "payable", "left", "invoice_number", "failure_code",
            "paid_on")
    return {**{name: getattr(row, name) for name in same}, "dealer": row.dealer.number, "payout": row.payout_number,
            "drawn_by": row.drawn_by_name, "approved_by": row.approved_by_name}
