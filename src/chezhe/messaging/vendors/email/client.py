"""The mail relay: one letter to one address.

    POST /messages  {"reference","to","subject","text"} → 202 {"id"}, 422 {"error":"invalid_recipient|suppressed"}, 429 {"error":"rate"}
    callback        {"events":[{"id","reference","type":"delivered|bounced|deferred","reason"}, …]}: several at once; deferred is no end
"""

from __future__ import annotations

from typing import Any

from chezhe.kernel import outside
from chezhe.messaging.rules import Outgoing, Receipt, Reply

SERVICE = "email"
TIMEOUT_SECONDS = 8
EVENTS_MAX = 500
_REASONS = {"invalid_recipient": "address_invalid", "suppressed": "address_blocked"}


def send(message: Outgoing) -> Reply:
    """Hand over one letter. Raises outside.Unreachable when nothing is certain; asking again is harmless."""
    reply = outside.post(SERVICE, "/messages", {
        "reference": message.reference, "to": message.address, "subject": message.title, "text": message.text,
    }, timeout_seconds=TIMEOUT_SECONDS)
    if reply.status == 202:
        return Reply(is_taken=True, vendor_reference=str(reply.body.get("id", ""))[:80])
    if reply.status == 429:
        return Reply(is_taken=False, code="too_many", may_retry=True)
    if reply.status == 422:
        return Reply(is_taken=False, code=_REASONS.get(str(reply.body.get("error")), "vendor_refused"))
    raise outside.Unreachable(f"mail relay answered {reply.status}")


def receipts(said: dict[str, Any]) -> list[Receipt]:
    """What a callback says; raises ValueError when it cannot be read. `deferred` says nothing final and is left out."""
    events = said.get("events")
    if not isinstance(events, list) or len(events) > EVENTS_MAX or not all(isinstance(event, dict) for event in events):
        raise ValueError("not a mail callback")
    return [_receipt(event) for event in events if event.get("type") != "deferred"]


def _receipt(event: dict[str, Any]) -> Receipt:
    if event.get("type") not in ("delivered", "bounced") or not event.get("id") or not event.get("reference"):
        raise ValueError("not a mail event")
    is_delivered = event["type"] == "delivered"
    return Receipt(
        receipt_id=str(event["id"])[:80], reference=str(event["reference"]), is_delivered=is_delivered,
        code="" if is_delivered else "undelivered",
    )
