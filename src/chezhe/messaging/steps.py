"""The one gate through which anything is sent: consent and contact policy are asked first, then the worker sends."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from chezhe.compliance import steps as compliance
from chezhe.identifiers import phone
from chezhe.kernel import clock, events, jobs, moves, numbers, subjects
from chezhe.kernel.actor import Actor
from chezhe.kernel.errors import BusinessError, NotFound
from chezhe.messaging import labels, queries, rules
from chezhe.messaging.errors import AddressInvalid, FactInvalid, ReferenceReused, TemplateReserved
from chezhe.messaging.models import PREFIX, Message, MessageReceipt, Template
from chezhe.messaging.states import MESSAGE

JOB = "messaging.deliver"
EXPIRED = "expired_unsent"
_EMAIL = re.compile(r"[A-Za-z0-9._%+-]{1,64}@[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63})+")
_FOLLOWER = re.compile(r"[A-Za-z0-9_-]{6,64}")


@transaction.atomic
def send(
    *, template_code: str, recipient_subject: str, address: str, facts: Mapping[str, str], by: Actor,
    language: str = "zh-hans", reference: str = "",
) -> Message:
    """Queue one message to `recipient_subject` (customer:C26-…), or record why it may not be sent.

    `facts` fill the template's fields as text (money "3,321.43", day "2026-03-15", name masked). The returned message is
    `queued` or `refused` with its reason: a refusal by consent or contact policy is no error of the caller. `reference`
    (for example "repayment_reminder:L26-…:2026-03-15") makes sending twice harmless. Raises TemplateUnknown, FactInvalid,
    TemplateReserved, AddressInvalid (422), ReferenceReused (409), and NotFound (404) for a subject out of the caller's reach.
    """
    template = queries.template(template_code)
    address = _normal_address(template.channel, address)
    _check_facts(template, facts)
    if template.is_secret and by.kind != "system":
        raise TemplateReserved(name=template.label)
    said, secret = rules.apart(facts, template.fields)
    opened = subjects.open_subject(recipient_subject, by)
    if reference and (sent := Message.objects.filter(reference=reference).first()):
        if (sent.recipient, sent.template_id) != (opened.text, template.pk):
            raise ReferenceReused(reference=reference)
        return sent
    message = Message(
        number=numbers.next_number(PREFIX, clock.today()), reference=reference or None, template=template, channel=template.channel,
        purpose=template.purpose, language=language if language in dict(labels.LANGUAGES) else "zh-hans", recipient=opened.text,
        recipient_label=str(opened.label), branch_id=opened.branch_id, owner_id=opened.owner_id, address=address, facts=said,
        sealed=json.dumps(secret) if secret else "",
        created_at=clock.now(), requested_by_name=by.name,
    )
    return _queue(message, by)


def _queue(message: Message, by: Actor) -> Message:
    try:
        message.contact_number = _pass_gate(message, by)
    except (compliance.ConsentMissing, compliance.ContactRefused) as refusal:
        return _refused(message, refusal, by)
    message.save(force_insert=True)
    moves.record(message.subject, "queue", "", "queued", by=by)
    jobs.enqueue(JOB, number=message.number)
    return message


def _pass_gate(message: Message, by: Actor) -> str:
    """Ask the consent ledger, then take a slot of the contact policy: its number. Raises ConsentMissing or ContactRefused."""
    if message.template.consent_kind:
        compliance.require_consent(message.recipient, message.template.consent_kind, clock.today())
    attempt = compliance.reserve_contact(
        subject=message.recipient, channel=message.channel, purpose=message.purpose, address=message.address, by=by
    )
    return attempt.number


def _refused(message: Message, refusal: BusinessError, by: Actor) -> Message:
    message.status, message.reason, message.finished_at, message.sealed = "refused", refusal.code, clock.now(), ""
    message.save(force_insert=True)
    moves.record(message.subject, "refuse", "", "refused", by=by, reason=str(refusal))
    return message


def _normal_address(channel: str, address: str) -> str:
    given = address.strip()
    if channel == "sms":
        judged = phone.judge(phone.normalise(given))
        if judged.valid:
            return judged.number
    elif channel == "email" and _EMAIL.fullmatch(given):
        return given
    elif channel == "wechat" and _FOLLOWER.fullmatch(given):
        return given
    raise AddressInvalid(channel=dict(labels.CHANNELS)[channel])


def _check_facts(template: Template, facts: Mapping[str, str]) -> None:
    try:
        rules.check_facts(facts, template.fields)
    except rules.FactRefused as refusal:
        raise FactInvalid(name=refusal.name) from refusal


@dataclass(frozen=True, slots=True)
class Hold:
    """Why a queued message may not go out now: wait until `possible_at`, or (None) never."""

    code: str
    sentence: str
    possible_at: datetime | None


def hold_of(message: Message) -> Hold | None:
    """Asked again right before handing over: it may be too late, consent may have been withdrawn, the night may have come."""
    if message.is_over(clock.now()):
        return Hold(EXPIRED, str(_("有效期已过，不再发送。")), None)
    kind = message.template.consent_kind
    if kind and not compliance.has_consent(message.recipient, kind, clock.today()):
        return Hold("consent_missing", str(compliance.ConsentMissing(subject=message.recipient, kind=kind)), None)
    refusal = compliance.may_contact(
        subject=message.recipient, channel=message.channel, purpose=message.purpose, address=message.address, is_reserved=True
    )
    return Hold(refusal.code, str(compliance.ContactRefused(refusal)), refusal.possible_at) if refusal else None


def lock(number: str) -> Message:
    """The message with its row locked; raises NotFound (404)."""
    message = Message.objects.select_for_update().filter(number=number).first()
    if message is None:
        raise NotFound(what=number)
    return message


def refuse(message: Message, hold: Hold, by: Actor) -> None:
    """Stop a queued message for good and give its slot back."""
    _end(message, "refuse", hold.code, by, contact="not_made", reason=hold.sentence)


def record_reply(message: Message, reply: rules.Reply, by: Actor) -> None:
    """Write what the vendor answered: taken, refused for ever, or refused for now (tried again until it is enough)."""
    if message.status != "queued":
        return
    message.attempts += 1
    message.save(update_fields=["attempts"])
    if reply.is_taken:
        _mark_sent(message, reply.vendor_reference, by)
        return
    wait = rules.retry_after_seconds(message.attempts) if reply.may_retry else None
    if wait is None:
        _end(message, "fail", reply.code, by, contact="failed")
    else:
        jobs.enqueue(JOB, after_seconds=wait, number=message.number)


def _mark_sent(message: Message, vendor_reference: str, by: Actor) -> None:
    message.vendor_reference, message.sent_at, message.sealed = vendor_reference, clock.now(), ""
    message.save(update_fields=["vendor_reference", "sent_at", "sealed"])
    moves.move(message, MESSAGE, "send", by=by)
    _complete_contact(message, "sent", by)


def record_receipt(channel: str, receipt: rules.Receipt, by: Actor) -> MessageReceipt | None:
    """Write what a vendor says became of a message; None when this receipt is known already.

    Raises NotFound (404) for a message that is not ours, so that the vendor asks again: it may be faster than our commit.
    A receipt that contradicts the end of the message is kept, marked late, and changes nothing.
    """
    message = lock(receipt.reference)
    if message.channel != channel:
        raise NotFound(what=receipt.reference)
    if MessageReceipt.objects.filter(channel=channel, receipt_id=receipt.receipt_id).exists():
        return None
    is_open = message.status in ("queued", "sent")
    row = MessageReceipt.objects.create(
        channel=channel, receipt_id=receipt.receipt_id, message=message, is_delivered=receipt.is_delivered, code=receipt.code,
        received_at=clock.now(), was_late=not is_open,
    )
    if is_open:
        _settle(message, receipt, by)
    return row


def _settle(message: Message, receipt: rules.Receipt, by: Actor) -> None:
    if message.status == "queued":
        # The vendor took the message, but its answer was lost on the way or is not written yet.
        _mark_sent(message, "", by)
    if receipt.is_delivered:
        message.finished_at = clock.now()
        message.save(update_fields=["finished_at"])
        moves.move(message, MESSAGE, "deliver", by=by)
        events.publish("message.delivered", message.recipient, {"message": message.number})
    else:
        _end(message, "fail", receipt.code or "undelivered", by)


def withdraw(message: Message, by: Actor, reason: str) -> None:
    """Take back a message that has not been handed over. Raises WrongState (409)."""
    MESSAGE.require(message.status, "withdraw")
    _end(message, "withdraw", "", by, contact="not_made", reason=reason)


def _end(message: Message, verb: str, code: str, by: Actor, *, contact: str = "", reason: str = "") -> None:
    message.reason, message.finished_at, message.sealed = code, clock.now(), ""
    message.save(update_fields=["reason", "finished_at", "sealed"])
    moves.move(message, MESSAGE, verb, by=by, reason=reason)
    if contact:
        _complete_contact(message, contact, by)
    if verb == "fail":
        events.publish("message.failed", message.recipient, {"message": message.number, "reason": code})


def _complete_contact(message: Message, outcome: str, by: Actor) -> None:
    if message.contact_number:
        compliance.complete_contact(message.contact_number, outcome, by)
