"""Applications over the API: the same steps, verdicts and offers as on the pages."""

from datetime import date, datetime
from typing import Any, Literal

from django.http import HttpRequest
from ninja import Router

from chezhe.finmath.terms import Method
from chezhe.kernel import business_date, moves, rest
from chezhe.kernel.doors import needs
from chezhe.origination import figures, labels, permissions, queries
from chezhe.origination.actions.accept_offer import accept_offer
from chezhe.origination.actions.add_party import add_party
from chezhe.origination.actions.appeal_decision import appeal_decision
from chezhe.origination.actions.ask_human_review import ask_human_review
from chezhe.origination.actions.expire_application import expire_application
from chezhe.origination.actions.remove_party import remove_party
from chezhe.origination.actions.save_step import save_step
from chezhe.origination.actions.start_application import start_application
from chezhe.origination.actions.submit_application import submit_application
from chezhe.origination.actions.vote_on_application import vote_on_application
from chezhe.origination.actions.withdraw_application import withdraw_application
from chezhe.origination.models import Application
from chezhe.origination.states import APPLICATION

router = Router()
Role = Literal["co_borrower", "guarantor", "spouse"]


class StartIn(rest.In):
    """`filed_through`: a programme files on-line and may say nothing else, a clerk over the counter unless told otherwise. On-line
    `device` is the mark of the customer's own device; without it the decision lacks a fact and a person looks. A clerk's device is
    never sent."""

    customer_number: rest.Text[40]
    product_code: rest.Text[12]
    lead_number: rest.Text[40] = ""
    filed_through: Literal["", "counter", "online"] = ""
    device: rest.Text[120] = ""


class PartyStepIn(rest.In):
    """Who and what for. Only what is sent is changed; `version` is the one that was read."""

    version: rest.Whole
    product_code: rest.Text[12] = ""
    purpose: Literal["", "purchase", "consumption", "business", "working_capital"] = ""


class VehicleStepIn(rest.In):
    version: rest.Whole
    vehicle_number: rest.Text[40] = ""
    price: rest.Amount | None = None


class FinanceStepIn(rest.In):
    version: rest.Whole
    amount: rest.Amount | None = None
    periods: rest.Whole | None = None
    method: Method | None = None
    annual_rate: rest.Rate | None = None
    due_day: rest.Whole | None = None
    monthly_income: rest.Amount | None = None
    monthly_debt: rest.Amount | None = None


class PartyIn(rest.In):
    customer_number: rest.Text[40]
    role: Role


class VersionIn(rest.In):
    version: rest.Whole


class VoteIn(rest.In):
    verdict: Literal["agree", "return", "reject"]
    opinion: rest.Text[2000] = ""


class ReasonIn(rest.In):
    reason: rest.Text[200]


class NothingIn(rest.In):
    """An empty object."""


class PartyOut(rest.Out):
    customer_number: str
    name: str
    role: str


class GapOut(rest.Out):
    """Something missing; `words` say it in the caller's language."""

    step: str
    code: str
    what: str
    who: str
    words: str


class ApplicationOut(rest.Out):
    number: str
    status: str
    possible: list[str]
    customer_number: str
    customer_name: str
    lead_number: str | None
    filed_through: str
    product_version: str | None
    vehicle_number: str | None
    purpose: str
    price: rest.Yuan | None
    amount: rest.Yuan | None
    periods: int | None
    method: str
    annual_rate: rest.Fraction | None
    due_day: int | None
    monthly_income: rest.Yuan | None
    monthly_debt: rest.Yuan | None
    parties: list[PartyOut]
    owner: str
    branch: str
    approval_number: str | None
    approval_expires_on: date | None
    opinion: str
    version: int
    created_at: datetime
    submitted_at: datetime | None
    decided_at: datetime | None


class ApplicationPage(rest.Out):
    items: list[ApplicationOut]
    next_cursor: str | None = None


class FindingOut(rest.Out):
    code: str
    severity: str
    sentence: str


class LineOut(rest.Out):
    period: int
    due_date: date
    principal: rest.Yuan
    interest: rest.Yuan
    fee: rest.Yuan
    total: rest.Yuan
    balance: rest.Yuan


class FiguresOut(rest.Out):
    """What is decided on. `is_frozen` tells that these are the figures of the submission; the plan starts on `on`."""

    is_frozen: bool
    on: rest.Day
    price_base: rest.Yuan
    instalment: rest.Yuan
    interest: rest.Yuan
    fee: rest.Yuan
    upfront_fee: rest.Yuan
    total: rest.Yuan
    ltv: rest.Fraction | None
    dti: rest.Fraction | None
    dti_limit: rest.Fraction | None
    all_in_simple: rest.Fraction | None
    all_in_compound: rest.Fraction | None
    findings: list[FindingOut]


