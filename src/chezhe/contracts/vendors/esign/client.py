"""An outside provider of electronic signatures: hand over a paper, ask what became of it.

    POST /signings  {"reference","document","field","reason","signer":{"name","mark","mobile","is_person"}} → 202 {"reference","status"}
    POST /query     {"reference"} → 200 {"reference","status","document","code"} or 404 {"code":"UNKNOWN_REFERENCE"}
    callback        {"notice_id","reference","status"}

`status` is processing, signed or refused; documents are base64. The reference makes an order idempotent. A callback only says that
there is something to ask for: nothing in it is believed.
"""

from __future__ import annotations

import base64
import binascii
from dataclasses import dataclass
from typing import Any

from chezhe.contracts.signing.authority import Signer
from chezhe.kernel import outside

SERVICE = "esign"
TIMEOUT_SECONDS = 10
STATUSES = ("processing", "signed", "refused")


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """One paper for one signer; `mobile` is empty for the lender's seal."""

    reference: str
    document: bytes
    field: str
    reason: str
    signer: Signer
    mobile: str


@dataclass(frozen=True, slots=True)
class Standing:
    """What the provider says of an order; `unknown` means that it never got it."""

    status: str
    document: bytes = b""
    code: str = ""


@dataclass(frozen=True, slots=True)
class Notice:
    """A callback as far as it matters: which sitting to ask about."""

    signing_number: str


def order(wanted: Order) -> Standing:
    """Hand over a paper. Raises outside.Unreachable when nothing is certain."""
    signer = wanted.signer
    reply = outside.post(SERVICE, "/signings", {
        "reference": wanted.reference, "document": base64.b64encode(wanted.document).decode(), "field": wanted.field,
        "reason": wanted.reason,
        "signer": {"name": signer.name, "mark": signer.mark, "mobile": wanted.mobile, "is_person": signer.is_person},
    }, timeout_seconds=TIMEOUT_SECONDS)
    return _standing(reply)


def query(reference: str) -> Standing:
    """The truth about an order. Raises outside.Unreachable."""
    reply = outside.post(SERVICE, "/query", {"reference": reference}, timeout_seconds=TIMEOUT_SECONDS)
    if reply.status == 404 and reply.body.get("code") == "UNKNOWN_REFERENCE":
        return Standing("unknown")
    return _standing(reply)


def read_notice(said: dict[str, Any]) -> Notice:
    """What a callback says. Raises ValueError when it cannot be read."""
    reference = said.get("reference")
    if not isinstance(reference, str) or said.get("status") not in STATUSES or not said.get("notice_id"):
        raise ValueError("no notice of the provider's")
    return Notice(reference.partition(".")[0][:20])


def _standing(reply: outside.Reply) -> Standing:
    status = reply.body.get("status")
    if not reply.is_ok or status not in STATUSES:
        raise outside.Unreachable(f"the provider answered {reply.status} {reply.body.get('code', '')}")
    try:
        document = base64.b64decode(str(reply.body.get("document", "")), validate=True)
    except binascii.Error as failure:
        raise outside.Unreachable("the provider answered no document") from failure
    return Standing(status, document, str(reply.body.get("code", ""))[:40])
