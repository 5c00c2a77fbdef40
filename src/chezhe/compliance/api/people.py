"""Consents, contacts and blocks of one customer. Whoever may not open the subject is told that it does not exist."""

from datetime import date, datetime
from typing import Any

from django.http import HttpRequest
from ninja import Status

from chezhe.compliance import permissions, queries
from chezhe.compliance.actions.block_contact import block_contact
from chezhe.compliance.actions.grant_consent import grant_consent
from chezhe.compliance.actions.lift_contact_block import lift_contact_block
from chezhe.compliance.actions.record_contact_outcome import record_contact_outcome
from chezhe.compliance.actions.reserve_contact import reserve_contact
from chezhe.compliance.actions.withdraw_consent import withdraw_consent
from chezhe.compliance.api.figures import router
from chezhe.compliance.models import Consent, ContactAttempt, ContactBlock
from chezhe.kernel import business_date, subjects
from chezhe.kernel.doors import needs
from chezhe.kernel.rest import PAGE_SIZE, Day, In, Out, Page, Text, page_of


class ConsentIn(In):
    subject: Text[80]
    kind: Text[40]
    channel: Text[40]
    evidence: Text[80]
    detail: Text[120] = ""
    expires_on: Day | None = None


class WithdrawalIn(In):
    subject: Text[80]
    kind: Text[40]
    channel: Text[40]
    evidence: Text[80]


class ConsentOut(Out):
    subject: str
    kind: str
    is_granted: bool
    text_version: int | None
    given_on: date
    expires_on: date | None
    channel: str
    evidence: str
    detail: str
    recorded_at: datetime
    recorded_by: str


class ConsentPage(Out):
    items: list[ConsentOut]
    next_cursor: str | None = None


class StandingOut(Out):
    kind: str
    is_in_force: bool
    given_on: date | None
    expires_on: date | None


def _consent(entry: Consent) -> ConsentOut:
    return ConsentOut(
        subject=entry.subject, kind=entry.kind, is_granted=entry.is_granted, text_version=entry.text.version if entry.text else None,
        given_on=entry.given_on, expires_on=entry.expires_on, channel=entry.channel, evidence=entry.evidence, detail=entry.detail,
        recorded_at=entry.recorded_at, recorded_by=entry.recorded_by_name,
    )


@router.get("/consents", response=ConsentPage, summary="The consent ledger of a subject")
@needs(permissions.VIEW_SUBJECT)
def consents(request: HttpRequest, subject: str, cursor: str = "", limit: int = PAGE_SIZE) -> dict[str, Any]:
    opened = subjects.open_subject(subject, request.actor)
    return page_of(queries.consent_history(opened.text), cursor, limit, _consent)


@router.get("/consents/standing", response=list[StandingOut], summary="Which consents of a subject count today")
@needs(permissions.VIEW_SUBJECT)
def standing(request: HttpRequest, subject: str) -> list[StandingOut]:
    opened = subjects.open_subject(subject, request.actor)
    return [
        StandingOut(kind=s.kind, is_in_force=s.is_in_force, given_on=s.entry.given_on if s.entry else None,
                    expires_on=s.entry.expires_on if s.entry else None)
        for s in queries.consents_of(opened.text, business_date.current())
    ]


@router.post("/consents", response={201: ConsentOut}, summary="Record that a customer agreed")
@needs(permissions.GRANT_CONSENT)
def grant(request: HttpRequest, payload: ConsentIn) -> Status[ConsentOut]:
    entry = grant_consent(**payload.dict(), business_date=business_date.current(), by=request.actor)
    return Status(201, _consent(entry))


@router.post("/consents/withdraw", response={201: ConsentOut}, summary="Record that a customer took a consent back")
@needs(permissions.WITHDRAW_CONSENT)
def withdraw(request: HttpRequest, payload: WithdrawalIn) -> Status[ConsentOut]:
    entry = withdraw_consent(**payload.dict(), business_date=business_date.current(), by=request.actor)
    return Status(201, _consent(entry))


class ContactIn(In):
    subject: Text[80]
    channel: Text[40]
    purpose: Text[40]
    address: Text[80] = ""
    agency: Text[40] = ""


class OutcomeIn(In):
    outcome: Text[40]


class ContactOut(Out):
    number: str
    subject: str
    status: str
    channel: str
    purpose: str
    agency: str
    outcome: str
    reserved_at: datetime
    completed_at: datetime | None


class ContactPage(Out):
    items: list[ContactOut]
    next_cursor: str | None = None


def _contact(attempt: ContactAttempt) -> ContactOut:
    return ContactOut(
        number=attempt.number, subject=attempt.subject_text, status=attempt.status, channel=attempt.channel, purpose=attempt.purpose,
        agency=attempt.agency, outcome=attempt.outcome, reserved_at=attempt.reserved_at, completed_at=attempt.completed_at,
    )


@router.get("/contacts", response=ContactPage, summary="The contacts of a subject")
@needs(permissions.VIEW_SUBJECT)
def contacts(request: HttpRequest, subject: str, cursor: str = "", limit: int = PAGE_SIZE) -> dict[str, Any]:
    opened = subjects.open_subject(subject, request.actor)
    return page_of(queries.contacts_of(opened.text), cursor, limit, _contact)


@router.post("/contacts", response={201: ContactOut}, summary="Take a slot for one contact before it is made")
@needs(permissions.RESERVE_CONTACT)
def reserve(request: HttpRequest, payload: ContactIn) -> Status[ContactOut]:
    return Status(201, _contact(reserve_contact(**payload.dict(), by=request.actor)))


@router.post("/contacts/{number}/outcome", response=ContactOut, summary="Say what came of a contact")
@needs(permissions.RECORD_CONTACT_OUTCOME)
def outcome(request: HttpRequest, number: str, payload: OutcomeIn) -> ContactOut:
    return _contact(record_contact_outcome(contact_number=number, outcome=payload.outcome, by=request.actor))


class BlockIn(In):
    subject: Text[80]
    reason_code: Text[40]
    note: Text[300] = ""


class BlockOut(Out):
    subject: str
    reason_code: str
    starts_on: date
    lifted_on: date | None


def _block(block: ContactBlock) -> BlockOut:
    return BlockOut(subject=block.subject_text, reason_code=block.reason, starts_on=block.starts_on, lifted_on=block.lifted_on)


@router.get("/contact-blocks", response=Page[BlockOut], summary="Why a subject may not be contacted")
@needs(permissions.VIEW_SUBJECT)
def blocks(request: HttpRequest, subject: str, cursor: str = "", limit: int = PAGE_SIZE) -> dict[str, Any]:
    opened = subjects.open_subject(subject, request.actor)
    return page_of(queries.blocks_of(opened.text), cursor, limit, _block)


@router.post("/contact-blocks", response={201: BlockOut}, summary="Stop contacts with a subject")
@needs(permissions.BLOCK_CONTACT)
def block(request: HttpRequest, payload: BlockIn) -> Status[BlockOut]:
    return Status(201, _block(block_contact(**payload.dict(), business_date=business_date.current(), by=request.actor)))


@router.post("/contact-blocks/lift", response=BlockOut, summary="Allow contacts with a subject again")
@needs(permissions.LIFT_CONTACT_BLOCK)
def lift(request: HttpRequest, payload: BlockIn) -> BlockOut:
    return _block(lift_contact_block(**payload.dict(), business_date=business_date.current(), by=request.actor))
