"""Facts and proofs over REST."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.http import HttpRequest
from ninja import File, UploadedFile
from pydantic import Field

from chezhe.customers.models import Customer
from chezhe.kernel import clock, subjects
from chezhe.kernel.doors import needs
from chezhe.kernel.rest import PAGE_SIZE, In, Out, Page, Text, Yuan, page_of
from chezhe.risk import permissions
from chezhe.risk.actions.confirm_fact import confirm_fact
from chezhe.risk.actions.record_accounts import record_accounts
from chezhe.risk.actions.request_facts import request_facts
from chezhe.risk.actions.reveal_report import reveal_report
from chezhe.risk.actions.upload_statement import upload_statement
from chezhe.risk.api import router
from chezhe.risk.api.shapes import FactConsentOut
from chezhe.risk.facts import asking, consents, pages, proof_pages
from chezhe.risk.facts.catalogue import CATALOGUE
from chezhe.risk.facts.definitions import stored
from chezhe.risk.facts.enterprise import Accounts
from chezhe.risk.facts.models import Statement


class DefinitionOut(Out):
    code: str
    title: str
    type: str
    unit: str
    source: str
    owner: str
    of: str
    valid_days: int | None
    low: str | None
    high: str | None
    values: list[str]
    consent: str


class FactOut(Out):
    """`consent` is null for what nobody outside was asked for."""

    code: str
    value: Any
    source: str
    known_at: datetime
    age_days: int
    consent: FactConsentOut | None


class ToldOut(Out):
    source: str
    value: Any
    reason: str
    known_at: datetime


class UnknownOut(Out):
    code: str
    why: str
    reasons: list[str]
    told: list[ToldOut]


class FactsOut(Out):
    subject: str
    facts: list[FactOut]
    unknown: list[UnknownOut]


class RequestIn(In):
    subject: Text[80]
    services: list[Text[40]] = Field(default=[], max_length=40)
    reason: Text[20]
    anew: bool = False


class WishedOut(Out):
    subject: str
    batch: str
    asked: list[str]
    reused: dict[str, str]
    waiting: list[str]
    without_consent: dict[str, str]
    lacking: dict[str, list[str]]


class ConfirmIn(In):
    subject: Text[80]
    code: Text[60]
    source: Text[30]
    reason: Text[300]


class ReasonIn(In):
    reason: Text[300]


class ReportOut(Out):
    number: str
    subject: str
    service: str
    answered_at: datetime
    sha256: str
    answer: str


class FindingOut(Out):
    code: str
    gravity: str
    figures: dict[str, Any]
    text: str


class StatementOut(Out):
    key: str
    layout: str
    period_from: str
    period_to: str
    lines: int
    is_proof: bool
    findings: list[FindingOut]


class AccountsIn(In):
    customer: Text[20]
    year: int = Field(ge=2000, le=2100)
    revenue: Yuan
    cost_of_sales: Yuan
    profit_before_tax: Yuan
    interest_expense: Yuan
    current_assets: Yuan
    inventory: Yuan
    receivable: Yuan
    prepaid: Yuan
    total_assets: Yuan
    current_liabilities: Yuan
    total_liabilities: Yuan
    payable: Yuan
    advances: Yuan


class AccountsOut(Out):
    customer: str
    year: int
    recorded_at: datetime


@router.get("/catalogue", response=list[DefinitionOut], summary="Every fact that training and decisions may use")
@needs(permissions.VIEW_FACTS)
def catalogue(request: HttpRequest) -> list[dict[str, Any]]:
    same = ("code", "type", "unit", "source", "owner", "of", "valid_days", "consent")
    return [
        {**{name: getattr(one, name) for name in same}, "title": str(one.title), "values": list(one.values),
         "low": None if one.low is None else str(one.low), "high": None if one.high is None else str(one.high)}
        for one in CATALOGUE.values()
    ]


@router.get("/facts", response=FactsOut, summary="What is known of a subject, at a moment or now, and what is not and why")
@needs(permissions.VIEW_FACTS)
def facts(request: HttpRequest, subject: str, at: datetime | None = None) -> dict[str, Any]:
    opened = subjects.open_subject(subject, request.actor)
    found = pages.expected(opened.text, at or clock.now(), request.actor)
    agreed = consents.named(one.consent for one in found.known.values())
    return {
        "subject": opened.text,
        "facts": [
            {"code": code, "value": stored(one.value), "source": one.source, "known_at": one.known_at, "age_days": one.age_days,
             "consent": _consent(agreed, one.consent)}
            for code, one in found.known.items()
        ],
        "unknown": [
            {"code": one.code, "why": one.why, "reasons": list(one.reasons), "told": [
                {"source": told.source, "reason": told.reason, "known_at": told.known_at,
                 "value": None if told.reason else stored(told.value)} for told in one.told
            ]} for one in found.unknown.values()
        ],
    }


@router.post("/facts/requests", response={202: WishedOut}, summary="Ask outside sources; the worker sends the questions")
@needs(permissions.REQUEST_FACTS)
def ask(request: HttpRequest, payload: RequestIn) -> tuple[int, dict[str, Any]]:
    wished = request_facts(
        subject=payload.subject, services=payload.services, query_reason_code=payload.reason, anew=payload.anew, by=request.actor)
    return 202, _wished(wished)


@router.post("/facts/confirm", response=FactOut, summary="Say which of two contradicting sources is right")
@needs(permissions.CONFIRM_FACT)
def confirm(request: HttpRequest, payload: ConfirmIn) -> dict[str, Any]:
    row = confirm_fact(subject=payload.subject, fact_code=payload.code, source_code=payload.source, reason=payload.reason, by=request.actor)
    consent = _consent(consents.named([row.consent]), row.consent)
    return {
        "code": row.code, "value": row.value, "source": row.source, "known_at": row.known_at, "age_days": 0, "consent": consent}


@router.post("/reports/{number}/open", response=ReportOut, summary="Open what a source answered, for a reason; kept in the trail")
@needs(permissions.REVEAL_REPORT)
def open_report(request: HttpRequest, number: str, payload: ReasonIn) -> dict[str, Any]:
    row = reveal_report(enquiry_number=number, reason=payload.reason, by=request.actor).enquiry
    same = ("number", "subject", "service", "answered_at", "answer")
    return {**{name: getattr(row, name) for name in same}, "sha256": row.answer_hash}


@router.post("/statements/{customer}", response={201: StatementOut}, summary="Hand in a bank statement; it is judged at once")
@needs(permissions.HAND_IN_PROOFS)
def hand_in(request: HttpRequest, customer: str, file: File[UploadedFile]) -> tuple[int, dict[str, Any]]:
    return 201, _statement(upload_statement(customer_number=customer, upload=file, by=request.actor))


@router.get("/statements/{customer}", response=Page[StatementOut], summary="The statements of a customer, newest first")
@needs(permissions.VIEW_PROOFS)
def statements(request: HttpRequest, customer: str, cursor: str = "", limit: int = PAGE_SIZE) -> dict[str, Any]:
    owner = Customer.objects.visible_to(request.actor).fetch(customer)
    return page_of(Statement.objects.filter(subject=owner.subject), cursor, limit, _statement)


@router.post("/accounts", response={201: AccountsOut}, summary="Take down a company's accounts of a year")
@needs(permissions.HAND_IN_PROOFS)
def take_down(request: HttpRequest, payload: AccountsIn) -> tuple[int, dict[str, Any]]:
    figures = {name: value.fen for name, value in payload if name not in ("customer", "year")}
    row = record_accounts(customer_number=payload.customer, year=payload.year, accounts=Accounts(**figures), plan={}, by=request.actor)
    return 201, {"customer": payload.customer, "year": row.year, "recorded_at": row.recorded_at}


def _consent(agreed: Mapping[str, consents.Agreed], line: str) -> dict[str, Any] | None:
    return agreed[line].as_json() if line in agreed else None


def _wished(wished: asking.Wished) -> dict[str, Any]:
    return {
        "subject": wished.subject, "batch": wished.batch, "asked": list(wished.asked), "reused": dict(wished.reused),
        "waiting": list(wished.waiting), "without_consent": dict(wished.without_consent),
        "lacking": {code: list(names) for code, names in wished.lacking.items()},
    }


def _statement(row: Statement) -> dict[str, Any]:
    found = proof_pages.analysis_of(row)
    return {
        "key": str(row.file_key), "layout": row.layout, "period_from": row.period_from.isoformat(), "period_to": row.period_to.isoformat(),
        "lines": row.lines, "is_proof": found["figures"]["is_proof"],
        "findings": [{**told, "text": said.text} for told, said in zip(row.findings, found["findings"], strict=True)],
    }