def _shape(row: Application) -> dict[str, Any]:
    plain = ("number", "status", "filed_through", "purpose", "price", "amount", "periods", "method", "annual_rate", "due_day",
             "monthly_income", "monthly_debt", "approval_expires_on", "opinion", "version", "created_at", "submitted_at", "decided_at")
    return {name: getattr(row, name) for name in plain} | {
        "possible": APPLICATION.verbs(row.status), "customer_number": row.customer.number, "customer_name": row.customer.masked_name,
        "lead_number": row.lead.number if row.lead else None, "owner": row.owner.name, "branch": row.branch.name,
        "product_version": row.product_version.number if row.product_version else None,
        "vehicle_number": row.vehicle.number if row.vehicle else None,
        "approval_number": row.approval.number if row.approval else None,
        "parties": [
            {"customer_number": party.customer.number, "name": party.customer.masked_name, "role": party.role}
            for party in row.parties.all()
        ],
    }


def _rows(request: HttpRequest) -> Any:
    return queries.visible(request.actor).prefetch_related("parties__customer")


@router.get("", response=ApplicationPage, summary="Applications in reach, newest first")
@needs(permissions.VIEW)
def applications(request: HttpRequest, cursor: str = "", limit: int = rest.PAGE_SIZE, status: str = "") -> dict[str, Any]:
    rows = _rows(request)
    return rest.page_of(rows.filter(status=status) if status else rows, cursor, limit, _shape)


@router.post("", response={201: ApplicationOut}, summary="Begin an application")
@needs(permissions.WRITE)
def start(request: HttpRequest, payload: StartIn) -> tuple[int, dict[str, Any]]:
    by, way = request.actor, payload.filed_through or ("online" if request.actor.is_program else "counter")
    return 201, _shape(start_application(business_date=business_date.current(), by=by, **{**dict(payload), "filed_through": way}))


@router.get("/{number}", response=ApplicationOut, summary="One application")
@needs(permissions.VIEW)
def application(request: HttpRequest, number: str) -> dict[str, Any]:
    return _shape(_rows(request).fetch(number))


def _save(request: HttpRequest, number: str, step: str, payload: rest.In) -> dict[str, Any]:
    sent = {name: getattr(payload, name) for name in payload.model_fields_set - {"version"}}
    values = {name: "" if value is None else value.value if isinstance(value, Method) else value for name, value in sent.items()}
    return _shape(save_step(
        application_number=number, step=step, version=payload.version, values=values,  # type: ignore[attr-defined]
        is_draft=False, business_date=business_date.current(), by=request.actor,
    ))


@router.patch("/{number}/steps/party", response=ApplicationOut, summary="Step 1: product and purpose")
@needs(permissions.WRITE)
def save_party(request: HttpRequest, number: str, payload: PartyStepIn) -> dict[str, Any]:
    return _save(request, number, "party", payload)


@router.patch("/{number}/steps/vehicle", response=ApplicationOut, summary="Step 3: the car and its price")
@needs(permissions.WRITE)
def save_vehicle(request: HttpRequest, number: str, payload: VehicleStepIn) -> dict[str, Any]:
    return _save(request, number, "vehicle", payload)


@router.patch("/{number}/steps/finance", response=ApplicationOut, summary="Step 4: the loan, income and debts")
@needs(permissions.WRITE)
def save_finance(request: HttpRequest, number: str, payload: FinanceStepIn) -> dict[str, Any]:
    return _save(request, number, "finance", payload)


@router.post("/{number}/parties", response={201: ApplicationOut}, summary="Step 2: add a co-borrower, guarantor or spouse")
@needs(permissions.WRITE)
def add(request: HttpRequest, number: str, payload: PartyIn) -> tuple[int, dict[str, Any]]:
    return 201, _shape(add_party(application_number=number, by=request.actor, **dict(payload)))


@router.delete("/{number}/parties/{customer_number}", response=ApplicationOut, summary="Take somebody out again")
@needs(permissions.WRITE)
def remove(request: HttpRequest, number: str, customer_number: str) -> dict[str, Any]:
    return _shape(remove_party(application_number=number, customer_number=customer_number, by=request.actor))


@router.get("/{number}/gaps", response=list[GapOut], summary="What is missing before it can be submitted")
@needs(permissions.VIEW)
def gaps(request: HttpRequest, number: str) -> list[dict[str, Any]]:
    found = queries.gaps(_rows(request).fetch(number), business_date.current())
    return [
        {"step": gap.step, "code": gap.code, "what": gap.what, "who": gap.who, "words": labels.gap_words(gap)} for gap in found
    ]


