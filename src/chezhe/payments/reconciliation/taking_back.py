"""The bank takes a receipt back: the money leaves suspense again, and both lines of the statement lie in one tally."""

from __future__ import annotations

from datetime import timedelta

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from chezhe.identifiers import numbers as written
from chezhe.kernel import locks
from chezhe.kernel.actor import Actor
from chezhe.kernel.errors import BusinessError
from chezhe.payments.models import BankLine, StatementLine, Tally
from chezhe.payments.reconciliation import leaving

DAYS_BACK, SHOWN_MAX = 92, 20


class NotTakenBack(BusinessError):
    code = "line_takes_nothing_back"
    sentence = gettext_lazy("这项对账里没有银行冲回收款的流水。")


class AmountOther(BusinessError):
    code = "taken_back_amount_differs"
    field = "bank_serial"
    sentence = gettext_lazy("银行冲回 %(back)s 元，所选收款是 %(amount)s 元，不是同一笔。")


def line_of(tally: Tally) -> StatementLine:
    """The bank's line that takes a receipt back. Raises NotTakenBack (409) when there is none, or it has been dealt with."""
    items = tally.items.filter(statement_line__takes_back=True).select_related("statement_line")
    item = items.first() if tally.kind else None
    if item is None or item.statement_line is None:
        raise NotTakenBack()
    return item.statement_line


def key_of(number: str) -> int:
    """The id behind a tally's number."""
    return written.judge(written.normalise(number)).sequence


def candidates(line: StatementLine) -> list[BankLine]:
    """Receipts that it may be about: the one with its number, else those of the same sum before it, the likeliest first."""
    rows = BankLine.objects.exclude(status="returned").filter(value_on__lte=line.value_on, amount=-line.amount)
    same = list(rows.filter(bank_serial=line.bank_serial))
    if same:
        return same
    found = list(rows.filter(value_on__gte=line.value_on - timedelta(days=DAYS_BACK)).order_by("-value_on", "-id")[:SHOWN_MAX])
    return sorted(found, key=lambda row: (row.payer_tail != line.party_tail or not row.payer_tail, row.payer_name != line.party_name))


def require_same(receipt: BankLine, tally: Tally) -> StatementLine:
    """The bank's line, if it is about this very sum. Raises NotTakenBack or AmountOther (409)."""
    line = line_of(tally)
    if receipt.amount != -line.amount:
        raise AmountOther(back=-line.amount, amount=receipt.amount)
    return line


def take_back(receipt: BankLine, tally: Tally, *, by: Actor) -> None:
    """Book that a locked receipt, which waits in suspense, has left our account again. Raises AmountOther, WrongState (409)."""
    line = require_same(receipt, tally)
    locks.hold("payments.reconcile")
    leaving.leave(receipt, "take_back", outcome=_("银行于 %(on)s 冲回") % {"on": line.value_on}, memo=line.bank_serial, by=by)
    leaving.bring_together(receipt, tally, by=by)
