"""Relations and the blacklist over REST."""

from datetime import date, datetime
from typing import Any

from django.http import HttpRequest
from ninja import Router

from chezhe.customers.models import Customer
from chezhe.kernel import business_date, clock
from chezhe.kernel.doors import needs
from chezhe.kernel.errors import NotFound
from chezhe.kernel.rest import PAGE_SIZE, Day, In, Out, Page, Text, page_of
from chezhe.risk.actions.confirm_relation import confirm_relation
from chezhe.risk.actions.end_relation_found import end_relation_found
from chezhe.risk.actions.propose_blacklist_entry import propose_blacklist_entry
from chezhe.risk.actions.propose_blacklist_lift import propose_blacklist_lift
from chezhe.risk.actions.refuse_relation import refuse_relation
from chezhe.risk.actions.review_blacklist_entry import review_blacklist_entry
from chezhe.risk.relations import permissions, queries
from chezhe.risk.relations.blacklist import Proposal
from chezhe.risk.relations.models import BlacklistEntry, Candidate

router = Router()


class RingValueOut(Out):
    """A value that somebody in reach left; `hidden` counts its carriers out of reach."""

    family: str
    masked: str
    kinds: list[str]
    carriers: list[str]
    hidden: int


class RingOut(Out):
    """A ring within the caller's reach: people out of it are only counted."""

    customer: str
    known_at: datetime
    size: int
    is_cut: bool
    people: list[str]
    bad: list[str]
    hidden: int
    values: list[RingValueOut]


@router.get("/relations/{number}", response=RingOut, summary="The ring of a customer, as known now or at the end of `on`")
@needs(permissions.VIEW)
def ring(request: HttpRequest, number: str, on: Day | None = None) -> RingOut:
    customer = Customer.objects.visible_to(request.actor).fetch(number)
    at = queries.end_of(on) if on is not None and on < clock.today() else clock.now()
    seen = queries.seen_by(customer, at, request.actor)
    return RingOut(
        customer=number, known_at=seen.at, size=seen.size, is_cut=seen.is_cut, people=[one.number for one in seen.people],
        bad=sorted(party.partition(":")[2] for party in seen.bad), hidden=seen.hidden,
        values=[
            RingValueOut(family=one.family, masked=one.masked, kinds=list(one.kinds), carriers=list(one.carriers), hidden=one.hidden)
            for one in seen.values
        ],
    )


class CandidateOut(Out):
    number: str
    first: str
    second: str
    score: int
    reasons: list[str]
    suggestion: str
    kind: str
    status: str
    found_at: datetime
    decided_at: datetime | None


class ConfirmRelationIn(In):
    kind: Text[16]
    reason: Text[1000]


class RelationGroundIn(In):
    reason: Text[1000]


def _candidate(row: Candidate) -> CandidateOut:
    return CandidateOut(
        number=row.number, first=row.first_customer.number, second=row.second_customer.number, score=row.score,
        reasons=[code for code, _points in row.reasons], suggestion=row.suggestion, kind=row.kind, status=row.status,
        found_at=row.found_at, decided_at=row.decided_at,
    )


@router.get("/relation-candidates", response=Page[CandidateOut], summary="Customers who look alike")
@needs(permissions.VIEW)
def candidates(request: HttpRequest, status: str = "", cursor: str = "", limit: int = PAGE_SIZE) -> dict[str, Any]:
    rows = queries.candidates(request.actor)
    return page_of(rows.filter(status=status) if status else rows, cursor, limit, _candidate)


@router.post("/relation-candidates/{number}/confirm", response=CandidateOut, summary="It is a relation of this kind")
@needs(permissions.DECIDE)
def confirm(request: HttpRequest, number: str, payload: ConfirmRelationIn) -> CandidateOut:
    return _candidate(confirm_relation(relation_number=number, **payload.dict(), by=request.actor))


@router.post("/relation-candidates/{number}/refuse", response=CandidateOut, summary="They only look alike")
@needs(permissions.DECIDE)
def refuse(request: HttpRequest, number: str, payload: RelationGroundIn) -> CandidateOut:
    return _candidate(refuse_relation(relation_number=number, reason=payload.reason, by=request.actor))


@router.post("/relation-candidates/{number}/end", response=CandidateOut, summary="A confirmed relation no longer holds")
@needs(permissions.DECIDE)
def end(request: HttpRequest, number: str, payload: RelationGroundIn) -> CandidateOut:
    return _candidate(end_relation_found(relation_number=number, reason=payload.reason, by=request.actor))


class BlacklistEntryIn(In):
    kind: Text[10]
    value: Text[100]
    reason_code: Text[24]
    words: Text[1000]
    source: Text[12]
    starts_on: Day
    expires_on: Day | None = None
    evidence: Text[80] = ""


class BlacklistEntryOut(Out):
    number: str
    kind: str
    masked: str
    reason_code: str
    words: str
    evidence: str
    source: str
    starts_on: date
    expires_on: date | None
    review_on: date
    status: str
    request: str
    proposed_at: datetime
    in_force_at: datetime | None
    lifted_at: datetime | None


def _entry(row: BlacklistEntry) -> BlacklistEntryOut:
    return BlacklistEntryOut(
        number=row.number, kind=row.kind, masked=row.masked, reason_code=row.reason_code, words=row.words, evidence=row.evidence,
        source=row.source, starts_on=row.starts_on, expires_on=row.expires_on, review_on=row.review_on, status=row.status,
        request=row.request_number, proposed_at=row.proposed_at, in_force_at=row.in_force_at, lifted_at=row.lifted_at,
    )


@router.get("/blacklist", response=Page[BlacklistEntryOut], summary="The blacklist, masked")
@needs(permissions.VIEW_BLACKLIST)
def entries(request: HttpRequest, status: str = "", cursor: str = "", limit: int = PAGE_SIZE) -> dict[str, Any]:
    rows = BlacklistEntry.objects.all()
    return page_of(rows.filter(status=status) if status else rows, cursor, limit, _entry)


@router.get("/blacklist/{number}", response=BlacklistEntryOut, summary="One entry")
@needs(permissions.VIEW_BLACKLIST)
def entry(request: HttpRequest, number: str) -> BlacklistEntryOut:
    found = BlacklistEntry.objects.filter(number=number).first()
    if found is None:
        raise NotFound(what=number)
    return _entry(found)


@router.post("/blacklist", response={201: BlacklistEntryOut}, summary="Propose an entry; it counts once a second person agrees")
@needs(permissions.PROPOSE_BLACKLIST)
def propose(request: HttpRequest, payload: BlacklistEntryIn) -> tuple[int, BlacklistEntryOut]:
    proposal = Proposal(**payload.dict())
    return 201, _entry(propose_blacklist_entry(proposal=proposal, business_date=business_date.current(), by=request.actor))


@router.post("/blacklist/{number}/lift", response=BlacklistEntryOut, summary="Propose that an entry no longer counts")
@needs(permissions.PROPOSE_BLACKLIST)
def lift(request: HttpRequest, number: str, payload: RelationGroundIn) -> BlacklistEntryOut:
    return _entry(propose_blacklist_lift(blacklist_number=number, reason=payload.reason, by=request.actor))


@router.post("/blacklist/{number}/review", response=BlacklistEntryOut, summary="Looked at again; it stays")
@needs(permissions.REVIEW_BLACKLIST)
def review(request: HttpRequest, number: str) -> BlacklistEntryOut:
    return _entry(review_blacklist_entry(blacklist_number=number, business_date=business_date.current(), by=request.actor))