@router.get("/{number}/figures", response=FiguresOut | None, summary="Instalment, ratios, all-in cost and what the caps say")
@needs(permissions.VIEW)
def read_figures(request: HttpRequest, number: str) -> dict[str, Any] | None:
    row = _rows(request).fetch(number)
    kept = figures.shown(row, business_date.current())
    if kept is None:
        return None
    sums = ("price_base", "instalment", "interest", "fee", "upfront_fee", "total")
    return {name: _yuan(kept[f"{name}_fen"]) for name in sums} | {
        name: kept[name] for name in ("on", "ltv", "dti", "dti_limit", "all_in_simple", "all_in_compound")
    } | {"is_frozen": kept is row.snapshot, "findings": [
        {"code": stored["code"], "severity": stored["severity"], "sentence": sentence}
        for stored, (_tone, sentence) in zip(kept["findings"], figures.sentences_of(kept), strict=True)
    ]}


@router.get("/{number}/plan", response=list[LineOut], summary="The repayment plan if paid out today; empty while figures are missing")
@needs(permissions.VIEW)
def plan(request: HttpRequest, number: str) -> list[dict[str, Any]]:
    assessment = figures.assess(_rows(request).fetch(number), business_date.current())
    sums = ("principal", "interest", "fee", "total", "balance")
    return [
        {"period": line.period, "due_date": line.due_date} | {name: _yuan(getattr(line, f"{name}_fen")) for name in sums}
        for line in (assessment.sample.charged.rows if assessment else ())
    ]


def _yuan(fen: int) -> str:
    return f"{fen // 100}.{fen % 100:02d}"


@router.get("/{number}/track", response=rest.Page[rest.MoveOut], summary="Every move, oldest first")
@needs(permissions.VIEW)
def track(request: HttpRequest, number: str, cursor: str = "", limit: int = rest.PAGE_SIZE) -> dict[str, Any]:
    return rest.page_of_list(moves.history(_rows(request).fetch(number).subject), cursor, limit, rest.MoveOut.of)


@router.post("/{number}/submit", response=ApplicationOut, summary="Hand it in to be decided; refused (422) with everything that is missing")
@needs(permissions.WRITE)
def submit(request: HttpRequest, number: str, payload: VersionIn) -> dict[str, Any]:
    return _shape(submit_application(
        application_number=number, version=payload.version, business_date=business_date.current(), by=request.actor
    ))


@router.post("/{number}/votes", response=ApplicationOut, summary="Agree, return or reject in the stage that is open")
@needs(permissions.DECIDE)
def vote(request: HttpRequest, number: str, payload: VoteIn) -> dict[str, Any]:
    return _shape(vote_on_application(
        application_number=number, verdict=payload.verdict, opinion=payload.opinion, business_date=business_date.current(),
        by=request.actor,
    ))


@router.post("/{number}/human-review", response=ApplicationOut, summary="The customer asks that people decide instead of the machine")
@needs(permissions.CONTEST)
def human_review(request: HttpRequest, number: str, payload: ReasonIn) -> dict[str, Any]:
    return _shape(ask_human_review(
        application_number=number, reason=payload.reason, business_date=business_date.current(), by=request.actor,
    ))


@router.post("/{number}/appeal", response=ApplicationOut, summary="The customer contests the facts: they are asked for anew")
@needs(permissions.CONTEST)
def appeal(request: HttpRequest, number: str, payload: ReasonIn) -> dict[str, Any]:
    return _shape(appeal_decision(
        application_number=number, reason=payload.reason, business_date=business_date.current(), by=request.actor,
    ))


@router.post("/{number}/accept", response=ApplicationOut, summary="The customer takes the offer")
@needs(permissions.ACCEPT_OFFER)
def accept(request: HttpRequest, number: str, payload: NothingIn) -> dict[str, Any]:
    return _shape(accept_offer(application_number=number, business_date=business_date.current(), by=request.actor))


@router.post("/{number}/withdraw", response=ApplicationOut, summary="Take it back, with the reason")
@needs(permissions.WITHDRAW)
def withdraw(request: HttpRequest, number: str, payload: ReasonIn) -> dict[str, Any]:
    return _shape(withdraw_application(application_number=number, reason=payload.reason, by=request.actor))


@router.post("/{number}/expire", response=ApplicationOut, summary="Close an offer that nobody accepted in time")
@needs(permissions.EXPIRE)
def expire(request: HttpRequest, number: str, payload: NothingIn) -> dict[str, Any]:
    return _shape(expire_application(application_number=number, business_date=business_date.current(), by=request.actor))
