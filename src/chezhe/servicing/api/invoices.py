"""Invoices over REST."""

from datetime import date, datetime
from typing import Any, Literal

from django.http import HttpRequest

from chezhe.finmath.money import Money
from chezhe.kernel import rest
from chezhe.kernel.doors import needs
from chezhe.kernel.rest import PAGE_SIZE, In, Out, Page, Yuan, page_of
from chezhe.servicing.actions.ask_red_invoice import ask_red_invoice
from chezhe.servicing.actions.request_invoice import request_invoice
from chezhe.servicing.actions.withdraw_invoice import withdraw_invoice
from chezhe.servicing.api.loans import router
from chezhe.servicing.api.money import ReasonIn
from chezhe.servicing.models import Invoice, Loan
from chezhe.servicing.permissions import VIEW
from chezhe.servicing.tax.invoices import permissions, received
from chezhe.servicing.tax.invoices.requests import Title


class InvoiceableOut(Out):
    period: int
    item: str
    paid: Yuan
    invoiced: Yuan
    left: Yuan


class InvoiceLineIn(In):
    """Without an amount all that is left of the item."""

    period: int
    item: Literal["interest", "penalty", "compound", "fee", "early_settlement"]
    amount: Yuan | None = None


class InvoiceIn(In):
    """Without a title the borrower's own name (and code) is taken."""

    title_kind: Literal["person", "company"]
    title: rest.Text[100] = ""
    tax_number: rest.Text[40] = ""
    lines: list[InvoiceLineIn]


class InvoiceLineOut(Out):
    period: int
    item: str
    amount: Yuan
    tax: Yuan


class InvoiceOut(Out):
    number: str
    status: str
    loan: str
    title_kind: str
    title: str
    tax_number: str
    amount: Yuan
    tax: Yuan
    invoice_number: str
    issued_on: date | None
    red_number: str
    red_on: date | None
    failure_code: str
    requested_by: str
    requested_at: datetime


class InvoiceResultOut(InvoiceOut):
    lines: list[InvoiceLineOut]


@router.get("/loans/{number}/invoiceable", response=list[InvoiceableOut], summary="What was paid, and what is left to invoice")
@needs(VIEW)
def invoiceable(request: HttpRequest, number: str) -> list[dict[str, Any]]:
    loan = Loan.objects.visible_to(request.actor).select_related("product_version").fetch(number)
    paid, invoiced = received.paid(loan), received.invoiced(loan)
    return [
        {"period": key[0], "item": key[1], "paid": Money(fen), "invoiced": Money(invoiced.get(key, 0)),
         "left": Money(max(0, fen - invoiced.get(key, 0)))} for key, fen in paid.items()
    ]


@router.post("/loans/{number}/invoices", response={201: InvoiceResultOut}, summary="Ask for an ordinary invoice over paid items")
@needs(permissions.REQUEST_INVOICE)
def ask(request: HttpRequest, number: str, payload: InvoiceIn) -> tuple[int, dict[str, Any]]:
    title = Title(kind=payload.title_kind, name=payload.title, tax_number=payload.tax_number)
    lines = {(line.period, line.item): line.amount.fen if line.amount is not None else None for line in payload.lines}
    return 201, _whole(request_invoice(loan_number=number, title=title, lines=lines, by=request.actor))


@router.get("/invoices", response=Page[InvoiceOut], summary="Invoices, newest first")
@needs(VIEW)
def invoices(request: HttpRequest, loan: str = "", status: str = "", cursor: str = "", limit: int = PAGE_SIZE) -> dict[str, Any]:
    rows = Invoice.objects.visible_to(request.actor).select_related("loan")
    rows = rows.filter(loan__number=loan) if loan else rows
    return page_of(rows.filter(status=status) if status else rows, cursor, limit, _invoice)


@router.get("/invoices/{number}", response=InvoiceResultOut, summary="One invoice with its lines")
@needs(VIEW)
def invoice(request: HttpRequest, number: str) -> dict[str, Any]:
    return _whole(Invoice.objects.visible_to(request.actor).select_related("loan").fetch(number))


@router.post("/invoices/{number}/withdraw", response=InvoiceResultOut, summary="Take a request back that has not reached the platform")
@needs(permissions.REQUEST_INVOICE)
def withdraw(request: HttpRequest, number: str, payload: ReasonIn) -> dict[str, Any]:
    return _whole(withdraw_invoice(invoice_number=number, reason=payload.reason, by=request.actor))


@router.post("/invoices/{number}/red", response=InvoiceResultOut, summary="Ask for the red letter of an issued invoice")
@needs(permissions.ASK_RED)
def redden(request: HttpRequest, number: str, payload: ReasonIn) -> dict[str, Any]:
    return _whole(ask_red_invoice(invoice_number=number, reason=payload.reason, by=request.actor))


def _invoice(row: Invoice) -> dict[str, Any]:
    same = ("number", "status", "title_kind", "tax_number", "amount", "tax", "invoice_number", "issued_on", "red_number", "red_on",
            "failure_code", "requested_at")
    return {**{name: getattr(row, name) for name in same}, "title": row.masked_title, "loan": row.loan.number,
            "requested_by": row.requested_by_name}


def _whole(row: Invoice) -> dict[str, Any]:
    lines = [{"period": line.period, "item": line.item, "amount": line.amount, "tax": line.tax} for line in row.lines.order_by("pk")]
    return {**_invoice(row), "lines": lines}
