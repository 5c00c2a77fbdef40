"""Floating rates over REST."""

from datetime import date, datetime
from typing import Any

from django.http import HttpRequest

from chezhe.kernel.doors import needs
from chezhe.kernel.rest import PAGE_SIZE, Fraction, Out, Page, Yuan, page_of, page_of_list
from chezhe.servicing import permissions
from chezhe.servicing.actions.retry_repricing import retry_repricing
from chezhe.servicing.actions.reverse_repricing import reverse_repricing
from chezhe.servicing.api.loans import router
from chezhe.servicing.api.money import ReasonIn
from chezhe.servicing.models import FloatingRate, Repricing, RepricingLine
from chezhe.servicing.repricing import pages


class RepricingDayOut(Out):
    day: date
    loans: int
    principal: Yuan


class FloatingOut(Out):
    loan: str
    base: str
    spread_rate: Fraction
    cadence: str
    next_on: date
    rate_now: Fraction | None


class RepricingOut(Out):
    number: str
    status: str
    day: date
    loans: int
    approval: str
    proposed_at: datetime
    finished_at: datetime | None


class RepricingLineOut(Out):
    loan: str
    status: str
    base: str
    base_rate: Fraction
    rate_before: Fraction
    rate_after: Fraction
    failure_code: str
    failure_reason: str


@router.get("/repricing-days", response=Page[RepricingDayOut], summary="The repricing days to come of running loans, nearest first")
@needs(permissions.VIEW)
def days(request: HttpRequest, cursor: str = "", limit: int = PAGE_SIZE) -> dict[str, Any]:
    return page_of_list(pages.days_ahead(request.actor), cursor, limit, lambda day: {
        "day": day.day, "loans": day.loans, "principal": day.principal})


@router.get("/floating-loans", response=Page[FloatingOut], summary="Loans whose rate floats, and their next repricing day")
@needs(permissions.VIEW)
def floating(request: HttpRequest, cursor: str = "", limit: int = PAGE_SIZE) -> dict[str, Any]:
    rows = FloatingRate.objects.visible_to(request.actor).filter(loan__status="active").select_related("loan")
    return page_of(rows, cursor, limit, _floating)


@router.get("/repricings", response=Page[RepricingOut], summary="Batches of new rates, newest first")
@needs(permissions.VIEW)
def batches(request: HttpRequest, cursor: str = "", limit: int = PAGE_SIZE) -> dict[str, Any]:
    return page_of(Repricing.objects.visible_to(request.actor), cursor, limit, _batch)


@router.get("/repricings/{number}", response=RepricingOut, summary="One batch of new rates")
@needs(permissions.VIEW)
def batch(request: HttpRequest, number: str) -> dict[str, Any]:
    return _batch(Repricing.objects.visible_to(request.actor).fetch(number))


@router.get("/repricings/{number}/lines", response=Page[RepricingLineOut], summary="The loans of a batch")
@needs(permissions.VIEW)
def lines(request: HttpRequest, number: str, status: str = "", cursor: str = "", limit: int = PAGE_SIZE) -> dict[str, Any]:
    row = Repricing.objects.visible_to(request.actor).fetch(number)
    rows = RepricingLine.objects.visible_to(request.actor).filter(batch=row).select_related("loan")
    return page_of(rows.filter(status=status) if status else rows, cursor, limit, _line)


@router.post("/repricings/{number}/retry", response=RepricingOut, summary="Try the loans again that could not be repriced")
@needs(permissions.REVERSE_REPRICING)
def retry(request: HttpRequest, number: str) -> dict[str, Any]:
    return _batch(retry_repricing(batch_number=number, by=request.actor))


@router.post("/repricings/{number}/reverse", response=RepricingOut, summary="Ask risk management to take a batch back as a whole")
@needs(permissions.REVERSE_REPRICING)
def reverse(request: HttpRequest, number: str, payload: ReasonIn) -> dict[str, Any]:
    return _batch(reverse_repricing(batch_number=number, reason=payload.reason, by=request.actor))


def _floating(row: FloatingRate) -> dict[str, Any]:
    same = ("base", "spread_rate", "cadence", "next_on")
    return {**{name: getattr(row, name) for name in same}, "loan": row.loan.number, "rate_now": row.loan.annual_rate}


def _batch(row: Repricing) -> dict[str, Any]:
    same = ("number", "status", "day", "loans", "proposed_at", "finished_at")
    return {**{name: getattr(row, name) for name in same}, "approval": row.approval_number}


def _line(row: RepricingLine) -> dict[str, Any]:
    same = ("status", "base", "base_rate", "rate_before", "rate_after", "failure_code", "failure_reason")
    return {**{name: getattr(row, name) for name in same}, "loan": row.loan.number}
