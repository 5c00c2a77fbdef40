"""Money that a clerk registers for a loan, whatever it is for."""

from __future__ import annotations

from datetime import date

from django.utils.translation import gettext_lazy as _

from chezhe.kernel import business_date
from chezhe.kernel.actor import Actor
from chezhe.kernel.composed import answers
from chezhe.kernel.errors import BusinessError, Invalid
from chezhe.payments import queries as payment_queries
from chezhe.servicing import checkpoints, queries, references, steps
from chezhe.servicing.models import Loan, LoanEvent
from chezhe.servicing.receipts import CounterReceipt
from chezhe.servicing.states import LOAN


class ReceiptOnStatement(BusinessError):
    code = "receipt_on_statement"
    field = "reference"
    sentence = _("流水号 %(serial)s 的收款已由银行流水导入，请到“挂账待认领”为它认领贷款，不要重复登记。")


def require_untold(receipt: CounterReceipt) -> None:
    """Raises ReceiptOnStatement (409) for a transfer that the bank's statement has brought already."""
    serial = receipt.reference.strip()
    if receipt.channel == "bank" and receipt.amount and payment_queries.on_statement(serial).answer():
        raise ReceiptOnStatement(serial=serial)


def hold(receipt: CounterReceipt) -> None:
    """Nobody books this transfer from a bank's file until the transaction ends. Before the loan is locked (`references.hold_transfers`)."""
    if receipt.channel == "bank":
        references.hold_transfer(receipt.reference.strip())


def take(loan_number: str, receipt: CounterReceipt, *, kind: str, verb: str, by: Actor) -> LoanEvent:
    """Take in a receipt of one kind with its own date, which the loan must allow by `verb`; the same slip again is harmless.

    Raises NotFound (404), Invalid (422) for what is wrong on its face or of another kind, WrongState (409), ReceiptOnStatement (409)
    when the bank's statement has brought this very transfer, and what `queries.require_day` raises.
    """
    hold(receipt)
    loan = queries.locked(loan_number, by)
    today, seen = judge(loan, receipt, kind=kind, verb=verb)
    return steps.take_in(loan, receipt.money, today=today, by=by, seen=seen)


def judge(loan: Loan, receipt: CounterReceipt, *, kind: str, verb: str) -> tuple[date, references.Seen]:
    """The business date, and what was seen of the loan and the slip. Raises what `take` raises for what is no such receipt."""
    receipt.require_complete()
    if receipt.kind != kind:
        raise Invalid(field="kind", code="receipt_kind_wrong", sentence=_("这不是这一类款项。"))
    money, serial = receipt.money, receipt.reference.strip()
    today, is_told, is_used, position = answers(
        business_date.question(), payment_queries.on_statement(serial), references.used(money.reference), checkpoints.question(loan))
    is_told = is_told and receipt.channel == "bank"
    if (is_told or not LOAN.allows(loan.status, verb)) and references.standing_receipt(money.reference) is None:
        LOAN.require(loan.status, verb)
        raise ReceiptOnStatement(serial=serial)
    queries.require_day(loan, receipt.paid_on, today)
    return today, references.Seen(is_used, position)
