"""WeChat service messages: a template to a follower.

    POST /message/send  {"touser","template_id","content","client_msg_id"} → 200 {"errcode":0,"msgid"} or {"errcode":43101,…}
    callback            {"Event":"TEMPLATESENDJOBFINISH","MsgID","client_msg_id","Status":"success|failed:user block|failed: system failed"}

The status is a sentence, errors are numbers with HTTP 200, and the message id is a whole number.
"""

from __future__ import annotations

from typing import Any

from chezhe.kernel import outside
from chezhe.messaging.rules import Outgoing, Receipt, Reply

SERVICE = "wechat"
TIMEOUT_SECONDS = 5
EVENT = "TEMPLATESENDJOBFINISH"
_REASONS = {
    40003: ("address_invalid", False), 43101: ("address_blocked", False), 45009: ("too_many", True), 40037: ("template_refused", False),
}
_BUSY = -1


def send(message: Outgoing) -> Reply:
    """Hand over one message. Raises outside.Unreachable when nothing is certain; asking again is harmless."""
    reply = outside.post(SERVICE, "/message/send", {
        "touser": message.address, "template_id": message.template_code, "content": message.text,
        "client_msg_id": message.reference, "reference": message.reference,
    }, timeout_seconds=TIMEOUT_SECONDS)
    code = reply.body.get("errcode")
    if not reply.is_ok or not isinstance(code, int) or code == _BUSY:
        raise outside.Unreachable("wechat is busy")
    if code == 0:
        return Reply(is_taken=True, vendor_reference=str(reply.body.get("msgid", ""))[:80])
    reason, may_retry = _REASONS.get(code, ("vendor_refused", False))
    return Reply(is_taken=False, code=reason, may_retry=may_retry)


def receipts(said: dict[str, Any]) -> list[Receipt]:
    """What a callback says; raises ValueError when it cannot be read. The message id names the receipt: there is one each."""
    if said.get("Event") != EVENT or not said.get("MsgID") or not said.get("client_msg_id"):
        raise ValueError("not a WeChat receipt")
    status = str(said.get("Status", ""))
    code = "" if status == "success" else "address_blocked" if "user block" in status else "undelivered"
    return [
        Receipt(receipt_id=str(said["MsgID"])[:80], reference=str(said["client_msg_id"]), is_delivered=status == "success", code=code)
    ]
