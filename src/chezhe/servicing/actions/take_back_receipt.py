"""The bank has taken a receipt back."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from chezhe.kernel import business_date
from chezhe.kernel.action import action
from chezhe.kernel.actor import Actor
from chezhe.payments.models import BankLine, Tally
from chezhe.payments.reconciliation import taking_back
from chezhe.servicing import bank_lines, permissions, reversals
from chezhe.servicing.models import Loan


@action(permissions.REVERSE, label=_("按银行冲回冲正还款"))
def take_back_receipt(*, tally_number: str, bank_serial: str, reason: str, by: Actor) -> BankLine:
    """Reverse the repayment that a receipt paid, and let the receipt leave suspense: the bank no longer has the money.

    A receipt that had found no loan yet only leaves suspense. Raises NotTakenBack, AmountOther, WrongState (409), NotFound (404),
    Invalid (422) without a reason.
    """
    tally = Tally.objects.visible_to(by).lock(tally_number)
    reason = reversals.require_reason(reason)
    receipt = BankLine.objects.visible_to(by).lock(bank_serial)
    paid = bank_lines.event_of(bank_serial)
    if paid is not None:
        loan = Loan.objects.visible_to(by).lock(paid.loan.number)
        reversals.take_back(loan, paid, reason=reason, today=business_date.current(), by=by)
        bank_lines.let_go(paid, receipt, reason=reason, by=by)
    taking_back.take_back(receipt, tally, by=by)
    return receipt
