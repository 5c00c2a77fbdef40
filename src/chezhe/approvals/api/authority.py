"""Limits, interests and the register of exceptions."""

from datetime import date, datetime
from typing import Literal

from django.http import HttpRequest
from ninja import Status
from pydantic import Field

from chezhe.approvals import permissions, queries
from chezhe.approvals.actions.declare_interest import declare_interest
from chezhe.approvals.actions.end_interest import end_interest
from chezhe.approvals.actions.propose_limit import propose_limit
from chezhe.approvals.api.requests import router
from chezhe.approvals.limiting import Proposed
from chezhe.approvals.models import AgreedException, Interest, Limit
from chezhe.kernel import business_date
from chezhe.kernel.doors import needs
from chezhe.kernel.rest import PAGE_SIZE, In, Out, Yuan, page_of


class LimitOut(Out):
    number: str
    kind: str
    role: str
    username: str
    branch: str
    product: str
    amount_max: Yuan
    starts_on: date
    reason: str
    status: str
    proposed_by: str
    settled_by: str
    request_number: str


class LimitPage(Out):
    items: list[LimitOut]
    next_cursor: str | None = None


class LimitIn(In):
    kind: str = Field(max_length=40)
    role: str = Field(default="", max_length=24)
    username: str = Field(default="", max_length=40)
    branch_code: str = Field(default="", max_length=12)
    product: str = Field(default="", max_length=12)
    amount_max: Yuan
    starts_on: date
    reason: str = Field(max_length=200)


class InterestOut(Out):
    number: str
    username: str
    subject: str
    kind: str
    words: str
    starts_on: date
    ends_on: date | None


class InterestPage(Out):
    items: list[InterestOut]
    next_cursor: str | None = None


class InterestIn(In):
    subject: str = Field(max_length=60)
    kind: Literal["self", "relative", "dealer", "other"]
    words: str = Field(default="", max_length=200)
    username: str = Field(default="", max_length=40)


class EndIn(In):
    reason: str = Field(max_length=200)


class ExceptionOut(Out):
    request: str
    kind: str
    subject: str
    code: str
    words: str
    amount: Yuan | None
    branch: str
    agreed_by: str
    reason: str
    agreed_at: datetime


class ExceptionPage(Out):
    items: list[ExceptionOut]
    next_cursor: str | None = None


def _limit(row: Limit) -> LimitOut:
    return LimitOut(
        number=row.number, kind=row.kind, role=row.role, username=row.user.username if row.user else "",
        branch=row.branch.code if row.branch else "", product=row.product, amount_max=row.amount_max, starts_on=row.starts_on,
        reason=row.reason, status=row.status, proposed_by=row.proposed_by_name, settled_by=row.settled_by_name,
        request_number=row.request_number,
    )


def _interest(row: Interest) -> InterestOut:
    return InterestOut(
        number=row.number, username=row.user.username, subject=row.subject_text, kind=row.kind, words=row.words,
        starts_on=row.starts_on, ends_on=row.ends_on,
    )


def _exception(row: AgreedException) -> ExceptionOut:
    return ExceptionOut(
        request=row.request.number, kind=row.kind, subject=row.subject_text, code=row.code, words=row.words, amount=row.amount,
        branch=row.branch.code if row.branch else "", agreed_by=row.agreed_by_names, reason=row.reason, agreed_at=row.agreed_at,
    )


@router.get("/limits", response=LimitPage, summary="Up to which amount who may be the last to agree")
@needs(permissions.SEE_LIMITS)
def limits(request: HttpRequest, cursor: str = "", limit: int = PAGE_SIZE) -> dict[str, object]:
    return page_of(queries.limits(), cursor, limit, _limit)


@router.post("/limits", response={201: LimitOut}, summary="Propose another limit; a second person agrees")
@needs(permissions.PROPOSE_LIMIT)
def propose(request: HttpRequest, payload: LimitIn) -> Status[LimitOut]:
    bound = Proposed(
        kind=payload.kind, role=payload.role, username=payload.username, branch_code=payload.branch_code, product=payload.product,
        amount_max=payload.amount_max, starts_on=payload.starts_on,
    )
    return Status(201, _limit(propose_limit(
        bound=bound, reason=payload.reason, business_date=business_date.current(), by=request.actor)))


@router.get("/interests", response=InterestPage, summary="Declared interests: mine, or for compliance everybody's")
@needs(permissions.DECLARE)
def interests(request: HttpRequest, cursor: str = "", limit: int = PAGE_SIZE) -> dict[str, object]:
    is_overseer = request.actor.can(permissions.SEE_INTERESTS.code)
    return page_of(queries.interests(request.actor, is_overseer=is_overseer), cursor, limit, _interest)


@router.post("/interests", response={201: InterestOut}, summary="Declare an interest in a customer or dealer")
@needs(permissions.DECLARE)
def declare(request: HttpRequest, payload: InterestIn) -> Status[InterestOut]:
    return Status(201, _interest(declare_interest(
        **payload.model_dump(), business_date=business_date.current(), by=request.actor)))


@router.post("/interests/{number}/end", response=InterestOut, summary="The interest is no more")
@needs(permissions.END_INTEREST)
def end(request: HttpRequest, number: str, payload: EndIn) -> InterestOut:
    return _interest(end_interest(
        interest_number=number, reason=payload.reason, business_date=business_date.current(), by=request.actor))


@router.get("/exceptions", response=ExceptionPage, summary="The register of exceptions, newest first")
@needs(permissions.SEE_EXCEPTIONS)
def exceptions(request: HttpRequest, cursor: str = "", limit: int = PAGE_SIZE) -> dict[str, object]:
    return page_of(queries.exceptions(request.actor), cursor, limit, _exception)
