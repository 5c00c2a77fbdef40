"""What stands behind a loan over the API: securities, deadlines, coverage."""

from datetime import date, datetime
from typing import Any, Literal

from django.http import HttpRequest
from ninja import Router

from chezhe.kernel import business_date, rest, subjects
from chezhe.kernel.doors import needs
from chezhe.risk import permissions
from chezhe.risk.actions.accept_security import accept_security
from chezhe.risk.actions.claim_guarantee import claim_guarantee
from chezhe.risk.actions.measure_coverage import measure_coverage
from chezhe.risk.actions.offer_security import offer_security
from chezhe.risk.actions.refuse_security import refuse_security
from chezhe.risk.actions.release_security import release_security
from chezhe.risk.actions.withdraw_security import withdraw_security
from chezhe.risk.guarantees import queries
from chezhe.risk.guarantees.models import CoverageCheck, Security
from chezhe.risk.guarantees.steps import Offered

router = Router()


class SecurityIn(rest.In):
    """`kind` says which fields are needed: a guarantor their customer number and liability; a pledge `thing`, `holder` and
    `proof_number`, a deposit `holder` and `proof_number` (the same paper stands for one debt only); an insurance `holder`,
    `policy_number`, `covered_share` and `valid_to`."""

    subject: rest.Text[60]
    kind: Literal["guarantor", "pledge", "deposit", "insurance"]
    amount: rest.Amount
    guarantor_number: rest.Text[20] = ""
    liability: Literal["", "joint", "general"] = ""
    agreed_until: rest.Day | None = None
    income_monthly: rest.Amount | None = None
    net_assets: rest.Amount | None = None
    thing: rest.Text[120] = ""
    holder: rest.Text[80] = ""
    policy_number: rest.Text[40] = ""
    proof_number: rest.Text[40] = ""
    covered_share: rest.Fraction | None = None
    valid_to: rest.Day | None = None
    note: rest.Text[1000] = ""


class SecurityReasonIn(rest.In):
    reason: rest.Text[300] = ""


class ClaimIn(rest.In):
    claimed_on: rest.Day
    reason: rest.Text[300]


class SubjectIn(rest.In):
    subject: rest.Text[60]


class SecurityOut(rest.Out):
    number: str
    subject: str
    kind: str
    status: str
    amount: rest.Yuan
    guarantor: str | None
    liability: str
    thing: str
    holder: str
    covered_share: rest.Rate | None
    valid_to: date | None
    matures_on: date | None
    claim_until: date | None
    claimed_on: date | None
    offered_by: str
    offered_at: datetime


class SecurityPage(rest.Out):
    items: list[SecurityOut]
    next_cursor: str | None = None


class CoverageLineOut(rest.Out):
    number: str
    kind: str
    amount_fen: int
    reason: str


class CoverageOut(rest.Out):
    subject: str
    measured_on: date
    vehicle_value: rest.Yuan
    principal: rest.Yuan
    interest: rest.Yuan
    value: rest.Yuan
    missing: rest.Yuan
    rate: rest.Rate | None
    least_rate: rest.Rate
    ltv: rest.Rate | None
    forward_max: rest.Rate | None
    forward_month: int | None
    lines: list[CoverageLineOut]


@router.get("/securities", response=SecurityPage, summary="Securities in reach; of one subject, or guarantees whose period runs")
@needs(permissions.VIEW_SECURITIES)
def securities(
    request: HttpRequest, subject: str = "", due_within_days: int | None = None, cursor: str = "", limit: int = rest.PAGE_SIZE,
) -> dict[str, Any]:
    rows = Security.objects.visible_to(request.actor).select_related("guarantor")
    if subject:
        subjects.open_subject(subject, request.actor)
        rows = rows.filter(subject_text=subject)
    if due_within_days is not None:
        rows = queries.deadlines(request.actor, business_date.current(), within_days=min(max(due_within_days, 0), 3_650))
    return rest.page_of(rows, cursor, limit, _security)


