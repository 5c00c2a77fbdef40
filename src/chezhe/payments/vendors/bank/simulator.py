"""A bank that pays out: takes signed orders, pays or fails them a moment later, calls back, and tells the truth when asked.

What becomes of an order is written in the payee's account: the three digits before the last one. So a test, or
somebody who tries the product, chooses the outcome; every other account is paid.

| digits | outcome |
|---|---|
| 901 | fails: account closed |
| 902 | fails: name does not match |
| 903 | fails: our own account has no funds |
| 904 | refused at once: no such account |
| 905 | paid, and sent back by the payee's bank; the two callbacks may arrive in either order |
| 906 | paid, without any callback |
| 907 | stays in processing for ever |

The morning after, the settlement file of a day tells what went through (`vendors/bank/settlement.py`); it is as careless as real ones:

| digits | in the file |
|---|---|
| 911 | paid, and missing |
| 912 | twice |
| 913 | in the next day's file, under its own day |
| 914 | net of a fee of 1.00 |
"""

from __future__ import annotations

import csv
import hashlib
import io
from datetime import date, datetime, timedelta
from typing import Any, ClassVar

from chezhe.finmath.money import Money, parse
from chezhe.identifiers import bank_card
from chezhe.kernel import clock, simulators
from chezhe.kernel.simulators import Answer, Call, Faults, Simulator
from chezhe.payments.vendors.bank.settlement import HEADINGS, KINDS
from chezhe.payments.vendors.serials import serial_of

FATES = {
    "901": ("failed", "ACCOUNT_CLOSED"), "902": ("failed", "NAME_MISMATCH"), "903": ("failed", "INSUFFICIENT_FUNDS"),
    "904": ("refused", "ACCOUNT_INVALID"), "905": ("returned", "RETURNED_BY_PAYEE_BANK"), "906": ("silent", ""), "907": ("stuck", ""),
}
WORKS_FOR, RETURNS_AFTER = timedelta(seconds=1), timedelta(seconds=10)
ANSWERS_AFTER = timedelta(minutes=1)
ANSWER_HEADINGS = ("订单号", "金额", "处理结果", "银行流水号", "失败代码")
OUTCOME_WORDS = {"paid": "成功", "failed": "失败", "returned": "退回", "processing": "处理中"}
FEE_FEN = 100
_SAME = ("amount", "payee_name", "payee_account")


def account_with_fate(fate: str, issuer: str = "629999") -> str:
    """A card number that the simulator treats as `fate` ("901" … "907"); it passes the Luhn check."""
    body = f"{issuer}{'1':0>9}{fate}"
    return body + bank_card.luhn_digit(body)


