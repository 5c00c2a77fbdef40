"""Due diligence, holders, lists and hits over REST."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.http import HttpRequest
from ninja import Router
from pydantic import Field

from chezhe.customers.models import Customer
from chezhe.kernel import business_date
from chezhe.kernel.actor import Actor
from chezhe.kernel.doors import needs
from chezhe.kernel.rest import PAGE_SIZE, Flag, Fraction, In, Out, Page, Rate, Text, page_of
from chezhe.risk.actions.clear_hit import clear_hit
from chezhe.risk.actions.confirm_hit import confirm_hit
from chezhe.risk.actions.end_holding import end_holding
from chezhe.risk.actions.import_watch_list import import_watch_list
from chezhe.risk.actions.propose_hit_release import propose_hit_release
from chezhe.risk.actions.record_holding import record_holding
from chezhe.risk.actions.review_diligence import review_diligence
from chezhe.risk.actions.screen_customer import screen_customer
from chezhe.risk.screening import freezing, permissions, queries
from chezhe.risk.screening.diligence import Shares
from chezhe.risk.screening.lists import Entry, Heading
from chezhe.risk.screening.models import Diligence, Hit, Holding, ListVersion
from chezhe.risk.screening.rules import Answers

router = Router()
ENTRIES_MAX = 20_000


class OwnerFoundOut(Out):
    basis: str
    share_rate: str


class DiligenceOut(Out):
    number: str
    customer: str
    grade: str
    points: int
    factors: list[str]
    owners: list[OwnerFoundOut]
    owners_known_rate: Fraction | None
    owners_unknown: bool | None
    reviewed_on: date
    next_review_on: date


class DiligenceIn(In):
    occupation: Text[24]
    region: Text[16]
    purpose: Text[20]
    is_pep: Flag = False
    has_agent: Flag = False
    is_remote: Flag = False
    note: Text[1000] = ""


class ScreeningStandingOut(Out):
    """`watch_list_hit` is null as long as the customer was not held against every list."""

    customer: str
    watch_list_hit: bool | None
    is_frozen: bool


def _diligence(row: Diligence) -> DiligenceOut:
    return DiligenceOut(
        number=row.number, customer=row.customer.number, grade=row.grade, points=row.points,
        factors=[code for code, _points in row.factors],
        owners=[OwnerFoundOut(basis=owner["basis"], share_rate=owner["share_rate"]) for owner in row.owners],
        owners_known_rate=row.owners_known_rate, owners_unknown=row.owners_unknown, reviewed_on=row.reviewed_on,
        next_review_on=row.next_review_on,
    )


@router.get("/diligence/{number}", response=Page[DiligenceOut], summary="The reviews of a customer, newest first")
@needs(permissions.VIEW)
def reviews(request: HttpRequest, number: str, cursor: str = "", limit: int = PAGE_SIZE) -> dict[str, Any]:
    customer = Customer.objects.visible_to(request.actor).fetch(number)
    return page_of(Diligence.objects.filter(customer=customer).select_related("customer"), cursor, limit, _diligence)


@router.post("/diligence/{number}", response={201: DiligenceOut}, summary="Record a review: it is graded at once")
@needs(permissions.REVIEW)
def review(request: HttpRequest, number: str, payload: DiligenceIn) -> tuple[int, DiligenceOut]:
    said = payload.dict()
    note = said.pop("note")
    made = review_diligence(
        customer_number=number, answers=Answers(**said), note=note, business_date=business_date.current(), by=request.actor)
    return 201, _diligence(made)


@router.post("/diligence/{number}/screen", response=ScreeningStandingOut, summary="Hold the customer against every list now")
@needs(permissions.SCREEN)
def screen(request: HttpRequest, number: str) -> ScreeningStandingOut:
    customer = screen_customer(customer_number=number, by=request.actor)
    return ScreeningStandingOut(customer=number, watch_list_hit=queries.watch_now(customer), is_frozen=freezing.is_frozen(customer))


class HoldingIn(In):
    share_rate: Rate
    holder_number: Text[20] = ""
    holder_name: Text[100] = ""
    holder_kind: Text[8] = "person"
    of_name: Text[100] = ""
    evidence: Text[80] = ""


class HoldingOut(Out):
    id: int
    holder: str
    holder_kind: str
    of_name: str
    share_rate: Fraction


def _holding(row: Holding, by: Actor) -> HoldingOut:
    return HoldingOut(
        id=row.pk, holder=row.shown_holder(by), holder_kind=row.holder_kind, of_name=row.of_name, share_rate=Decimal(row.share_rate))


@router.get("/diligence/{number}/holdings", response=Page[HoldingOut], summary="Who holds a company, as recorded; names masked")
@needs(permissions.VIEW)
def holdings(request: HttpRequest, number: str, cursor: str = "", limit: int = PAGE_SIZE) -> dict[str, Any]:
    company = Customer.objects.visible_to(request.actor).fetch(number)
    return page_of(queries.holdings_of(company), cursor, limit, lambda row: _holding(row, request.actor))


@router.post("/diligence/{number}/holdings", response={201: HoldingOut}, summary="Record a holder")
@needs(permissions.RECORD_HOLDING)
def add_holding(request: HttpRequest, number: str, payload: HoldingIn) -> tuple[int, HoldingOut]:
    shares = Shares(**payload.dict() | {"share_rate": payload.share_rate})
    made = record_holding(customer_number=number, shares=shares, by=request.actor)
    return 201, _holding(made, request.actor)


@router.post("/diligence/{number}/holdings/{holding}/end", response=HoldingOut, summary="Somebody no longer holds it")
@needs(permissions.RECORD_HOLDING)
def stop_holding(request: HttpRequest, number: str, holding: int) -> HoldingOut:
    return _holding(end_holding(customer_number=number, holding=holding, by=request.actor), request.actor)


class EntryListedIn(In):
    code: Text[60]
    kind: Text[8]
    name: Text[200]
    aliases: list[Text[200]] = Field(default_factory=list, max_length=50)
    birth: Text[10] = ""
    id_numbers: list[Text[18]] = Field(default_factory=list, max_length=20)
    programme: Text[200] = ""


class WatchListIn(In):
    code: Text[40]
    kind: Text[10]
    title: Text[120]
    version: Text[40]
    source: Text[120]
    entries: list[EntryListedIn] = Field(max_length=ENTRIES_MAX)


class WatchListOut(Out):
    number: str
    code: str
    kind: str
    title: str
    version: str
    sha256: str
    entries: int
    is_current: bool
    imported_at: datetime
    chunks: int
    chunks_done: int
    screened_at: datetime | None


def _version(row: ListVersion) -> WatchListOut:
    return WatchListOut(
        number=row.number, code=row.code, kind=row.kind, title=row.title, version=row.version, sha256=row.sha256,
        entries=row.entries, is_current=row.is_current, imported_at=row.imported_at, chunks=row.chunks,
        chunks_done=row.done.count(), screened_at=row.screened_at,
    )


@router.get("/watch-lists", response=Page[WatchListOut], summary="Every version of every list")
@needs(permissions.VIEW_SCREENING)
def versions(request: HttpRequest, cursor: str = "", limit: int = PAGE_SIZE) -> dict[str, Any]:
    return page_of(ListVersion.objects.all(), cursor, limit, _version)


@router.post("/watch-lists", response={202: WatchListOut}, summary="Bring in a version; every customer is then held against it")
@needs(permissions.IMPORT_LIST)
def bring_in(request: HttpRequest, payload: WatchListIn) -> tuple[int, WatchListOut]:
    said = payload.dict()
    entries = [
        Entry(**{**entry, "aliases": tuple(entry["aliases"]), "id_numbers": tuple(entry["id_numbers"])})
        for entry in said.pop("entries")
    ]
    return 202, _version(import_watch_list(heading=Heading(**said), entries=entries, by=request.actor))


class HitOut(Out):
    number: str
    customer: str
    role: str
    list_code: str
    list_kind: str
    entry_code: str
    score: int
    reasons: list[str]
    status: str
    freezes: bool
    found_at: datetime


class HitJudgementIn(In):
    reason: Text[1000]


def _hit(row: Hit) -> HitOut:
    return HitOut(
        number=row.number, customer=row.customer.number, role=row.role, list_code=row.list_code, list_kind=row.list_kind,
        entry_code=row.entry_code, score=row.score, reasons=[code for code, _points in row.reasons], status=row.status, freezes=row.freezes,
        found_at=row.found_at,
    )


@router.get("/watch-list-hits", response=Page[HitOut], summary="What lists were found to name")
@needs(permissions.VIEW_SCREENING)
def hits(request: HttpRequest, status: str = "", cursor: str = "", limit: int = PAGE_SIZE) -> dict[str, Any]:
    rows = Hit.objects.visible_to(request.actor).select_related("customer")
    return page_of(rows.filter(status=status) if status else rows, cursor, limit, _hit)


@router.post("/watch-list-hits/{number}/clear", response=HitOut, summary="Not the same person")
@needs(permissions.JUDGE)
def clear(request: HttpRequest, number: str, payload: HitJudgementIn) -> HitOut:
    return _hit(clear_hit(screening_number=number, reason=payload.reason, by=request.actor))


@router.post("/watch-list-hits/{number}/confirm", response=HitOut, summary="The same person")
@needs(permissions.JUDGE)
def confirm(request: HttpRequest, number: str, payload: HitJudgementIn) -> HitOut:
    return _hit(confirm_hit(screening_number=number, reason=payload.reason, by=request.actor))


@router.post("/watch-list-hits/{number}/release", response=HitOut, summary="Propose that a true match no longer counts")
@needs(permissions.JUDGE)
def release(request: HttpRequest, number: str, payload: HitJudgementIn) -> HitOut:
    return _hit(propose_hit_release(screening_number=number, reason=payload.reason, by=request.actor))
