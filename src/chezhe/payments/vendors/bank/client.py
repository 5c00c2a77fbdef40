"""The bank's payout service: order, and ask what became of an order.

    POST /payouts  {"reference","amount","payee_name","payee_account","memo"} → 202 {"reference","status","serial"}
    POST /query    {"reference"} → 200 {"reference","status","serial","code"} or 404 {"code":"UNKNOWN_REFERENCE"}
    callback       {"notice_id","reference","status","amount","serial","code"}

`status` is processing, paid, failed or returned. The reference makes an order idempotent: sending it again is harmless.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from chezhe.finmath.money import Money
from chezhe.kernel import outside

SERVICE = "bank"
TIMEOUT_SECONDS = 8
STATUSES = ("processing", "paid", "failed", "returned")


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """One payout as the bank is told: `reference` is our number and attempt."""

    reference: str
    amount: Money
    payee_name: str
    payee_account: str
    memo: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """What the bank says of an order; `unknown` means that it never got it."""

    status: str
    serial: str = ""
    code: str = ""


def order(wanted: Order) -> Standing:
    """Order a payout. A refusal at once is `failed` with its code. Raises outside.Unreachable when nothing is certain."""
    reply = outside.post(SERVICE, "/payouts", {
        "reference": wanted.reference, "amount": str(wanted.amount), "payee_name": wanted.payee_name,
        "payee_account": wanted.payee_account, "memo": wanted.memo,
    }, timeout_seconds=TIMEOUT_SECONDS)
    if reply.is_ok:
        return _standing(reply.body)
    if reply.status == 422:
        return Standing(status="failed", code=str(reply.body.get("code", "REFUSED"))[:40])
    # A wrong signature, a reference used for another sum: our side or theirs is broken, and no money has moved for sure.
    raise outside.Unreachable(f"bank refused the order: {reply.status} {reply.body.get('code', '')}")


def query(reference: str) -> Standing:
    """The truth about an order. Raises outside.Unreachable."""
    reply = outside.post(SERVICE, "/query", {"reference": reference}, timeout_seconds=TIMEOUT_SECONDS)
    if reply.status == 404 and reply.body.get("code") == "UNKNOWN_REFERENCE":
        return Standing(status="unknown")
    if reply.is_ok:
        return _standing(reply.body)
    raise outside.Unreachable(f"bank refused the question: {reply.status}")


def _standing(body: dict[str, Any]) -> Standing:
    status = body.get("status")
    if status not in STATUSES:
        raise outside.Unreachable("bank answered an unknown status")
    return Standing(status=status, serial=str(body.get("serial", ""))[:64], code=str(body.get("code", ""))[:40])