@simulators.register
class BankSimulator(Simulator):
    """The payout service of a bank; `state` holds every order by its reference."""

    name, callback_path = "bank", "/payments/callbacks/bank/"
    faults: ClassVar[Faults] = Faults(delay_seconds=(1, 4), duplicate_rate=1 / 10)

    def answer(self, call: Call) -> Answer:
        handler = {"/payouts": self._order, "/query": self._query, "/settlement": self._settlement, "/batches": self._batch,
                   "/batch-answer": self._batch_answer}.get(call.path)
        return handler(call) if handler else Answer(404, {"code": "NO_SUCH_PATH"})

    def _order(self, call: Call) -> Answer:
        said = {name: str(call.body.get(name, "")) for name in ("reference", *_SAME, "memo")}
        if not said["reference"] or not _is_amount(said["amount"]):
            return Answer(400, {"code": "BAD_ORDER"})
        standing = self.state.get(said["reference"])
        if standing is not None:
            is_same = all(standing[name] == said[name] for name in _SAME)
            return Answer(202, self._standing(standing, call.at)) if is_same else Answer(409, {"code": "REFERENCE_REUSED"})
        status, code = FATES.get(said["payee_account"][-4:-1], ("paid", ""))
        if status == "refused":
            return Answer(422, {"code": code})
        serial = serial_of("B", call.at, said["reference"])
        order = {**said, "fate": status, "code": code, "ordered_at": call.at.isoformat(), "serial": serial}
        self.state[said["reference"]] = order
        self._announce(order)
        return Answer(202, {"reference": order["reference"], "status": "processing", "serial": order["serial"], "code": ""})

    def _query(self, call: Call) -> Answer:
        order = self.state.get(str(call.body.get("reference", "")))
        return Answer(200, self._standing(order, call.at)) if order else Answer(404, {"code": "UNKNOWN_REFERENCE"})

    def _settlement(self, call: Call) -> Answer:
        """The file of a day, once the day is over; the same question gives the same file, byte by byte."""
        try:
            day = date.fromisoformat(str(call.body.get("day", "")))
        except ValueError:
            return Answer(400, {"code": "BAD_DAY"})
        if day >= _day_of(call.at):
            return Answer(404, {"code": "NOT_READY"})
        rows = [row for order in self._orders() for row in settlement_rows(order, day, call.at)]
        content = "".join(",".join(row) + "\n" for row in (HEADINGS, *rows))
        digest = hashlib.sha256(content.encode()).hexdigest()
        return Answer(200, {"day": day.isoformat(), "name": f"settlement-{day:%Y%m%d}.csv", "content": content, "sha256": digest})

    def _orders(self) -> list[dict[str, Any]]:
        return [order for order in self.state.values() if "fate" in order]

    def _batch(self, call: Call) -> Answer:
        """A file of orders: each becomes one as if it had come alone, and none is called back about."""
        number, content = str(call.body.get("number", "")), str(call.body.get("content", ""))
        digest = hashlib.sha256(content.encode("utf-8-sig")).hexdigest()
        if not number or digest != call.body.get("sha256"):
            return Answer(400, {"code": "BAD_BATCH"})
        standing = self.state.get(f"batch:{number}")
        if standing is not None and standing["digest"] != digest:
            return Answer(409, {"code": "BATCH_REUSED"})
        if standing is None:
            rows = list(csv.DictReader(io.StringIO(content)))
            references = [self._order_of(row, call.at) for row in rows]
            self.state[f"batch:{number}"] = {"digest": digest, "references": references, "taken_at": call.at.isoformat()}
        return Answer(202, {"number": number, "status": "accepted"})

    def _order_of(self, row: dict[str, str], at: datetime) -> str:
        reference = row["订单号"]
        status, code = FATES.get(row["收款账号"][-4:-1], ("paid", ""))
        self.state.setdefault(reference, {
            "reference": reference, "amount": row["金额"], "payee_name": row["收款户名"], "payee_account": row["收款账号"],
            "memo": row["附言"], "fate": "failed" if status == "refused" else status, "code": code, "ordered_at": at.isoformat(),
            "serial": serial_of("B", at, reference),
        })
        return reference

    def _batch_answer(self, call: Call) -> Answer:
        """The answer to a file, a minute after it was taken."""
        batch = self.state.get(f"batch:{call.body.get('number', '')}")
        if batch is None:
            return Answer(404, {"code": "UNKNOWN_BATCH"})
        if call.at - datetime.fromisoformat(batch["taken_at"]) < ANSWERS_AFTER:
            return Answer(404, {"code": "NOT_READY"})
        lines = [",".join(ANSWER_HEADINGS)]
        for reference in batch["references"]:
            order = self.state[reference]
            status = status_of(order, call.at)
            code = order["code"] if status in ("failed", "returned") else ""
            lines.append(",".join((reference, order["amount"], OUTCOME_WORDS[status], order["serial"], code)))
        content = "\n".join(lines) + "\n"
        digest = hashlib.sha256(content.encode()).hexdigest()
        return Answer(200, {
            "number": call.body["number"], "name": f"answer-{call.body['number']}.csv", "content": content, "sha256": digest})

    def _standing(self, order: dict[str, Any], at: datetime) -> dict[str, Any]:
        status = status_of(order, at)
        code = order["code"] if status in ("failed", "returned") else ""
        return {"reference": order["reference"], "status": status, "serial": order["serial"], "code": code}

    def _announce(self, order: dict[str, Any]) -> None:
        if order["fate"] in ("silent", "stuck"):
            return
        self._call(order, "failed" if order["fate"] == "failed" else "paid")
        if order["fate"] == "returned":
            self._call(order, "returned")

    def _call(self, order: dict[str, Any], status: str) -> None:
        self.call_back(f"{order['reference']}/{status}", {
            "notice_id": f"BN-{order['serial']}-{status}", "reference": order["reference"], "status": status,
            "amount": order["amount"], "serial": order["serial"], "code": "" if status == "paid" else order["code"],
        })


def status_of(order: dict[str, Any], at: datetime) -> str:
    """Where an order stands at a moment."""
    since = at - datetime.fromisoformat(order["ordered_at"])
    if order["fate"] == "stuck" or since < WORKS_FOR:
        return "processing"
    if order["fate"] == "failed":
        return "failed"
    return "returned" if order["fate"] == "returned" and since >= RETURNS_AFTER else "paid"


def settlement_rows(order: dict[str, Any], day: date, at: datetime) -> list[tuple[str, ...]]:
    """What the settlement file of a day says of one order, carelessness included."""
    ordered_at, fate = datetime.fromisoformat(order["ordered_at"]), order["payee_account"][-4:-1]
    paid_at, back_at = ordered_at + WORKS_FOR, ordered_at + RETURNS_AFTER
    rows = []
    if status_of(order, at) in ("paid", "returned") and fate != "911":
        told_on = _day_of(paid_at) + timedelta(days=fate == "913")
        rows += [_row(order, "payout", paid_at, fate)] * (2 if fate == "912" else 1) if told_on == day else []
    if status_of(order, at) == "returned" and _day_of(back_at) == day:
        rows.append(_row(order, "return", back_at, fate))
    return rows


def _row(order: dict[str, Any], kind: str, done_at: datetime, fate: str) -> tuple[str, ...]:
    gross, fee = parse(order["amount"]), Money(FEE_FEN if fate == "914" else 0)
    return (_day_of(done_at).isoformat(), order["reference"], order["serial"], KINDS[kind], str(gross - fee), str(fee))


def _day_of(at: datetime) -> date:
    return at.astimezone(clock.SHANGHAI).date()


def _is_amount(text: str) -> bool:
    try:
        return parse(text).fen > 0
    except ValueError:
        return False
