"""The borrower pays."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext_lazy as _

from chezhe.finmath.money import Money
from chezhe.kernel import business_date
from chezhe.kernel.action import action
from chezhe.kernel.actor import Actor
from chezhe.kernel.errors import BusinessError, Invalid
from chezhe.ledger import chart
from chezhe.servicing import permissions, steps
from chezhe.servicing.models import Loan, LoanEvent
from chezhe.servicing.states import LOAN


class PaidInFuture(BusinessError):
    code = "paid_in_future"
    http_status = 422
    field = "paid_on"
    sentence = _("到账日 %(paid_on)s 晚于业务日期 %(today)s，请核对日期。")


class PaidBeforePayout(BusinessError):
    code = "paid_before_payout"
    http_status = 422
    field = "paid_on"
    sentence = _("到账日 %(paid_on)s 早于放款日 %(paid_out_on)s，请核对日期或贷款编号。")


@dataclass(frozen=True, slots=True, kw_only=True)
class CounterReceipt:
    """Money taken at the counter or seen on the bank's screen: `channel` is cash or bank."""

    amount: Money
    paid_on: date
    channel: str
    reference: str
    payer: str = ""
    memo: str = ""


@action(permissions.RECORD_REPAYMENT)
def record_repayment(*, loan_number: str, receipt: CounterReceipt, by: Actor) -> LoanEvent:
    """Take in a payment and spread it in the contract's order; a late-found one is replayed from its own day."""
    loan = Loan.objects.visible_to(by).lock(loan_number)
    LOAN.require(loan.status, "repay")
    today = business_date.current()
    if receipt.amount.fen <= 0:
        raise Invalid(field="amount", code="amount_not_positive", sentence=_("还款金额须大于 0。"))
    if receipt.paid_on > today:
        raise PaidInFuture(paid_on=receipt.paid_on, today=today)
    if receipt.paid_on < loan.paid_out_on:
        raise PaidBeforePayout(paid_on=receipt.paid_on, paid_out_on=loan.paid_out_on)
    return steps.take_in(loan, _money(receipt, loan), today=today, by=by)


def _money(receipt: CounterReceipt, loan: Loan) -> steps.MoneyIn:
    source = chart.CASH if receipt.channel == "cash" else chart.BANK
    reference = f"counter/{receipt.channel}/{receipt.reference or loan.number}"
    return steps.MoneyIn(amount=receipt.amount, value_on=receipt.paid_on, source=source, reference=reference,
                         payer=receipt.payer, memo=receipt.memo)
