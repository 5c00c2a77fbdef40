"""The channel's daily settlement file: what it says went through, to be laid beside bank and ledger.

    POST /settlement {"day"} → 200 {"day","name","content","sha256"} (a CSV as text), or 404 {"code":"NOT_READY"}

Columns: 交易日期, 订单号, 渠道流水号, 类型 (付款 or 退回), 金额, 手续费. A file is not to be trusted: lines may be missing, doubled, of
another day, or net of a fee; all of them are kept as they are, and reconciliation says what is wrong with them.
"""

from __future__ import annotations

import csv
import hashlib
import io
from dataclasses import dataclass
from datetime import date

from chezhe.finmath.money import Money, parse
from chezhe.kernel import outside
from chezhe.payments.vendors.bank.client import SERVICE, TIMEOUT_SECONDS

HEADINGS = ("交易日期", "订单号", "渠道流水号", "类型", "金额", "手续费")
KINDS = {"payout": "付款", "return": "退回"}


class Garbled(Exception):
    """The file is not what the channel promised; nothing of it is taken."""


@dataclass(frozen=True, slots=True)
class SettlementLine:
    """One line as the file says it: `amount` is what was paid, positive whatever its kind."""

    row_number: int
    kind: str
    reference: str
    serial: str
    done_on: date
    amount: Money
    fee: Money


@dataclass(frozen=True, slots=True)
class SettlementFile:
    """A whole file; the digest makes taking it in twice harmless."""

    day: date
    name: str
    digest: str
    lines: tuple[SettlementLine, ...]


def fetch(day: date) -> SettlementFile | None:
    """The file of a day; None while the channel has not made it. Raises outside.Unreachable or Garbled."""
    reply = outside.post(SERVICE, "/settlement", {"day": day.isoformat()}, timeout_seconds=TIMEOUT_SECONDS)
    if reply.status == 404 and reply.body.get("code") == "NOT_READY":
        return None
    if not reply.is_ok:
        raise outside.Unreachable(f"bank refused the settlement file: {reply.status}")
    content, digest = str(reply.body.get("content", "")), str(reply.body.get("sha256", ""))
    if hashlib.sha256(content.encode()).hexdigest() != digest:
        raise Garbled("the digest does not fit the content")
    return SettlementFile(day, str(reply.body.get("name", ""))[:120], digest, tuple(read(content)))


def read(content: str) -> list[SettlementLine]:
    """Every line, or Garbled: a file that can be read in part is not read at all."""
    rows = list(csv.reader(io.StringIO(content)))
    if not rows or tuple(rows[0]) != HEADINGS:
        raise Garbled("the headings are others")
    return [_line(number, row) for number, row in enumerate(rows[1:], start=2) if row]


def _line(number: int, row: list[str]) -> SettlementLine:
    kinds = {word: kind for kind, word in KINDS.items()}
    try:
        day, reference, serial, word, amount, fee = (cell.strip() for cell in row)
        line = SettlementLine(number, kinds[word], reference[:60], serial[:64], date.fromisoformat(day), parse(amount), parse(fee))
    except (ValueError, KeyError) as failure:
        raise Garbled(f"row {number}") from failure
    if line.amount.fen <= 0 or line.fee.fen < 0 or not line.reference:
        raise Garbled(f"row {number}")
    return line
