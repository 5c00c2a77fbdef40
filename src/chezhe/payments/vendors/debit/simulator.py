"""A channel that collects from bank accounts: takes signed orders in packets, collects or fails them a moment later, calls back,
tells the truth when asked, closes orders that it never got, and states each day what it owes.

What becomes of an order is written in the payer's account, the three digits before the last one; every other account pays.

| digits | outcome |
|---|---|
| 801 | fails: not enough money |
| 802 | the first order of a day fails (not enough money), a later one is paid |
| 803 | fails: the card has been closed |
| 804 | fails: the account is frozen |
| 805 | fails: the name is another |
| 806 | fails: the customer has ended the authority at the bank |
| 807 | fails above 2,000.00 an order (limit), is paid below |
| 808 | half of the sum is collected: the account held no more |
| 809 | fails: the bank's system is down |
| 810 | paid, without any callback |
| 811 | stays in processing for ever |
| 812 | paid, and taken back by the bank a day later |
| 813 | paid, but a first callback says that it failed |
| 814 | fails: the day's limit is used up |

A paid order costs 2.00. The statement of a day is ready on the next.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any, ClassVar

from chezhe.finmath.money import Money, parse
from chezhe.identifiers import bank_card
from chezhe.kernel import simulators
from chezhe.kernel.simulators import Answer, Call, Faults, Simulator
from chezhe.payments.vendors.serials import serial_of

FAILS = {
    "801": "INSUFFICIENT_FUNDS", "803": "CARD_CLOSED", "804": "ACCOUNT_FROZEN", "805": "NAME_MISMATCH", "806": "MANDATE_REVOKED",
    "809": "SYSTEM_ERROR", "814": "DAY_LIMIT_EXCEEDED",
}
FEE = Money(200)
LIMIT = Money(200_000)
WORKS_FOR, RETURNS_AFTER = timedelta(seconds=1), timedelta(days=1)
_SAME = ("amount", "holder_name", "account", "agreement")


def account_with_fate(fate: str, issuer: str = "629999", serial: int = 2) -> str:
    """A card number that the simulator treats as `fate` ("801" … "814"); it passes the Luhn check."""
    body = f"{issuer}{serial:0>9}{fate}"
    return body + bank_card.luhn_digit(body)


@simulators.register
class DebitSimulator(Simulator):
    """The register of a channel; `state` holds every order by its reference."""

    name, callback_path = "debit", "/payments/callbacks/debit/"
    faults: ClassVar[Faults] = Faults(delay_seconds=(1, 4), duplicate_rate=1 / 10)

    def answer(self, call: Call) -> Answer:
        handler = {"/orders": self._orders, "/query": self._query, "/close": self._close, "/statement": self._statement}.get(call.path)
        return handler(call) if handler else Answer(404, {"code": "NO_SUCH_PATH"})

    def _orders(self, call: Call) -> Answer:
        wanted = call.body.get("orders")
        if not isinstance(wanted, list) or not all(_is_order(one) for one in wanted):
            return Answer(400, {"code": "BAD_ORDER"})
        return Answer(200, {"answers": [self._take(one, call.at) for one in wanted]})

    def _take(self, said: dict[str, Any], at: datetime) -> dict[str, Any]:
        standing = self.state.get(said["reference"])
        if standing is not None:
            is_other = "amount" in standing and any(standing[name] != said[name] for name in _SAME)
            return _failure(said["reference"], "REFERENCE_REUSED") if is_other else standing_of(standing, at)
        fate, code, collected = self._fate(said, at)
        order = {**{name: said[name] for name in ("reference", *_SAME)}, "fate": fate, "code": code, "collected": str(collected),
                 "at": at.isoformat(), "serial": serial_of("T", at, said["reference"])}
        self.state[said["reference"]] = order
        self._announce(order)
        return {**standing_of(order, at), "status": "processing", "collected": "", "on": "", "code": ""}

    def _fate(self, said: dict[str, Any], at: datetime) -> tuple[str, str, Money]:
        """How it ends, the code, and what is collected."""
        digits, amount = said["account"][-4:-1], parse(said["amount"])
        if digits in FAILS:
            return "failed", FAILS[digits], Money(0)
        if digits == "802" and not self._tried_today(said["account"], at):
            return "failed", "INSUFFICIENT_FUNDS", Money(0)
        if digits == "807" and amount > LIMIT:
            return "failed", "LIMIT_EXCEEDED", Money(0)
        if digits == "808":
            return "paid", "INSUFFICIENT_FUNDS", Money(max(1, amount.fen // 2))
        return {"810": "silent", "811": "stuck", "812": "returned", "813": "contradicted"}.get(digits, "paid"), "", amount

    def _tried_today(self, account: str, at: datetime) -> bool:
        return any(order.get("account") == account and order["at"][:10] == at.isoformat()[:10] for order in self.state.values())

    def _announce(self, order: dict[str, Any]) -> None:
        if order["fate"] in ("silent", "stuck"):
            return
        if order["fate"] == "contradicted":
            self._call(order, "failed", "INSUFFICIENT_FUNDS")
        self._call(order, "failed" if order["fate"] == "failed" else "collected", order["code"])
        if order["fate"] == "returned":
            self._call(order, "returned", "RETURNED")

    def _call(self, order: dict[str, Any], status: str, code: str) -> None:
        days = int(status == "returned")
        self.call_back(f"{order['reference']}/{status}", {
            "notice_id": f"DN-{order['serial']}-{status}", "reference": order["reference"], "status": status, "serial": order["serial"],
            "collected": "" if status == "failed" else order["collected"], "on": _day(order, days), "code": code,
        }, after=RETURNS_AFTER * days)

    def _query(self, call: Call) -> Answer:
        known = [str(one) for one in call.body.get("references", [])]
        unknown = {"status": "unknown", "collected": "", "on": "", "serial": "", "code": ""}
        return Answer(200, {"answers": [
            standing_of(self.state[one], call.at) if one in self.state else {"reference": one, **unknown} for one in known
        ]})

    def _close(self, call: Call) -> Answer:
        for reference in call.body.get("references", []):
            self.state.setdefault(str(reference), {"reference": str(reference), "fate": "closed", "at": call.at.isoformat(), "serial": ""})
        return self._query(call)

    def _statement(self, call: Call) -> Answer:
        day = str(call.body.get("day", ""))
        if day >= call.at.date().isoformat():
            return Answer(409, {"code": "NOT_READY"})
        lines = []
        for order in self.state.values():
            standing = standing_of(order, call.at)
            if standing["status"] in ("collected", "returned") and _day(order) == day:
                lines.append({"reference": order["reference"], "kind": "collected", "amount": order["collected"], "fee": str(FEE)})
            if standing["status"] == "returned" and _day(order, 1) == day:
                lines.append({"reference": order["reference"], "kind": "returned", "amount": order["collected"], "fee": ""})
        return Answer(200, {"day": day, "lines": lines})


def standing_of(order: dict[str, Any], at: datetime) -> dict[str, Any]:
    """What the register says of an order at a moment."""
    status, since = "collected", at - datetime.fromisoformat(order["at"])
    if order["fate"] in ("failed", "closed"):
        status = order["fate"]
    elif order["fate"] == "returned" and since >= RETURNS_AFTER:
        status = "returned"
    if order["fate"] == "stuck" or (order["fate"] != "closed" and since < WORKS_FOR):
        status = "processing"
    has_money = status in ("collected", "returned")
    code = order.get("code", "") if status in ("failed", "collected") else ""
    return {"reference": order["reference"], "status": status, "collected": order["collected"] if has_money else "",
            "on": _day(order, int(status == "returned")) if has_money else "", "serial": order["serial"], "code": code}


def _failure(reference: str, code: str) -> dict[str, Any]:
    return {"reference": reference, "status": "failed", "collected": "", "on": "", "serial": "", "code": code}


def _day(order: dict[str, Any], later: int = 0) -> str:
    moment = datetime.fromisoformat(order["at"])
    return date.fromordinal(moment.date().toordinal() + later).isoformat()


def _is_order(said: Any) -> bool:
    names = ("reference", *_SAME, "memo")
    if not isinstance(said, dict) or not all(isinstance(said.get(name), str) and said[name] for name in names):
        return False
    try:
        return parse(said["amount"]).fen > 0
    except ValueError:
        return False