@router.post("/securities", response={201: SecurityOut}, summary="Offer a security; another person accepts it")
@needs(permissions.OFFER_SECURITY)
def offer(request: HttpRequest, payload: SecurityIn) -> tuple[int, dict[str, Any]]:
    given = {name: getattr(payload, name) for name in Offered.__dataclass_fields__}
    return 201, _security(offer_security(
        subject=payload.subject, offered=Offered(**given), guarantor_number=payload.guarantor_number,
        business_date=business_date.current(), by=request.actor))


@router.get("/securities/{number}", response=SecurityOut, summary="One security")
@needs(permissions.VIEW_SECURITIES)
def security(request: HttpRequest, number: str) -> dict[str, Any]:
    return _security(Security.objects.visible_to(request.actor).select_related("guarantor").fetch(number))


@router.post("/securities/{number}/accept", response=SecurityOut, summary="It counts from now on; not by who offered it")
@needs(permissions.DECIDE_SECURITY)
def accept(request: HttpRequest, number: str, payload: SecurityReasonIn) -> dict[str, Any]:
    return _security(accept_security(security_number=number, reason=payload.reason, by=request.actor))


@router.post("/securities/{number}/refuse", response=SecurityOut, summary="It does not count, and why")
@needs(permissions.DECIDE_SECURITY)
def refuse(request: HttpRequest, number: str, payload: SecurityReasonIn) -> dict[str, Any]:
    return _security(refuse_security(security_number=number, reason=payload.reason, by=request.actor))


@router.post("/securities/{number}/withdraw", response=SecurityOut, summary="Take back an offer")
@needs(permissions.OFFER_SECURITY)
def withdraw(request: HttpRequest, number: str, payload: SecurityReasonIn) -> dict[str, Any]:
    return _security(withdraw_security(security_number=number, reason=payload.reason, by=request.actor))


@router.post("/securities/{number}/claim", response=SecurityOut, summary="The guarantor was claimed within the period")
@needs(permissions.CLAIM_GUARANTEE)
def claim(request: HttpRequest, number: str, payload: ClaimIn) -> dict[str, Any]:
    return _security(claim_guarantee(
        security_number=number, claimed_on=payload.claimed_on, reason=payload.reason, business_date=business_date.current(),
        by=request.actor))


@router.post("/securities/{number}/release", response=SecurityOut, summary="Give it back")
@needs(permissions.RELEASE_SECURITY)
def release(request: HttpRequest, number: str, payload: SecurityReasonIn) -> dict[str, Any]:
    return _security(release_security(security_number=number, reason=payload.reason, by=request.actor))


@router.get("/coverage", response=CoverageOut | None, summary="The coverage of a subject as it was last measured")
@needs(permissions.VIEW_SECURITIES)
def coverage(request: HttpRequest, subject: str) -> dict[str, Any] | None:
    subjects.open_subject(subject, request.actor)
    check = queries.latest_check(subject)
    return _coverage(check) if check else None


@router.post("/coverage", response={201: CoverageOut}, summary="Measure the coverage of a subject now")
@needs(permissions.MEASURE)
def measure(request: HttpRequest, payload: SubjectIn) -> tuple[int, dict[str, Any]]:
    return 201, _coverage(measure_coverage(subject=payload.subject, business_date=business_date.current(), by=request.actor))


def _security(row: Security) -> dict[str, Any]:
    names = (
        "number", "kind", "status", "amount", "liability", "thing", "holder", "covered_share", "valid_to", "matures_on", "claim_until",
        "claimed_on", "offered_at",
    )
    return {name: getattr(row, name) for name in names} | {
        "subject": row.subject_text, "offered_by": row.offered_by_name, "guarantor": row.guarantor.number if row.guarantor else None,
    }


def _coverage(row: CoverageCheck) -> dict[str, Any]:
    names = (
        "measured_on", "vehicle_value", "principal", "interest", "value", "missing", "rate", "least_rate", "ltv", "forward_max",
        "forward_month", "lines",
    )
    return {name: getattr(row, name) for name in names} | {"subject": row.subject_text}
