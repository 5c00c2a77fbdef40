"""The direct-debit channel: many orders in one call, what became of them, closing what never came, a day's statement.

    POST /orders    {"reference", "orders": [{"reference","amount","holder_name","account","agreement","memo"}]} → 200 {"answers": […]}
    POST /query     {"reference", "references": […]} → 200 {"answers": […]}
    POST /close     {"reference", "references": […]} → 200 {"answers": […]}
    POST /statement {"reference", "day"} → 200 {"day","lines": [{"reference","kind","amount","fee"}]}
    callback        {"notice_id","reference","status","collected","on","serial","code"}

An answer is {"reference","status","collected","on","serial","code"}; `status` is processing, collected, failed, returned, closed or
unknown. A reference is carried out once however often it comes; a closed one never: that is how an order that was lost on
the way is made harmless before another is given. `reference` of the call itself only names it in logs.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from chezhe.finmath.money import ZERO, parse
from chezhe.kernel import outside
from chezhe.payments.debits.answers import Answer
from chezhe.payments.debits.models import Debit
from chezhe.payments.debits.rules import StatementLine
from chezhe.payments.debits.states import OUTCOMES

SERVICE = "debit"
TIMEOUT_SECONDS = 20
KINDS = ("collected", "returned")


def order(debits: Sequence[Debit]) -> list[Answer]:
    """Give these orders. Raises outside.Unreachable when nothing is certain: then ask, never give them anew."""
    return _answers("/orders", {"reference": debits[0].reference, "orders": [_order(debit) for debit in debits]})


def query(references: Sequence[str]) -> list[Answer]:
    """What the channel's register says of these orders. Raises outside.Unreachable."""
    return _answers("/query", {"reference": references[0], "references": list(references)}, is_register=True)


def close(references: Sequence[str]) -> list[Answer]:
    """Let the channel never carry out orders that it does not know yet; of one that it knows, its state. Raises Unreachable."""
    return _answers("/close", {"reference": references[0], "references": list(references)}, is_register=True)


def statement(day: date) -> list[StatementLine]:
    """What the channel collected and took back on a day, with its fees. Raises outside.Unreachable, also while it is not ready."""
    body = _post("/statement", {"reference": day.isoformat(), "day": day.isoformat()})
    lines = body.get("lines")
    if body.get("day") != day.isoformat() or not isinstance(lines, list):
        raise outside.Unreachable("channel answered no statement")
    return [_line(line) for line in lines]


def read_answer(said: dict[str, Any], *, is_register: bool = False) -> Answer:
    """One answer or callback as a value. Raises ValueError for what cannot be read."""
    outcome, reference = said.get("status"), said.get("reference")
    if outcome not in OUTCOMES or not isinstance(reference, str) or not 1 <= len(reference) <= 60:
        raise ValueError("answer unreadable")
    collected = parse(str(said["collected"])) if said.get("collected") else ZERO
    on = date.fromisoformat(str(said["on"])) if said.get("on") else None
    return Answer(reference=reference, outcome=outcome, collected=collected, on=on, serial=str(said.get("serial", ""))[:64],
                  code=str(said.get("code", ""))[:40], is_register=is_register)


def _order(debit: Debit) -> dict[str, str]:
    account = debit.mandate.account
    return {"reference": debit.reference, "amount": str(debit.amount), "holder_name": account.holder_name, "account": account.card_number,
            "agreement": debit.mandate.number, "memo": debit.memo}


def _answers(path: str, payload: dict[str, Any], *, is_register: bool = False) -> list[Answer]:
    said = _post(path, payload).get("answers")
    if not isinstance(said, list):
        raise outside.Unreachable("channel answered no list")
    try:
        return [read_answer(one, is_register=is_register) for one in said]
    except (ValueError, AttributeError, TypeError) as failure:
        raise outside.Unreachable("channel answered what cannot be read") from failure


def _line(said: Any) -> StatementLine:
    try:
        if said["kind"] not in KINDS:
            raise ValueError(said["kind"])
        fee = parse(str(said["fee"])) if said.get("fee") else ZERO
        return StatementLine(reference=str(said["reference"])[:60], kind=said["kind"], amount=parse(str(said["amount"])), fee=fee)
    except (ValueError, KeyError, TypeError, AttributeError) as failure:
        raise outside.Unreachable("channel answered an unreadable line") from failure


def _post(path: str, payload: dict[str, Any]) -> dict[str, Any]:
    reply = outside.post(SERVICE, path, payload, timeout_seconds=TIMEOUT_SECONDS)
    if not reply.is_ok:
        # Our side or theirs is broken; whether an order counts is asked later.
        raise outside.Unreachable(f"channel refused {path}: {reply.status} {reply.body.get('code', '')}")
    return reply.body
