"""The SMS gateway: one text to one mobile.

    POST /send  {"reference","mobile","template","text"} → 200 {"code":"OK","biz_id"} or 200 {"code":"…"}: refusals are 200 too
    callback    {"receipt_id","reference","biz_id","status":"DELIVRD|UNDELIV|EXPIRED"}
"""

from __future__ import annotations

from typing import Any

from chezhe.kernel import outside
from chezhe.messaging.rules import Outgoing, Receipt, Reply

SERVICE = "sms"
TIMEOUT_SECONDS = 5
_REASONS = {
    "MOBILE_NUMBER_ILLEGAL": ("address_invalid", False), "BLACKLISTED": ("address_blocked", False),
    "BUSINESS_LIMIT_CONTROL": ("too_many", True), "TEMPLATE_ILLEGAL": ("template_refused", False),
}
_OUTCOMES = {"DELIVRD": (True, ""), "UNDELIV": (False, "undelivered"), "EXPIRED": (False, "expired")}


def send(message: Outgoing) -> Reply:
    """Hand over one message. Raises outside.Unreachable when nothing is certain; asking again is harmless."""
    reply = outside.post(SERVICE, "/send", {
        "reference": message.reference, "mobile": message.address, "template": message.template_code, "text": message.text,
    }, timeout_seconds=TIMEOUT_SECONDS)
    if not reply.is_ok:
        raise outside.Unreachable(f"sms gateway answered {reply.status}")
    code = str(reply.body.get("code", ""))
    if code == "OK":
        return Reply(is_taken=True, vendor_reference=str(reply.body.get("biz_id", ""))[:80])
    reason, may_retry = _REASONS.get(code, ("vendor_refused", False))
    return Reply(is_taken=False, code=reason, may_retry=may_retry)


def receipts(said: dict[str, Any]) -> list[Receipt]:
    """What a callback says; raises ValueError when it cannot be read."""
    outcome = _OUTCOMES.get(str(said.get("status")))
    if outcome is None or not said.get("receipt_id") or not said.get("reference"):
        raise ValueError("not an SMS receipt")
    is_delivered, code = outcome
    return [Receipt(receipt_id=str(said["receipt_id"])[:80], reference=str(said["reference"]), is_delivered=is_delivered, code=code)]
