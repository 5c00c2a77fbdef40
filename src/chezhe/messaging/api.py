"""Messages over REST: `/api/v1/messaging/…`."""

from datetime import datetime
from typing import Any

from django.http import HttpRequest
from ninja import Router, Status

from chezhe.kernel import subjects
from chezhe.kernel.doors import needs
from chezhe.kernel.rest import PAGE_SIZE, In, Out, Page, Text, page_of, page_of_list
from chezhe.messaging import permissions, queries, rules
from chezhe.messaging.actions.send_message import send_message
from chezhe.messaging.actions.withdraw_message import withdraw_message
from chezhe.messaging.models import Message, Template

router = Router()


class TemplateOut(Out):
    code: str
    version: int
    channel: str
    purpose: str
    consent_kind: str
    body: str
    english: str
    fields: dict[str, str]
    sample: str


class MessageIn(In):
    template_code: Text[40]
    subject: Text[80]
    address: Text[120]
    facts: dict[str, str]
    language: str = "zh-hans"
    reference: Text[120] = ""


class WithdrawIn(In):
    reason: Text[200]


class MessageOut(Out):
    number: str
    status: str
    reason: str
    template_code: str
    channel: str
    purpose: str
    subject: str
    address: str
    text: str
    created_at: datetime
    sent_at: datetime | None
    finished_at: datetime | None


class MessagePage(Out):
    items: list[MessageOut]
    next_cursor: str | None = None


def _out(row: Message) -> MessageOut:
    return MessageOut(
        number=row.number, status=row.status, reason=row.reason, template_code=row.template.code, channel=row.channel,
        purpose=row.purpose, subject=row.recipient, address=row.masked_address, text=row.text, created_at=row.created_at,
        sent_at=row.sent_at, finished_at=row.finished_at,
    )


@router.get("/templates", response=Page[TemplateOut], summary="The templates with a sample of each")
@needs(permissions.VIEW)
def templates(request: HttpRequest, cursor: str = "", limit: int = PAGE_SIZE) -> dict[str, Any]:
    return page_of_list(list(queries.templates()), cursor, limit, _template)


def _template(t: Template) -> TemplateOut:
    return TemplateOut(
        code=t.code, version=t.version, channel=t.channel, purpose=t.purpose, consent_kind=t.consent_kind, body=t.body,
        english=t.english, fields=t.fields, sample=t.text(rules.samples(t.fields), "zh-hans"),
    )


@router.get("/messages", response=MessagePage, summary="Messages within reach, or those to one subject")
@needs(permissions.VIEW)
def messages(request: HttpRequest, subject: str = "", cursor: str = "", limit: int = PAGE_SIZE) -> dict[str, Any]:
    if subject:
        return page_of(queries.messages_of(subjects.open_subject(subject, request.actor).text), cursor, limit, _out)
    return page_of(queries.messages(request.actor), cursor, limit, _out)


@router.get("/messages/{number}", response=MessageOut, summary="One message")
@needs(permissions.VIEW)
def read(request: HttpRequest, number: str) -> MessageOut:
    return _out(queries.messages(request.actor).fetch(number))


@router.post("/messages", response={201: MessageOut}, summary="Send a message; consent and contact policy may refuse it")
@needs(permissions.SEND)
def send(request: HttpRequest, payload: MessageIn) -> Status[MessageOut]:
    return Status(201, _out(send_message(**payload.dict(), by=request.actor)))


@router.post("/messages/{number}/withdraw", response=MessageOut, summary="Take back a message that still waits")
@needs(permissions.WITHDRAW)
def withdraw(request: HttpRequest, number: str, payload: WithdrawIn) -> MessageOut:
    return _out(withdraw_message(message_number=number, reason=payload.reason, by=request.actor))
