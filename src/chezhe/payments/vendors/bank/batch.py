"""The bank's service for files of payouts: hand one in, and fetch the answer.

    POST /batches       {"number","content","sha256"} → 202 {"number","status":"accepted"}; the same file again is harmless
    POST /batch-answer  {"number"} → 200 {"number","name","content","sha256"} (a CSV as text), or 404 {"code":"NOT_READY"}
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from chezhe.kernel import outside
from chezhe.payments.vendors.bank.client import SERVICE

TIMEOUT_SECONDS = 30


@dataclass(frozen=True, slots=True)
class AnswerFile:
    """What the bank says of a batch."""

    name: str
    content: bytes


def hand_in(number: str, content: bytes) -> None:
    """Give the bank a file. Raises outside.Unreachable when it is not certain that the bank has taken it."""
    digest = hashlib.sha256(content).hexdigest()
    reply = outside.post(
        SERVICE, "/batches", {"number": number, "content": content.decode("utf-8-sig"), "sha256": digest}, timeout_seconds=TIMEOUT_SECONDS)
    if not reply.is_ok:
        raise outside.Unreachable(f"bank refused the batch: {reply.status} {reply.body.get('code', '')}")


def fetch_answer(number: str) -> AnswerFile | None:
    """The answer; None while the bank has not made it. Raises outside.Unreachable, also for an answer that was damaged on its way."""
    reply = outside.post(SERVICE, "/batch-answer", {"number": number}, timeout_seconds=TIMEOUT_SECONDS)
    if reply.status == 404 and reply.body.get("code") in ("NOT_READY", "UNKNOWN_BATCH"):
        return None
    if not reply.is_ok:
        raise outside.Unreachable(f"bank refused the answer: {reply.status}")
    content = str(reply.body.get("content", "")).encode()
    if hashlib.sha256(content).hexdigest() != reply.body.get("sha256"):
        raise outside.Unreachable("the digest does not fit the content")
    return AnswerFile(str(reply.body.get("name", ""))[:120], content)
