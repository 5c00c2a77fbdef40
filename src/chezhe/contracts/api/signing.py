"""Signing over REST: what the staff sees and sends, and what whoever came by a link may do."""

from datetime import date, datetime
from typing import Any

from django.http import HttpRequest
from ninja import Status

from chezhe.contracts import permissions, queries
from chezhe.contracts.actions.end_link import end_link
from chezhe.contracts.actions.enter_by_code import enter_by_code
from chezhe.contracts.actions.invite_to_sign import invite_to_sign
from chezhe.contracts.actions.refuse_to_sign import refuse_to_sign
from chezhe.contracts.actions.retry_signing import retry_signing
from chezhe.contracts.actions.send_signing_code import send_signing_code
from chezhe.contracts.actions.sign_papers import sign_papers
from chezhe.contracts.api.contracts import ReasonIn, router
from chezhe.contracts.models import Signature, Signing, SigningLink
from chezhe.contracts.signing import errors, guests, proving
from chezhe.contracts.signing import queries as signing_queries
from chezhe.contracts.signing.steps import Place
from chezhe.kernel import business_date
from chezhe.kernel.actor import GUEST
from chezhe.kernel.client_address import client_ip
from chezhe.kernel.doors import needs, open_to_all
from chezhe.kernel.rest import Flag, In, Out, Text, keep_no_answer
from chezhe.staff.rules import device_of


class SignatureOut(Out):
    """`signed_at` is that of the time stamp, by hand that of the recording."""

    customer_number: str | None
    role: str
    paper: str
    code: str
    channel: str
    signed_on: date
    signed_at: datetime
    paper_sha256: str
    document_id: str | None
    evidence_id: str | None
    certificate_serial: str


class PendingOut(Out):
    customer_number: str
    role: str
    paper: str
    code: str
    is_next: bool


class SittingOut(Out):
    number: str
    customer_number: str | None
    status: str
    channel: str
    failure_code: str
    asked_at: datetime
    finished_at: datetime | None


class LinkOut(Out):
    key: str
    customer_number: str
    made_at: datetime
    expires_at: datetime
    used_at: datetime | None
    ended_at: datetime | None


class SigningOut(Out):
    """Signatures given, signatures still to be given in their order, sittings and living links."""

    signatures: list[SignatureOut]
    pending: list[PendingOut]
    sittings: list[SittingOut]
    links: list[LinkOut]


class InvitedOut(LinkOut):
    """`address` is told this once."""

    address: str
    is_sent: bool


class InviteIn(In):
    customer_number: Text[40]


class FoundOut(Out):
    name: str
    certificate_serial: str
    signed_at: datetime | None
    holds: bool


class ProofOut(Out):
    sha256: str
    is_unaltered: bool
    holds: bool
    signatures: list[FoundOut]


class GuestTokenIn(In):
    token: Text[80]


class GuestCodeIn(In):
    token: Text[80]
    typed: Text[12]


class GuestOut(Out):
    mobile_tail: str
    expires_at: datetime


class GuestSessionOut(Out):
    session_token: str


class GuestPaperOut(Out):
    kind: str
    code: str
    sha256: str
    is_signed: bool


class GuestPapersOut(Out):
    contract_number: str
    papers: list[GuestPaperOut]


class AgreeIn(In):
    agrees: Flag


class GuestSignedOut(Out):
    status: str


@router.get("/contracts/{number}/signing", response=SigningOut, summary="Who has signed what, and whose turn it is")
@needs(permissions.VIEW)
def signing(request: HttpRequest, number: str) -> dict[str, Any]:
    found = queries.contract(number, request.actor)
    standing = signing_queries.standing(found)
    pending = [(standing.papers[paper], standing.parties[party]) for paper, party in standing.pending]
    return {
        "signatures": [_signature(row, standing) for row in standing.signatures],
        "pending": [{"customer_number": party.customer.number, "role": party.role, "paper": paper.kind, "code": paper.code,
                     "is_next": not standing.ahead_of(party)} for paper, party in pending],
        "sittings": [_sitting(row) for row in signing_queries.signings(found)],
        "links": [_link(row, standing.parties[row.party_id].customer.number) for row in signing_queries.links(found).values()],
    }


@router.post("/contracts/{number}/signing-links", response={201: InvitedOut}, summary="Send a party a link to sign from afar")
@needs(permissions.SIGN)
def invite(request: HttpRequest, number: str, payload: InviteIn) -> Status[dict[str, Any]]:
    keep_no_answer(request)
    made = invite_to_sign(
        contract_number=number, customer_number=payload.customer_number, business_date=business_date.current(), by=request.actor)
    return Status(201, {**_link(made.link, payload.customer_number), "address": made.address, "is_sent": made.is_sent})


@router.post("/signing-links/{key}/end", response=LinkOut, summary="Let a link open nothing any more")
@needs(permissions.SIGN)
def end(request: HttpRequest, key: str, payload: ReasonIn) -> dict[str, Any]:
    ended = end_link(link_key=key, reason=payload.reason, by=request.actor)
    return _link(ended, ended.party.customer.number)


@router.post("/signings/{number}/retry", response=SittingOut, summary="Try once more to make signatures that failed")
@needs(permissions.SIGN)
def retry(request: HttpRequest, number: str) -> dict[str, Any]:
    return _sitting(retry_signing(signing_number=number, by=request.actor))


@router.get("/contracts/{number}/papers/{kind}/signatures", response=ProofOut, summary="Whether the signatures in a paper hold")
@needs(permissions.VIEW)
def signatures(request: HttpRequest, number: str, kind: str) -> dict[str, Any]:
    proof = proving.prove(queries.paper(number, kind, request.actor))
    return {
        "sha256": proof.sha256, "is_unaltered": proof.is_unaltered, "holds": proof.holds,
        "signatures": [{"name": str(line.row.signing.who) if line.row and line.row.signing else "", "certificate_serial": line.found.serial,
                        "signed_at": line.found.signed_at, "holds": line.holds} for line in proof.lines],
    }


@router.post("/guest/codes", response={202: GuestOut}, auth=None, summary="Send a code to the mobile that a link belongs to")
@open_to_all
def guest_code(request: HttpRequest, payload: GuestTokenIn) -> Status[dict[str, Any]]:
    link = signing_queries.link_of_token(payload.token)
    send_signing_code(asked_from=client_ip(request) or "", by=guests.actor_of(link))
    return Status(202, {"mobile_tail": link.mobile_tail, "expires_at": link.expires_at})


@router.post("/guest/sessions", response={201: GuestSessionOut}, auth=None, summary="A token for the papers of a link, for its code")
@open_to_all
def guest_enter(request: HttpRequest, payload: GuestCodeIn) -> Status[dict[str, str]]:
    link = signing_queries.link_of_token(payload.token)
    entry = enter_by_code(typed=payload.typed, place=_place(request), by=guests.actor_of(link))
    if not entry.token:
        raise errors.CodeWrong(left=entry.left) if entry.left else errors.LinkEnded()
    return Status(201, {"session_token": entry.token})


@router.get("/guest/papers", response=GuestPapersOut, summary="What somebody at a link has to sign")
@needs(permissions.SIGN_PAPERS, GUEST)
def guest_papers(request: HttpRequest) -> dict[str, Any]:
    standing, party, own = signing_queries.own_papers(request.signing_link)
    files = signing_queries.current_files(own)
    return {
        "contract_number": standing.contract.number,
        "papers": [{"kind": paper.kind, "code": paper.code, "sha256": files[paper.pk].sha256,
                    "is_signed": standing.signed(paper, party) is not None} for paper in own],
    }


@router.post("/guest/signature", response={202: GuestSignedOut}, summary="Sign the papers of a link")
@needs(permissions.SIGN_PAPERS, GUEST)
def guest_sign(request: HttpRequest, payload: AgreeIn) -> Status[dict[str, str]]:
    made = sign_papers(
        contract_number=request.signing_link.contract.number, agrees=payload.agrees, place=_place(request),
        business_date=business_date.current(), by=request.actor)
    return Status(202, {"status": made.status})


@router.post("/guest/refusal", response={204: None}, summary="Refuse to sign the papers of a link")
@needs(permissions.USE_LINK, GUEST)
def guest_refuse(request: HttpRequest, payload: ReasonIn) -> Status[None]:
    refuse_to_sign(reason=payload.reason, by=request.actor)
    return Status(204, None)


def _place(request: HttpRequest) -> Place:
    return Place(device_of(request.headers.get("User-Agent", ""))[:80], client_ip(request) or "")


def _signature(row: Signature, standing: signing_queries.Standing) -> dict[str, Any]:
    same = ("channel", "signed_on", "signed_at", "paper_sha256", "certificate_serial")
    return {
        "customer_number": row.party.customer.number if row.party else None, "role": row.party.role if row.party else "lender",
        "paper": standing.papers[row.paper_id].kind, "code": standing.papers[row.paper_id].code,
        "document_id": str(row.file.key) if row.file else None,
        "evidence_id": str(row.evidence.key) if row.evidence else None, **{name: getattr(row, name) for name in same},
    }


def _sitting(row: Signing) -> dict[str, Any]:
    same = ("number", "status", "channel", "failure_code", "asked_at", "finished_at")
    return {"customer_number": row.party.customer.number if row.party else None, **{name: getattr(row, name) for name in same}}


def _link(row: SigningLink, customer_number: str) -> dict[str, Any]:
    same = ("key", "made_at", "expires_at", "used_at", "ended_at")
    return {"customer_number": customer_number, **{name: getattr(row, name) for name in same}}
